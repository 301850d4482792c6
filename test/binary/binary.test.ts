/** The shell as one executable file: it is built, stands alone, and does what the shell on Node.js does. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type Outcome, tsvirt } from "../../src/cli/virsh.test.support.ts";
import { projectRoot } from "../helpers/project.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { comparable } from "../interop/virsh/outcome.ts";

const run = promisify(execFile);
const test0 = "test:///default";

interface Input {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const terminalMissing = existsSync("/usr/bin/script") ? false : "there is no program `script`";

describe("the shell in one file", () => {
  let folder = "";
  let program = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsvirt-binary-"));
    await run(process.execPath, [join(projectRoot, "scripts/build-bin.mjs"), folder]);
    // Elsewhere, so that nothing is found beside it.
    program = join(folder, "tsvirt");
    // What Bun would read in the folder that one stands in must not matter.
    await writeFile(join(folder, ".env"), "LIBVIRT_DEFAULT_URI=bogus:///x\n");
    await writeFile(join(folder, "bunfig.toml"), 'preload = ["./nosuch.ts"]\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function binary(argv: readonly string[], { stdin = "", env: added = {} }: Input = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH, HOME: folder, ...added };
      const child = execFile(program, [...argv], { cwd: folder, env, timeout: 180_000 }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") reject(error);
        else resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
      });
      child.stdin?.end(stdin);
    });
  }

  const lines = [
    ["-v"],
    ["help"],
    ["help", "define"],
    ["bogus"],
    ["-c", "bogus:///x", "list"],
    ["-c", test0, "list; dominfo test; domstate nosuch"],
    ["-c", test0, "-q", "dumpxml test; capabilities; pool-list; vol-list default-pool; net-dumpxml default"],
    ["-c", test0, "dumpxml test --xpath //memory; list --json; domstats --raw"],
    ["-c", test0, "-r", "destroy test"],
    ["-c", test0, "complete", "--", "dominfo", "t"],
  ];
  for (const argv of lines) {
    test(argv.join(" "), async () => {
      assert.deepEqual(comparable(await binary(argv)), comparable(await tsvirt(argv)));
    });
  }

  test("a daemon is asked over its socket", async (t) => {
    const daemon = await Tsvirtd.start(t);
    const argv = ["-c", daemon.uri(), "list --all; net-dumpxml default; event --all --timeout 1; dominfo nosuch"];
    assert.deepEqual(comparable(await binary(argv)), comparable(await tsvirt(argv)));
  });

  test("an editor is started, and what it wrote is taken", async () => {
    const env = { EDITOR: "sed -i s/>8388608</>4194304</" };
    const argv = ["-c", test0, "edit test; dumpxml test --inactive --xpath //memory"];
    const edited = await binary(argv, { env });
    assert.match(edited.stdout, /edited[\s\S]*4194304/);
  });

  test("a person at a terminal: line editing, completion, history", {
    skip: terminalMissing,
    timeout: 180_000,
  }, async (t) => {
    const child = spawn("script", ["-qec", `${program} -c ${test0}`, "/dev/null"], {
      env: { PATH: process.env.PATH, HOME: folder, TERM: "xterm" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    t.after(() => child.kill());
    // Each key is pressed when what the one before it did is to be seen.
    const keys: [seen: RegExp, typed: string][] = [
      [/tsvirt # /, "domst\t"],
      [/domstat/, "\t"],
      [/domstate\s+domstats\s[\s\S]*# domstat/, "\x15domstate te\t"],
      [/domstate test /, "\r"],
      [/running\s+.*tsvirt # /, "quit\r"],
    ];
    let seen = "";
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      seen += chunk;
      const [next] = keys;
      if (next?.[0].test(seen) !== true) continue;
      keys.shift();
      seen = "";
      child.stdin.write(next[1]);
    }
    assert.deepEqual(keys, [], seen);
  });

  test("a session on standard input", async () => {
    const stdin = "suspend test\ndomstate test\nundefine nosuch\nquit\n";
    assert.deepEqual(await binary(["-c", test0], { stdin }), await tsvirt(["-c", test0], { stdin }));
  });
});
