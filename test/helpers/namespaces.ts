/**
 * Tests that change the network of the host, in a network of their own: the file runs once more in namespaces that go
 * with it, so that the host's devices, addresses and rules are not touched.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { boundToUs } from "../../src/host/bound-process.ts";

const marker = "TSVIRT_TEST_NAMESPACES";

/** With these namespaces everything in them ends, as they do when this process ends: networks whose test failed as well. */
const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** What the child does before the tests: a view of its own devices in /sys. The shell stays, to bury what others leave. */
const prepare = 'mount -t sysfs sysfs /sys && ip link set lo up && "$@"';

/** A command line that does so, and then runs a program. */
const inOwn = (program: readonly string[]) =>
  boundToUs("unshare", [...namespaces, "sh", "-c", `${prepare}; exit $?`, "sh", ...program]);

/** Why namespaces of its own cannot be had, or false. */
function whyNot(): string | false {
  if (process.geteuid?.() !== 0) return "namespaces of its own need root";
  const probe = spawnSync(...inOwn(["true"]));
  return probe.status === 0 ? false : "namespaces of its own cannot be made here";
}

/**
 * Defines tests that run in namespaces of their own. To the outside they are one test, whose output is theirs.
 * @param url the test file's `import.meta.url`
 * @param define defines them; `false` to skip, or why, goes to each
 */
export function inNamespaces(url: string, define: () => void): void {
  const file = fileURLToPath(url);
  if (process.env[marker] === file) {
    define();
    return;
  }
  const skip = whyNot();
  test("in a network of its own", { skip }, async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const [command, args] = inOwn([process.execPath, ...process.execArgv, file]);
    const child = spawn(command, args, { env: { ...env, [marker]: file }, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`tests in namespaces failed:\n${output}`);
  });
}

/** Why a test is skipped where a program is not installed, or false. */
export function skipWithout(...programs: string[]): string | false {
  const missing = programs.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return missing.length === 0 ? false : `not installed: ${missing.join(", ")}`;
}
