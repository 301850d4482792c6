/** Whoever opens qemu:///system as root where there is no daemon starts the machine's: in a machine's folders of its own. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../helpers/project.ts";

const namespaces = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

function whyNot(): string | false {
  if (process.geteuid?.() !== 0) return "the machine's daemon is root's";
  return spawnSync("unshare", [...namespaces, "true"]).status === 0
    ? false
    : "namespaces of its own cannot be made here";
}

test("ten first ones who open qemu:///system as root start one daemon, at the usual place", {
  skip: whyNot(),
}, async () => {
  const script = join(projectRoot, "test", "session", "system.sh");
  const words = [...namespaces, "sh", script, join(projectRoot, "bin", "tsvirt")];
  const { stdout } = await promisify(execFile)("unshare", words, { timeout: 180_000 });
  assert.match(stdout, /^told: qemu:\/\/\/system$/m);
  assert.match(stdout, /^daemons: 1$/m);
  assert.match(stdout, /^Running against daemon: 9\.0\.0$/m);
  assert.match(stdout, /^libvirt-sock$/m);
  if (existsSync("/usr/bin/virsh")) assert.match(stdout, /^virsh: qemu:\/\/\/system$/m);
});
