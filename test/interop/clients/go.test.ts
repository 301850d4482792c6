/**
 * Programs in Go, by libvirt's own binding and by a client that speaks the wire itself: each runs on tsvirtd and on the C
 * libvirtd, and cannot tell which of the two it talks to. Debian's compiler is large, so it is used where it is there.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { withoutLibvirtd } from "../../remote/libvirtd.ts";
import { type Household, startCHousehold, startHousehold } from "./guest.ts";

const run = promisify(execFile);
const compiler = "/usr/bin/go";
/** Where Debian's packages put the sources. */
const sources = "/usr/share/gocode";

const programs = [
  {
    folder: "go-libvirt",
    from: "golang-github-libvirt-libvirt-go-dev",
    source: "src/github.com/libvirt/libvirt-go/connect.go",
    answer: ["missing", 42],
  },
  {
    folder: "go-pure",
    from: "golang-github-digitalocean-go-libvirt-dev",
    source: "src/github.com/digitalocean/go-libvirt/libvirt.go",
    answer: ["missing", true],
  },
] as const;

function missing(from: string, source: string): string | false {
  if (!existsSync(compiler)) return "golang-go is not installed";
  return existsSync(join(sources, source)) ? false : `${from} is not installed`;
}

async function answers(program: string, { qemu, test: uri }: Household) {
  const { code, stdout, stderr } = await runClient(program, [qemu, uri]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Record<string, unknown>;
}

const anything = programs.some(({ from, source }) => missing(from, source) === false);
const skip = withoutLibvirtd() || (anything ? false : "golang-go with libvirt's clients is not installed");

test("programs in Go cannot tell tsvirtd from libvirtd", { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-go-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const env = { ...process.env, GOPATH: sources, GO111MODULE: "off", GOFLAGS: "", GOCACHE: join(folder, "cache") };
  const ours = await startHousehold(t);
  const theirs = await startCHousehold(t);
  for (const { folder: name, from, source, answer } of programs) {
    await t.test(name, { skip: missing(from, source) }, async () => {
      const program = join(folder, name);
      await run(compiler, ["build", "-o", program, "."], {
        cwd: join(projectRoot, "test/interop/clients/programs", name),
        env,
      });
      const got = await answers(program, ours);
      assert.deepEqual(got[answer[0]], answer[1]);
      assert.deepEqual(got.events, [3, 4]);
      assert.deepEqual(got, await answers(program, theirs));
    });
  }
});
