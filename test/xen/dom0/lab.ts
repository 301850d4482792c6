/** The lab itself: a host on a real Xen, with what the other files need. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

test("this is the first domain of a real Xen", () => {
  assert.match(readFileSync("/sys/hypervisor/type", "utf8"), /^xen/);
  assert.match(readFileSync("/proc/xen/capabilities", "utf8"), /control_d/);
  assert.ok(existsSync("/run/xenstored/socket"));
  const list = execFileSync("xl", ["list"], { encoding: "utf8" });
  assert.match(list, /^Domain-0 +0 +\d+/m);
});
