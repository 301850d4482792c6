/** Every family of commands against a real QEMU: the shapes are what it answers, the arguments what it takes. */
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu, startQemu, temporaryFolder } from "../../../../../test/helpers/qemu.ts";
import { writeTinyGuest } from "../../../../../test/helpers/tiny-guest.ts";
import { failedWith } from "../errors.ts";
import { string } from "../shape.ts";
import * as block from "./block.ts";
import * as cpu from "./cpu.ts";
import * as device from "./device.ts";
import * as display from "./display.ts";
import * as job from "./job.ts";
import * as memory from "./memory.ts";
import * as migration from "./migration.ts";
import * as qom from "./qom.ts";
import * as run from "./run-state.ts";

const skip = skipWithoutQemu;
const MiB = 1024n * 1024n;

/** A QEMU with the tiny guest as its disk `vda`, node `disk`. */
async function startGuest(t: TestContext, ...args: string[]) {
  const folder = await temporaryFolder(t);
  const image = join(folder, "guest.img");
  await writeTinyGuest(image);
  const disk = [
    ...["-blockdev", `driver=file,filename=${image},node-name=file`],
    ...["-blockdev", "driver=raw,file=file,node-name=disk"],
    ...["-device", "virtio-blk-pci,drive=disk,id=vda,bootindex=1"],
  ];
  return { folder, image, ...(await startQemu(t, [...disk, ...args])) };
}

test("run state: pause, continue, reset, power button, end", { skip }, async (t) => {
  const { monitor, exited } = await startGuest(t, "-serial", "null");
  await run.setAction(monitor, { reboot: "reset", shutdown: "pause", panic: "none", watchdog: "pause" });
  await run.cont(monitor);
  assert.deepEqual(await run.queryStatus(monitor), { status: "running", running: true });
  await run.stop(monitor);
  assert.deepEqual(await run.queryStatus(monitor), { status: "paused", running: false });
  const reset = monitor.waitFor((event) => event.name === "RESET", "reset");
  await run.systemReset(monitor);
  assert.deepEqual((await reset).data, { guest: false, reason: "host-qmp-system-reset" });
  const button = monitor.waitFor((event) => event.name === "POWERDOWN", "power button");
  await run.systemPowerdown(monitor);
  await button;
  await run.rtcResetReinjection(monitor);
  await run.injectNmi(monitor);
  await assert.rejects(run.systemWakeup(monitor), /not in suspended state/);
  await run.quit(monitor);
  await exited;
});

test("processors, their places and models, I/O threads", { skip }, async (t) => {
  const { monitor } = await startQemu(t, ["-smp", "2,maxcpus=3,sockets=3", "-object", "iothread,id=io1,poll-max-ns=5"]);
  const cpus = await cpu.queryCpusFast(monitor);
  assert.deepEqual(
    cpus.map((c) => [c["cpu-index"], c.props?.["socket-id"]]),
    [
      [0, 0],
      [1, 1],
    ],
  );
  const slots = await cpu.queryHotpluggableCpus(monitor);
  assert.deepEqual(
    slots.map((s) => s["qom-path"] !== undefined),
    [false, true, true],
  );
  const [thread] = await cpu.queryIOThreads(monitor);
  assert.deepEqual([thread?.id, thread?.["poll-max-ns"]], ["io1", 5]);
  const model = await cpu.queryCpuModelExpansion(monitor, "full", { name: "Penryn", props: { x2apic: true } });
  assert.equal(model.props.x2apic, true);
});

