import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { testRoot } from "../../../../test/helpers/qemu-driver.ts";
import { writeTinyGuest } from "../../../../test/helpers/tiny-guest.ts";
import { ullongParam } from "../../../driver/typed-parameters.ts";
import { type ErrorName, isLibvirtError } from "../../../errors.ts";
import { openTerminal } from "../../../host/pty.ts";
import type { TypedParameter } from "../../../protocol/index.ts";

const skip = skipWithoutQemu;

const imageSize = 1024n * 1024n;

/** A guest with a disk, a balloon, an I/O thread and room for processors. */
function xml(name: string, image: string): string {
  return (
    `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory>` +
    "<vcpu current='2'>4</vcpu><iothreads>1</iothreads>" +
    "<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>" +
    `<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${image}'/>` +
    "<target dev='vda' bus='virtio'/></disk><interface type='user'><mac address='52:54:00:11:22:33'/></interface>" +
    "<serial type='pty'/><controller type='usb' model='none'/><memballoon model='virtio'><stats period='5'/></memballoon></devices></domain>"
  );
}

async function startGuest(t: TestContext) {
  const { folder, open } = await testRoot(t);
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: xml("asked", image) });
  await router.call("domainCreate", { dom });
  return { router, image, dom: (await router.call("domainLookupByName", { name: "asked" })).dom };
}

/** Waits until the guest says something on its serial port. */
async function booted(t: TestContext, { xml: live }: { readonly xml: string }): Promise<void> {
  const terminal = await openTerminal(/<source path='([^']+)'\/>/.exec(live)?.[1] ?? "", "QEMU");
  t.after(() => terminal.destroy());
  await once(terminal, "data");
}

