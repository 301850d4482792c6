/** The example of docs/bindings.md: a binding in Ruby, made from `api.xml`, on both daemons. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { documentOf, filesOf } from "../../../tools/api/files.ts";
import { projectRoot } from "../../helpers/project.ts";
import { runClient, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../../remote/libvirtd.ts";

const run = promisify(execFile);
const ruby = "/usr/bin/ruby";
const skip = existsSync(ruby) ? false : `${ruby} is not there`;
const official = existsSync("/usr/lib/ruby/vendor_ruby/libvirt.rb");
const calls = join(projectRoot, "test", "bindings", "ruby", "calls.rb");
const document = () => filesOf(documentOf(projectRoot))["api.xml"];

/** The generator's output for a document. */
async function generated(folder: string, text: string): Promise<string> {
  const path = join(folder, "api.xml");
  writeFileSync(path, text);
  const { stdout } = await run(ruby, ["-w", join(projectRoot, "bindings", "ruby", "generate.rb"), path], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

/** The binding as a person has it who has run the generator. */
async function binding(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tsvirt-ruby-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(projectRoot, "bindings", "ruby"), folder, { recursive: true });
  writeFileSync(join(folder, "lib", "tsvirt", "api.rb"), await generated(folder, document()));
  return folder;
}

type Answers = ReadonlyMap<string, unknown>;

async function answers(module: string, uri: string): Promise<Answers> {
  const { code, stdout, stderr } = await runClient(ruby, ["-w", calls, module, uri]);
  assert.equal(code, 0, stderr);
  return new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, unknown]),
  );
}

/** What both modules answer. */
function shared(lines: Answers): unknown {
  return [...lines].filter(([question]) => question !== "events");
}

test("the example speaks to both daemons, and is answered as libvirt's module for Ruby", { skip }, async (t) => {
  const folder = await binding(t);
  const ours = await Tsvirtd.start(t);
  const uris = [ours.uri()];
  const reason = withoutLibvirtd();
  if (reason === false) {
    const theirs = await Libvirtd.start();
    t.after(() => theirs.stop());
    uris.push(theirs.uri());
  } else t.diagnostic(`without the C daemon: ${reason}`);
  for (const uri of uris) {
    const got = await answers(folder, uri);
    assert.deepEqual(got.get("names"), ["test"]);
    assert.deepEqual(
      (got.get("events") as unknown[][]).map(([name, event]) => [name, event]),
      [
        ["test", 3],
        ["test", 4],
      ],
    );
    if (official) assert.deepEqual(shared(got), shared(await answers("libvirt", uri)));
    else t.diagnostic("without libvirt's module for Ruby");
  }
});

test("the example program tells what there is and what happens", { skip }, async (t) => {
  const folder = await binding(t);
  const daemon = await Tsvirtd.start(t);
  const child = execFile(ruby, ["-w", join(folder, "example.rb"), daemon.uri()]);
  t.after(() => child.kill());
  let text = "";
  const listens = new Promise<void>((resolve) => {
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("test runs\n")) resolve();
    });
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await Promise.race([listens, ended]);
  // The list is printed when the program listens already.
  for (const words of [
    ["suspend", "test"],
    ["resume", "test"],
    ["undefine", "test"],
  ]) {
    assert.equal((await daemon.virsh(words)).code, 0);
  }
  assert.equal(await ended, 0);
  assert.equal(text, "test runs\ntest suspended\ntest resumed\ntest undefined\n");
});

test("the generator stops with the name of what it does not know", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tsvirt-ruby-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const text = document();
  const changes: readonly (readonly [from: string, to: string, named: RegExp])[] = [
    ["<programs>", "<novelties/>\n<programs>", /element 'novelties'/],
    ["<limits>", '<limits since="1.0.0">', /attribute 'since' of 'limits'/],
    ["<uhyper/>", "<quad/>", /element 'quad'/],
    ['role="opaque"', 'role="murky"', /role 'murky'/],
    ['kind="attribute"', 'kind="quality"', /kind 'quality'/],
  ];
  await Promise.all(
    changes.map(async ([from, to, named], at) => {
      const changed = text.replace(from, to);
      assert.notEqual(changed, text);
      const place = join(folder, String(at));
      cpSync(join(projectRoot, "bindings", "ruby", "README.md"), join(place, "README.md"));
      await assert.rejects(generated(place, changed), (error: { readonly stderr: string; readonly stdout: string }) => {
        assert.match(error.stderr, named);
        assert.equal(error.stdout, "");
        return true;
      });
    }),
  );
});

test("a daemon that goes is an error of the example", { skip }, async (t) => {
  const folder = await binding(t);
  const socket = join(folder, "socket");
  const server = createServer((client) => client.once("data", () => client.end())).listen(socket);
  t.after(() => server.close());
  const program = `require File.join(ARGV[0], "lib", "tsvirt")
    begin
      Tsvirt.open("test+unix:///default?socket=#{ARGV[1]}")
    rescue Tsvirt::Error => e
      puts "#{e.code} #{e.domain} #{e.message}"
    end`;
  const { stdout, stderr } = await runClient(ruby, ["-w", "-e", program, folder, socket]);
  assert.equal(stdout, "39 7 the daemon has gone\n", stderr);
});
