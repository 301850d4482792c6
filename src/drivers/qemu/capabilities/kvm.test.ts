import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectKvm, judgeKvm, type KvmHost } from "./kvm.ts";

const good: KvmHost = { deviceError: null, cpuFlags: new Set(["svm"]), modules: ["kvm", "kvm_amd"], arch: "x64" };

test("a verdict names the reason and the remedy", () => {
  assert.deepEqual(judgeKvm(good, true), { state: "usable", reason: "" });
  const cases: [Partial<KvmHost>, boolean, string, RegExp][] = [
    [{}, false, "unusable", /built without KVM/],
    [{ deviceError: "EACCES" }, false, "unusable", /no permission .* group/],
    [{ deviceError: "ENOENT" }, false, "unusable", /load the kernel module/],
    [{ deviceError: "ENOENT", cpuFlags: new Set(["sse"]) }, false, "unusable", /turn it on in the firmware/],
    [{ deviceError: "EBUSY" }, false, "unusable", /EBUSY/],
    [
      { cpuFlags: new Set(["sse"]), modules: ["kvm", "kvm_pvm"] },
      true,
      "restricted",
      /'kvm_pvm'.*<domain type='qemu'>/,
    ],
  ];
  for (const [host, enabled, state, reason] of cases) {
    const verdict = judgeKvm({ ...good, ...host }, enabled);
    assert.equal(verdict.state, state);
    assert.match(verdict.reason, reason);
  }
});

test("architectures that list no flags are believed", () => {
  assert.equal(judgeKvm({ ...good, arch: "arm64", cpuFlags: new Set(), modules: [] }, true).state, "usable");
});

test("this host can be looked at", async () => {
  const host = await inspectKvm();
  assert.equal(host.arch, process.arch);
  if (process.arch === "x64") assert.ok(host.cpuFlags.has("fpu"));
});