async function fails(call: () => unknown, code: ErrorName, message: RegExp): Promise<void> {
  await assert.rejects(
    async () => call(),
    (error) => {
      assert.ok(isLibvirtError(error, code), `expected ${code}, got ${String(error)}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

const valuesOf = (params: readonly TypedParameter[]) => new Map(params.map(({ field, value }) => [field, value.value]));

test("a running guest's numbers", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  const info = await router.call("domainGetInfo", { dom });
  assert.equal(info.state, 1);
  assert.equal(info.maxMem, 65_536n);
  assert.equal(info.nrVirtCpu, 2);
  assert.ok(info.cpuTime > 0n);
  assert.deepEqual(await router.call("domainGetOsType", { dom }), { type: "hvm" });
  assert.deepEqual(await router.call("domainGetMaxVcpus", { dom }), { num: 4 });
  assert.equal((await router.call("domainGetControlInfo", { dom, flags: 0 })).state, 0);
  const { stats } = await router.call("domainMemoryStats", { dom, maxStats: 20, flags: 0 });
  const memory = new Map(stats.map(({ tag, val }) => [tag, val]));
  assert.equal(memory.get(6), 65_536n);
  assert.ok((memory.get(7) ?? 0n) > 0n);
  const { params } = await router.call("domainGetCpuStats", { dom, nparams: 3, startCpu: -1, ncpus: 1, flags: 0 });
  const times = valuesOf(params);
  const [user, system] = [times.get("user_time"), times.get("system_time")] as [bigint, bigint];
  assert.equal(times.get("cpu_time"), user + system);
});

test("disks: counters, sizes, limits, thresholds, contents", { skip }, async (t) => {
  const { router, dom, image } = await startGuest(t);
  await booted(t, await router.call("domainGetXmlDesc", { dom, flags: 0 }));
  const path = "vda";
  const stats = await router.call("domainBlockStats", { dom, path });
  assert.ok(stats.rdBytes > 0n, "the firmware has read the boot sector");
  assert.deepEqual(await router.call("domainBlockStats", { dom, path: image }), stats);
  const { nparams } = await router.call("domainBlockStatsFlags", { dom, path, nparams: 0, flags: 0 });
  assert.equal(nparams, 8);
  const { params } = await router.call("domainBlockStatsFlags", { dom, path, nparams, flags: 0 });
  assert.equal(valuesOf(params).get("rd_bytes"), stats.rdBytes);
  await fails(() => router.call("domainBlockStats", { dom, path: "vdz" }), "INVALID_ARG", /invalid path/);

  const info = await router.call("domainGetBlockInfo", { dom, path, flags: 0 });
  assert.equal(info.capacity, imageSize);
  assert.equal(info.physical, imageSize);
  await router.call("domainBlockResize", { dom, disk: path, size: 2048n, flags: 0 });
  assert.equal((await router.call("domainGetBlockInfo", { dom, path, flags: 0 })).capacity, 2n * imageSize);

  const limits = [ullongParam("total_bytes_sec", 5_000_000n)];
  await router.call("domainSetBlockIoTune", { dom, disk: path, params: limits, flags: 3 });
  for (const flags of [1, 2]) {
    const told = await router.call("domainGetBlockIoTune", { dom, disk: path, nparams: 20, flags });
    assert.equal(valuesOf(told.params).get("total_bytes_sec"), 5_000_000n);
  }
  const { result } = await router.call("qemuDomainMonitorCommand", { dom, cmd: '{"execute":"query-block"}', flags: 0 });
  assert.match(result, /"bps":5000000/);
  const apart = [ullongParam("read_bytes_sec", 1000n)];
  await router.call("domainSetBlockIoTune", { dom, disk: path, params: apart, flags: 1 });
  const bad = [ullongParam("total_bytes_sec", 1n), ullongParam("read_bytes_sec", 1n)];
  const wrong = () => router.call("domainSetBlockIoTune", { dom, disk: path, params: bad, flags: 1 });
  await fails(wrong, "INVALID_ARG", /cannot be set at the same time/);

  await router.call("domainSetBlockThreshold", { dom, dev: "vda", threshold: 4096n, flags: 0 });
  const { buffer } = await router.call("domainBlockPeek", { dom, path, offset: 510n, size: 2, flags: 0 });
  assert.deepEqual([...buffer], [0x55, 0xaa]);
  assert.deepEqual(await router.call("domainGetDiskErrors", { dom, maxerrors: 8, flags: 0 }), {
    errors: [],
    nerrors: 0,
  });
});

test("an image that grows beyond its threshold is told", { skip }, async (t) => {
  const { folder, open } = await testRoot(t);
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  const told = new Map<string, unknown>();
  let done = (): void => {};
  const both = new Promise<void>((resolve) => {
    done = resolve;
  });
  const router = await open({
    sink: (name, message) => {
      if (name !== "domainEventBlockThreshold") return;
      const { dev, ...rest } = message as { dev: string; path: string; threshold: bigint; excess: bigint };
      told.set(dev, rest.threshold);
      if (told.size === 2) done();
    },
  });
  const { dom } = await router.call("domainCreateXml", { xmlDesc: xml("grows", image), flags: 1 });
  await router.call("connectDomainEventCallbackRegisterAny", { eventID: 24, dom: null });
  await router.call("domainSetBlockThreshold", { dom, dev: "vda", threshold: 4096n, flags: 0 });
  const write = 'qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend "write 8192 512"';
  await router.call("qemuDomainMonitorCommand", { dom, cmd: write, flags: 1 });
  await both;
  assert.deepEqual([...told.keys()].sort(), ["vda", "vda[1]"]);
  assert.equal(told.get("vda"), 4096n);
});

test("processors: plugged, pinned, told", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await router.call("domainSetVcpusFlags", { dom, nvcpus: 3, flags: 3 });
  for (const flags of [1, 2]) assert.deepEqual(await router.call("domainGetVcpusFlags", { dom, flags }), { num: 3 });
  const { info } = await router.call("domainGetVcpus", { dom, maxinfo: 8, maplen: 1 });
  assert.deepEqual(
    info.map(({ number }) => number),
    [0, 1, 2],
  );
  const tooMany = () => router.call("domainSetVcpusFlags", { dom, nvcpus: 5, flags: 1 });
  await fails(tooMany, "INVALID_ARG", /greater than max allowable/);
  await router.call("domainPinVcpuFlags", { dom, vcpu: 1, cpumap: Uint8Array.of(1), flags: 1 });
  const { cpumaps } = await router.call("domainGetVcpus", { dom, maxinfo: 8, maplen: 1 });
  assert.equal(cpumaps[1], 1, "the kernel says where the thread may run");
  const pins = await router.call("domainGetVcpuPinInfo", { dom, ncpumaps: 2, maplen: 1, flags: 1 });
  assert.equal(pins.cpumaps[1], 1);
  await router.call("domainPinEmulator", { dom, cpumap: Uint8Array.of(1), flags: 1 });
  assert.deepEqual([...(await router.call("domainGetEmulatorPinInfo", { dom, maplen: 1, flags: 1 })).cpumaps], [1]);
});

test("I/O threads come and go", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await router.call("domainAddIothread", { dom, iothreadId: 7, flags: 3 });
  const ids = async (flags: number) =>
    (await router.call("domainGetIothreadInfo", { dom, flags })).info.map(({ iothreadId }) => iothreadId);
  assert.deepEqual(await ids(1), [1, 7]);
  assert.deepEqual(await ids(2), [1, 7]);
  const params = [ullongParam("poll_max_ns", 50_000n)];
  await router.call("domainSetIothreadParams", { dom, iothreadId: 7, params, flags: 1 });
  const { retStats } = await router.call("connectGetAllDomainStats", { doms: [dom], stats: 128, flags: 0 });
  assert.equal(valuesOf(retStats[0]?.params ?? []).get("iothread.7.poll-max-ns"), 50_000n);
  await router.call("domainPinIothread", { dom, iothreadsId: 7, cpumap: Uint8Array.of(1), flags: 1 });
  await router.call("domainDelIothread", { dom, iothreadId: 7, flags: 3 });
  assert.deepEqual(await ids(1), [1]);
  await fails(() => router.call("domainDelIothread", { dom, iothreadId: 9, flags: 1 }), "INVALID_ARG", /cannot find/);
});

test("changes of the next start leave the running guest alone", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await router.call("domainSetMemoryFlags", { dom, memory: 40_960n, flags: 2 });
  assert.equal((await router.call("domainGetInfo", { dom })).memory, 65_536n);
  await fails(() => router.call("domainSetMemory", { dom, memory: 99_999n }), "INVALID_ARG", /higher than max/);
  await router.call("domainSetMemory", { dom, memory: 32_768n });
  await fails(() => router.call("domainSetMaxMemory", { dom, memory: 1n }), "OPERATION_INVALID", /active domain/);
  const change = { type: 1, metadata: "A title", key: null, uri: null };
  await router.call("domainSetMetadata", { dom, ...change, flags: 2 });
  const title = (flags: number) => router.call("domainGetMetadata", { dom, type: 1, uri: null, flags });
  assert.deepEqual(await title(2), { metadata: "A title" });
  await fails(() => title(1), "NO_DOMAIN_METADATA", /not present/);
  const weight = await router.call("domainGetMemoryParameters", { dom, nparams: 3, flags: 2 });
  assert.equal(weight.params.length, 3);
  await fails(
    () => router.call("domainGetMemoryParameters", { dom, nparams: 3, flags: 1 }),
    "OPERATION_INVALID",
    /cgroup memory/,
  );
});

test("statistics of all kinds at once", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await booted(t, await router.call("domainGetXmlDesc", { dom, flags: 0 }));
  await router.call("domainSetMemoryStatsPeriod", { dom, period: 2, flags: 1 });
  const { retStats } = await router.call("connectGetAllDomainStats", { doms: [], stats: 0, flags: 0 });
  const values = valuesOf(retStats[0]?.params ?? []);
  const expected = {
    "state.state": 1,
    "balloon.maximum": 65_536n,
    "balloon.current": 65_536n,
    "vcpu.current": 2,
    "vcpu.maximum": 4,
    "vcpu.1.state": 1,
    "net.count": 1,
    "block.count": 1,
    "block.0.name": "vda",
    "block.0.capacity": imageSize,
    "iothread.count": 1,
    "dirtyrate.calc_status": 0,
  };
  for (const [field, value] of Object.entries(expected)) assert.equal(values.get(field), value, field);
  for (const field of [
    "cpu.time",
    "balloon.rss",
    "vcpu.0.time",
    "vcpu.0.delay",
    "block.0.rd.reqs",
    "block.0.physical",
  ]) {
    assert.ok((values.get(field) as bigint) > 0n, field);
  }
  const chains = await router.call("connectGetAllDomainStats", { doms: [dom], stats: 32, flags: 0x4000_0000 });
  assert.equal(valuesOf(chains.retStats[0]?.params ?? []).get("block.0.backingIndex"), 1);
  const asked = await router.call("connectGetAllDomainStats", { doms: [dom], stats: 1, flags: 0 });
  assert.deepEqual([...valuesOf(asked.retStats[0]?.params ?? []).keys()], ["state.state", "state.reason"]);
});

test("commands are passed on, and a guest without an agent says so", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  const version = await router.call("qemuDomainMonitorCommand", { dom, cmd: '{"execute":"query-version"}', flags: 0 });
  assert.match(version.result, /^\{"return":\{.*"qemu"/);
  const unknown = await router.call("qemuDomainMonitorCommand", { dom, cmd: '{"execute":"no"}', flags: 0 });
  assert.match(unknown.result, /"CommandNotFound"/);
  const human = await router.call("qemuDomainMonitorCommand", { dom, cmd: "info version", flags: 1 });
  assert.match(human.result, /^\d+\.\d+/);
  await fails(() => router.call("domainGetTime", { dom, flags: 0 }), "ARGUMENT_UNSUPPORTED", /not configured/);
});

test("the host: what it is and which guests it runs", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const info = await router.call("nodeGetInfo", {});
  assert.ok(info.cpus >= 1 && info.memory > 0n);
  const { ret } = await router.call("nodeGetCpuMap", { needMap: 1, needOnline: 1, flags: 0 });
  assert.ok(ret >= info.cpus);
  const cpu = await router.call("nodeGetCpuStats", { cpuNum: -1, nparams: 4, flags: 0 });
  assert.deepEqual(
    cpu.params.map(({ field }) => field),
    ["kernel", "user", "idle", "iowait"],
  );
  await fails(() => router.call("nodeGetCpuStats", { cpuNum: -1, nparams: 3, flags: 0 }), "INVALID_ARG", /equal to 4/);
  const memory = await router.call("nodeGetMemoryStats", { cellNum: -1, nparams: 4, flags: 0 });
  assert.equal(memory.params[0]?.value, info.memory);
  const { capabilities } = await router.call("connectGetCapabilities", {});
  assert.match(capabilities, /<domain type='qemu'/);
  const question = { emulatorbin: null, arch: "x86_64", machine: "q35", virttype: "qemu", flags: 0 };
  const told = await router.call("connectGetDomainCapabilities", question);
  assert.match(told.capabilities, /<machine>pc-q35/);
  const wrong = () => router.call("connectGetDomainCapabilities", { ...question, machine: "nonesuch" });
  await fails(wrong, "INVALID_ARG", /nonesuch/);
  assert.ok((await router.call("connectGetVersion", {})).hvVer > 5_000_000n);
});

test("a document becomes the command line that would start it", { skip }, async (t) => {
  const { folder, open } = await testRoot(t);
  const router = await open();
  const question = { nativeFormat: "qemu-argv", domainXml: xml("written", join(folder, "none.img")), flags: 0 };
  const { nativeConfig } = await router.call("connectDomainXmlToNative", question);
  assert.match(nativeConfig, /\/qemu-system-x86_64 \\\n-name guest=written/);
  assert.match(nativeConfig, /\n-smp 2,maxcpus=4/);
  const wrong = () => router.call("connectDomainXmlToNative", { ...question, nativeFormat: "xen-xl" });
  await fails(wrong, "INVALID_ARG", /xen-xl/);
});
