/** Hypercalls to a real hypervisor, compared with what Xen's own tools say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatUuid } from "../../../src/driver/object-list.ts";
import { HostCapability, Hypervisor } from "../../../src/drivers/xen/hypervisor/index.ts";
import { isNativeError } from "../inside/native-error.ts";
import { makePaused, xl } from "../inside/xl.ts";

const opened = await Hypervisor.open();
if (typeof opened === "string") throw new Error(`no hypervisor: ${opened}`);
const hypervisor = opened;

async function said(name: string): Promise<string> {
  const line = (await xl("info")).split("\n").find((one) => one.split(":")[0]?.trim() === name);
  return line?.slice(line.indexOf(":") + 1).trim() ?? "";
}

test("the version of the interface is found whichever is tried first", async (t) => {
  const { sysctl, domctl } = hypervisor.interfaceVersions;
  const other = await Hypervisor.open({ sysctl: [sysctl + 1, sysctl - 1, sysctl], domctl: [domctl + 1, domctl] });
  assert.ok(typeof other !== "string", String(other));
  t.after(() => other.close());
  assert.deepEqual(other.interfaceVersions, { sysctl, domctl });
  const none = await Hypervisor.open({ sysctl: [1, 2] });
  assert.match(String(none), /speaks none of the versions of its sysctl that are known here: 0x1, 0x2/);
});

test("version, capabilities, scheduler and command line are what xl says", async () => {
  const { major, minor, extra } = hypervisor.version();
  assert.equal(`${major}.${minor}${extra}`, await said("xen_version"));
  assert.equal(hypervisor.capabilities(), await said("xen_caps"));
  assert.equal(hypervisor.scheduler(), await said("xen_scheduler"));
  assert.equal(hypervisor.commandLine(), await said("xen_commandline"));
});

test("the host is what xl says", async () => {
  const host = hypervisor.host();
  assert.equal(String(host.cpus), await said("nr_cpus"));
  assert.equal(String(host.coresPerSocket), await said("cores_per_socket"));
  assert.equal(String(host.threadsPerCore), await said("threads_per_core"));
  assert.equal((Number(host.cpuKhz) / 1000).toFixed(3), await said("cpu_mhz"));
  assert.equal(String(host.totalMemory >> 10n), await said("total_memory"));
  const free = Number(await said("free_memory"));
  assert.ok(Math.abs(Number(hypervisor.host().freeMemory >> 10n) - free) < 16, `xl says ${free} MiB are free`);
  assert.ok((host.capabilities & HostCapability.PV) !== 0 && (host.capabilities & HostCapability.HVM) !== 0);
});

test("a domain is described, paused, tuned and ended", async () => {
  const id = await makePaused("hyper", ['uuid="00112233-4455-6677-8899-aabbccddeeff"', "maxmem=160"]);
  const domain = () => hypervisor.domain(id) ?? assert.fail("it has gone");
  assert.equal(formatUuid(domain().uuid), "00112233-4455-6677-8899-aabbccddeeff");
  assert.deepEqual([domain().isPaused, domain().isHvm, domain().vcpus, domain().shutdown], [true, false, 1, null]);
  assert.equal(domain().memory, 131072n);
  assert.deepEqual(
    hypervisor.domains().map((one) => one.id),
    [0, id],
  );

  hypervisor.setMaxMemory(id, 200n * 1024n);
  assert.equal(domain().maxMemory, 200n * 1024n);

  const share = hypervisor.share(id);
  assert.deepEqual(share, { weight: 256, cap: 0 });
  hypervisor.setShare(id, { weight: 300, cap: 50 });
  assert.deepEqual(hypervisor.share(id), { weight: 300, cap: 50 });
  assert.match(await xl("sched-credit2", "-d", "hyper"), /hyper +\d+ +300 +50/);

  const { cpus } = hypervisor.host();
  assert.deepEqual(
    hypervisor.affinity(id, 0, cpus),
    Array.from({ length: cpus }, (_, cpu) => cpu),
  );
  hypervisor.setAffinity(id, 0, [0], cpus);
  assert.deepEqual(hypervisor.affinity(id, 0, cpus), [0]);
  assert.deepEqual(hypervisor.vcpu(id, 0)?.isOnline, true);
  assert.equal(hypervisor.vcpu(id, 7), null);

  hypervisor.unpause(id);
  assert.equal(domain().isPaused, false);
  hypervisor.pause(id);
  assert.equal(domain().isPaused, true);
  hypervisor.destroy(id);
  await xl("destroy", "hyper").catch(() => {});
  assert.equal(hypervisor.domain(id)?.isDying ?? true, true);
});

test("what is not there is said by the hypervisor's own error", () => {
  assert.equal(hypervisor.domain(4711), null);
  assert.throws(
    () => hypervisor.pause(4711),
    (error) => isNativeError(error, "ESRCH"),
  );
});

test("a way that is closed is no way", async () => {
  const other = await Hypervisor.open();
  assert.ok(typeof other !== "string");
  other.close();
  assert.throws(() => other.domains(), /hypercall/);
});

test("without the right there is no hypervisor, and it is said why", async (t) => {
  process.seteuid?.(65534);
  t.after(() => process.seteuid?.(0));
  const refused = await Hypervisor.open();
  process.seteuid?.(0);
  assert.match(String(refused), /cannot be opened: EACCES/);
});