test("memory: balloon, statistics, devices, dumps, dirty rate", { skip }, async (t) => {
  const { monitor, folder } = await startGuest(t, "-device", "virtio-balloon-pci,id=balloon0");
  assert.equal(await memory.queryBalloon(monitor), 32n * MiB);
  await memory.balloon(monitor, 16n * MiB);
  assert.equal((await memory.queryMemorySize(monitor))["base-memory"], 32n * MiB);
  const balloon = "/machine/peripheral/balloon0";
  await memory.setGuestStatsInterval(monitor, balloon, 2);
  assert.deepEqual(await memory.guestMemoryStats(monitor, balloon), { lastUpdate: 0n, stats: new Map() });
  assert.equal((await memory.queryMemoryDevices(monitor)).size, 0);

  const done = monitor.waitFor((event) => event.name === "DUMP_COMPLETED", "dump");
  await memory.dumpGuestMemory(monitor, `file:${join(folder, "core")}`, "elf");
  await done;
  const { status, completed, total } = await memory.queryDump(monitor);
  assert.deepEqual([status, completed], ["completed", total]);
  await memory.memsave(monitor, 0n, 4096n, join(folder, "page"), null);
  assert.equal((await stat(join(folder, "page"))).size, 4096);

  assert.equal((await memory.queryDirtyRate(monitor)).status, "unstarted");
  await memory.calcDirtyRate(monitor, 1, "page-sampling");
  // QEMU measures in a thread of its own, which need not have begun when the command returns.
  assert.match((await memory.queryDirtyRate(monitor)).status, /^(unstarted|measuring|measured)$/);
});

