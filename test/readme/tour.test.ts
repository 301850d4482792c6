/** The README's tour, line by line, as somebody would type it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { skipWithoutQemu } from "../helpers/qemu.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** The shell commands of the tour, a block each. */
async function blocks(): Promise<string[]> {
  const readme = await readFile(join(project, "README.md"), "utf8");
  return [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

test("every line of the tour works", { skip: skipWithoutQemu }, async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tsvirt-tour-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  // Where root follows the tour, QEMU runs as somebody else, who must get at the image.
  await chmod(home, 0o755);
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, "data") };
  for (const block of await blocks()) {
    // A tour is typed into a shell: it is the shell that is tried here.
    // Bash takes Node's pipes for a remote login, for which it would read the user's own settings.
    const { stderr } = await run("bash", ["--norc", "-euo", "pipefail", "-c", block], {
      cwd: project,
      env,
      timeout: 180_000,
    });
    assert.equal(stderr, "");
  }
});
