import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";
import { affinityOf } from "../../../host/affinity.ts";
import { MONITOR_CHANNEL, type MonitorMessage } from "../monitor/transcript.ts";

const skip = skipWithoutQemu;

/** SCHED_BATCH and SCHED_IDLE of the kernel, field 41 of a thread's line. */
async function policyOf(pid: number, thread: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/task/${thread}/stat`, "utf8");
  return Number(line.slice(line.lastIndexOf(")") + 2).split(" ")[38]);
}

test("disks are limited and cables are out before a guest runs", { skip }, async (t) => {
  const { folder, open } = await testRoot(t);
  const image = async (name: string) => {
    const path = join(folder, name);
    await writeFile(path, "");
    await truncate(path, 1024 * 1024);
    return path;
  };
  const limited = (path: string, dev: string, limits: string): string =>
    `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/>` +
    `<target dev='${dev}' bus='virtio'/><iotune>${limits}</iotune></disk>`;
  const group = "<write_iops_sec>70</write_iops_sec><group_name>both</group_name>";
  const devices =
    limited(await image("a"), "vda", "<total_bytes_sec>5000000</total_bytes_sec>") +
    limited(await image("b"), "vdb", group) +
    limited(await image("c"), "vdc", group) +
    "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/>" +
    "<iotune><total_bytes_sec>5</total_bytes_sec></iotune></disk>" +
    "<interface type='user'><model type='virtio'/><link state='down'/></interface>" +
    "<interface type='user'><model type='virtio'/><link state='up'/></interface>";
  const sent: string[] = [];
  const note = (message: unknown): void => {
    const { direction, text } = message as MonitorMessage;
    if (direction === "out") sent.push(text);
  };
  subscribe(MONITOR_CHANNEL, note);
  t.after(() => unsubscribe(MONITOR_CHANNEL, note));
  const router = await open();
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("limited", "", devices), flags: 0 });
  const { result } = await router.call("qemuDomainMonitorCommand", { dom, cmd: '{"execute":"query-block"}', flags: 0 });
  const drives = JSON.parse(result).return.map(({ inserted }: { inserted?: object }) => inserted ?? {});
  assert.deepEqual(
    drives.map(({ bps, iops_wr, group }: Record<string, unknown>) => [bps, iops_wr, group]),
    [
      [5_000_000, 0, "drive-virtio-disk0"],
      [0, 70, "both"],
      [0, 70, "both"],
      [undefined, undefined, undefined],
    ],
  );
  const cables = sent.filter((text) => text.includes('"set_link"'));
  assert.deepEqual(
    cables.map((text) => JSON.parse(text).arguments),
    [{ name: "net0", up: false }],
  );
  const place = (text: string) => sent.findIndex((line) => line.includes(text));
  assert.ok(place('"set_link"') < place('"cont"') && place('"block_set_io_throttle"') < place('"cont"'));
});

test("processors that are listed as pluggable are plugged in in their order", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const vcpus =
    "<vcpu current='3'>4</vcpu><vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>" +
    "<vcpu id='1' enabled='yes' hotpluggable='yes' order='3'/><vcpu id='2' enabled='no' hotpluggable='yes'/>" +
    "<vcpu id='3' enabled='yes' hotpluggable='yes' order='2'/></vcpus>";
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("plugged", vcpus), flags: 0 });
  const cmd = '{"execute":"query-hotpluggable-cpus"}';
  const { result } = await router.call("qemuDomainMonitorCommand", { dom, cmd, flags: 0 });
  const paths = JSON.parse(result).return.map((slot: Record<string, unknown>) => slot["qom-path"]);
  assert.deepEqual(paths.slice(0, 3), ["/machine/peripheral/vcpu3", undefined, "/machine/peripheral/vcpu1"]);
  assert.match(String(paths[3]), /^\/machine\/unattached\//);
});

test("threads run where and as the definition says from the start on", { skip }, async (t) => {
  if (availableParallelism() < 2) return t.skip("needs two processors");
  const { root, open } = await testRoot(t);
  const router = await open();
  const tuning =
    "<vcpu>1</vcpu><iothreads>1</iothreads><cputune><vcpupin vcpu='0' cpuset='1'/><emulatorpin cpuset='0'/>" +
    "<emulatorsched scheduler='idle'/><vcpusched vcpus='0' scheduler='batch'/></cputune>";
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("placed", tuning), flags: 0 });
  const { process: qemu } = JSON.parse(await readFile(join(root, "qemu", "status", "placed.json"), "utf8"));
  const { pid } = qemu;
  const ask = async (execute: string) => {
    const { result } = await router.call("qemuDomainMonitorCommand", {
      dom,
      cmd: JSON.stringify({ execute }),
      flags: 0,
    });
    return JSON.parse(result).return[0]["thread-id"] as number;
  };
  const [vcpu, iothread] = await Promise.all([ask("query-cpus-fast"), ask("query-iothreads")]);
  assert.deepEqual(await affinityOf(pid, pid), [0]);
  assert.deepEqual(await affinityOf(pid, vcpu), [1]);
  assert.deepEqual(await affinityOf(pid, iothread), await affinityOf(process.pid, process.pid));
  assert.equal(await policyOf(pid, pid), 5);
  assert.equal(await policyOf(pid, vcpu), 3);
});

test("a guest that cannot have the processor it is pinned to does not start", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const xml = guestXml("nowhere", "<vcpu>1</vcpu><cputune><vcpupin vcpu='0' cpuset='999'/></cputune>");
  await assert.rejects(async () => router.call("domainCreateXml", { xmlDesc: xml, flags: 0 }), /Invalid argument/);
  assert.equal((await router.call("connectListAllDomains", { needResults: 1, flags: 0 })).ret, 0);
});

test("disks of one group have the same limits", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const disk = (dev: string, limit: number): string =>
    `<disk type='file'><source file='/${dev}'/><target dev='${dev}' bus='virtio'/>` +
    `<iotune><total_iops_sec>${limit}</total_iops_sec><group_name>x</group_name></iotune></disk>`;
  const define = (other: number) =>
    router.call("domainDefineXml", { xml: guestXml("g", "", disk("vda", 1) + disk("vdb", other)) });
  await assert.rejects(async () => define(2), /unsupported configuration: different iotunes for disks vda and vdb/);
  await define(1);
});