test("devices, objects, network and character back ends come and go", { skip }, async (t) => {
  const { monitor } = await startQemu(t);
  await device.objectAdd(monitor, { "qom-type": "rng-random", id: "rng", filename: "/dev/urandom" });
  await device.objectDel(monitor, "rng");
  await device.netdevAdd(monitor, { type: "hubport", id: "net0", hubid: 0 });
  await device.deviceAdd(monitor, { driver: "e1000", id: "nic", netdev: "net0", mac: "52:54:00:00:00:01" });
  await device.setLink(monitor, "nic", false);
  assert.ok((await qom.qomList(monitor, "/machine/peripheral")).some((p) => p.name === "nic"));
  assert.equal(await qom.qomGet(monitor, "/machine/peripheral/nic", "mac", string), "52:54:00:00:00:01");
  await assert.rejects(device.queryRxFilter(monitor, "nic"), /doesn't support|not support/);
  await device.deviceDel(monitor, "nic");
  await assert.rejects(device.deviceDel(monitor, "none"), (error: unknown) => failedWith(error, "DeviceNotFound"));
  await assert.rejects(device.netdevDel(monitor, "none"), /not found/);

  assert.match((await device.chardevAdd(monitor, "pty", { type: "pty", data: {} })) ?? "", /^\/dev\/pts\/\d+$/);
  const pty = (await device.queryChardev(monitor)).find((c) => c.label === "pty");
  assert.match(pty?.filename ?? "", /^pty:\/dev\/pts\/\d+$/);
  await device.chardevRemove(monitor, "pty");
  assert.match(await device.humanMonitorCommand(monitor, "info version"), /^\d+\.\d+/);
});

test("screens, keys, VNC", { skip }, async (t) => {
  const args = ["-device", "VGA,id=video0", "-vnc", "none,password=on"];
  const { monitor, folder } = await startGuest(t, ...args);
  await display.screendump(monitor, join(folder, "screen.ppm"), { device: "video0", head: 0, timeout: 180_000 });
  assert.ok((await stat(join(folder, "screen.ppm"))).size > 1000);
  await display.sendKey(monitor, ["ctrl", 56, "delete"], 10);
  await display.setPassword(monitor, "vnc", "secret");
  await display.expirePassword(monitor, "vnc", "+60");
  await assert.rejects(display.setPassword(monitor, "spice", "secret"), /SPICE|spice/);
  const vnc = await display.queryVnc(monitor);
  assert.equal(typeof vnc.enabled, "boolean");
  await assert.rejects(display.reloadVncCertificates(monitor), /unable to execute QEMU command 'display-reload'/);
});

test("blocks: nodes, statistics, trays, limits, snapshots, jobs", { skip }, async (t) => {
  const { monitor, folder, image } = await startGuest(t, "-device", "ide-cd,id=cd");
  const [stats] = await block.queryBlockstats(monitor, false);
  assert.equal(stats?.qdev, "/machine/peripheral/vda/virtio-backend");
  assert.equal(stats?.stats.wr_bytes, 0n);
  const nodes = await block.queryNamedBlockNodes(monitor, true);
  assert.deepEqual(nodes.map((n) => n["node-name"]).sort(), ["disk", "file"]);
  assert.equal(nodes[0]?.image?.["virtual-size"], MiB);
  const devices = await block.queryBlock(monitor);
  assert.deepEqual(
    devices.map((d) => d.inserted?.file),
    [image, undefined],
  );

  await block.openTray(monitor, "cd", true);
  await block.blockdevAdd(monitor, { driver: "null-co", "node-name": "medium", "read-only": true });
  await block.insertMedium(monitor, "cd", "medium");
  await block.closeTray(monitor, "cd");
  await block.openTray(monitor, "cd", true);
  await block.removeMedium(monitor, "cd");
  await block.blockdevDel(monitor, "medium");
  const none = { bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };
  await block.setIoThrottle(monitor, "/machine/peripheral/vda/virtio-backend", { ...none, iops: 100 });
  await block.setWriteThreshold(monitor, "disk", 4096n);
  await block.blockResize(monitor, "disk", 2n * MiB);

  const ended = (id: string) =>
    monitor.waitFor((e) => e.name === "JOB_STATUS_CHANGE" && e.data.id === id && e.data.status === "concluded", id);
  const overlay = join(folder, "overlay.qcow2");
  const steps = [ended("one"), ended("two")];
  await block.blockdevCreate(monitor, "one", { driver: "file", filename: overlay, size: 0 });
  await steps[0];
  await job.jobDismiss(monitor, "one");
  await block.blockdevAdd(monitor, { driver: "file", filename: overlay, "node-name": "overlay-file" });
  await block.blockdevCreate(monitor, "two", { driver: "qcow2", file: "overlay-file", size: Number(2n * MiB) });
  await steps[1];
  assert.deepEqual(
    (await job.queryJobs(monitor)).map((j) => [j.id, j.status, j.error]),
    [["two", "concluded", undefined]],
  );
  await job.jobDismiss(monitor, "two");
  const qcow2 = { driver: "qcow2", "node-name": "overlay", file: "overlay-file", backing: null };
  await block.blockdevAdd(monitor, qcow2);
  await block.transaction(monitor, [{ type: "blockdev-snapshot", data: { node: "disk", overlay: "overlay" } }]);
  await job.startBlockJob(monitor, "block-commit", { "job-id": "merge", device: "overlay", "auto-finalize": true });
  const ready = (await job.queryBlockJobs(monitor)).find((j) => j.device === "merge");
  assert.equal(ready?.type, "commit");
  await job.blockJobSetSpeed(monitor, "merge", 5n * MiB);
  await job.blockJobCancel(monitor, "merge", true);
});

test("migration: to a file and back", { skip }, async (t) => {
  const { monitor, folder } = await startGuest(t);
  await run.cont(monitor);
  assert.equal((await migration.queryMigrate(monitor)).status, undefined);
  await migration.migrateSetCapabilities(monitor, { events: true });
  assert.equal((await migration.queryMigrateCapabilities(monitor)).get("events"), true);
  await migration.migrateSetParameters(monitor, { "max-bandwidth": Number(500n * MiB), "downtime-limit": 100 });
  assert.equal((await migration.queryMigrateParameters(monitor))["downtime-limit"], 100);

  const socket = join(folder, "migrate.sock");
  const target = await startGuest(t, "-incoming", "defer");
  await migration.migrateSetCapabilities(target.monitor, { events: true });
  await migration.migrateIncoming(target.monitor, `unix:${socket}`);
  const completed = (m: typeof monitor) =>
    m.waitFor((e) => e.name === "MIGRATION" && e.data.status === "completed", "migration", { timeout: 180_000 });
  const both = [completed(monitor), completed(target.monitor)];
  await migration.migrate(monitor, `unix:${socket}`);
  await Promise.all(both);
  const end = await migration.queryMigrate(monitor);
  assert.equal(end.status, "completed");
  assert.ok((end.ram?.transferred ?? 0n) > 0n);
  await run.cont(target.monitor);
  assert.equal((await run.queryStatus(target.monitor)).status, "running");
  assert.equal((await run.queryStatus(monitor)).status, "postmigrate");
  await assert.rejects(migration.migrateContinue(monitor, "pre-switchover"), /state/);
});
