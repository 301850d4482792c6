import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";

const skip = existsSync("/usr/bin/setpriv") ? false : "setpriv is not installed";

/** Starts a process that would run for an hour, tells its number, and waits to be killed. */
const program = `
  import { spawn } from "node:child_process";
  const { boundToUs } = await import(process.argv[1]);
  const [command, args] = boundToUs("/usr/bin/sleep", ["3600"]);
  spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] }).once("spawn", () => process.stdout.write("up"));
  setInterval(() => {}, 1000);
`;

test("a bound process goes with the program that is killed", { skip, timeout: 180_000 }, async () => {
  const module = new URL("./bound-process.js", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, module], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [up] = await once(child.stdout, "data");
  assert.equal(String(up), "up");
  child.kill("SIGKILL");
  // The pipe is open as long as one of the two has it.
  await once(child, "close");
});
