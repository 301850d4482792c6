/** The tool stack xend, against a stand-in: no xend can be had any more. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Roads } from "../../src/drivers/xen/roads.ts";
import type { StoreClient } from "../../src/drivers/xen/store/index.ts";
import { XendClient, XendTools } from "../../src/drivers/xen/toolstack/index.ts";
import { LibvirtError } from "../../src/errors.ts";
import { disk, networkInterface } from "../../src/model/domain/index.ts";
import { formatSexpr, parseXenDomain } from "../../src/model/xen/index.ts";
import { XendStandIn } from "./xend-stand-in.ts";

const uuid = "596a5d21-71f4-8fb2-e068-e2386a5c413e";
const guest =
  parseXenDomain(`<domain type='xen'><name>web 1</name><uuid>${uuid}</uuid><memory>131072</memory><vcpu>2</vcpu>
<os><type>linux</type><kernel>/k</kernel><root>/dev/xvda</root><cmdline>ro</cmdline></os>
<devices><disk type='file'><source file='/x.img'/><target dev='xvda'/></disk>
<interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='xenbr0'/></interface></devices></domain>`);

const fails = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LibvirtError && error.codeName === code && message.test(error.message);

async function standIn(t: TestContext): Promise<{ xend: XendStandIn; tools: XendTools }> {
  const folder = await mkdtemp(join(tmpdir(), "xend-"));
  const xend = new XendStandIn();
  const socket = join(folder, "xend-socket");
  await xend.listen(socket);
  t.after(async () => {
    await xend.close();
    await rm(folder, { recursive: true });
  });
  return { xend, tools: new XendTools(new XendClient({ socket })) };
}

test("a domain is made, described, runs, ends", async (t) => {
  const { xend, tools } = await standIn(t);
  const id = await tools.create(guest, { paused: true });
  assert.equal(
    formatSexpr(xend.configOf("web 1") ?? []),
    `(vm (name 'web 1') (uuid ${uuid}) (memory 128) (maxmem 128) (on_poweroff destroy) (on_reboot restart) (on_crash destroy) ` +
      `(vcpus 2) (image (linux (localtime 0) (kernel /k) (root /dev/xvda) (args ro))) ` +
      `(device (vbd (dev xvda:disk) (uname file:/x.img) (mode w))) ` +
      `(device (vif (mac 00:16:3e:00:00:01) (bridge xenbr0) (script vif-bridge))))`,
  );
  const [host, made] = await tools.list();
  assert.equal(host?.name, "Domain-0");
  assert.deepEqual(
    [made?.id, made?.name, made?.uuid, made?.memory, made?.isPaused],
    [id, "web 1", uuid, 131072n, true],
  );
  assert.equal((await tools.describe(id))?.devices.disks[0]?.target.dev, "xvda");
  assert.equal(await tools.describe("nobody"), null);
  await tools.unpause(id);
  await tools.setMemory(id, 100_000n);
  await tools.setMaxMemory(id, 262_144n);
  await tools.setVcpus(id, 1);
  await tools.pinVcpu(id, 0, "0-1");
  await tools.setScheduler(id, { weight: 512, cap: 10 });
  const running = (await tools.list())[1];
  assert.deepEqual([running?.memory, running?.vcpus, running?.isRunning], [98n * 1024n, 1, true]);
  await tools.shutdown(id);
  assert.deepEqual(await tools.list().then(([, one]) => [one?.isShutdown, one?.shutdownCode]), [true, 0]);
  xend.guestEnds("web 1", "crash");
  assert.equal((await tools.list())[1]?.shutdownCode, 3);
  await tools.destroy(id);
  assert.equal((await tools.list()).length, 1);
});

test("devices come and go", async (t) => {
  const { xend, tools } = await standIn(t);
  const id = await tools.create(guest);
  await tools.attachDisk(
    id,
    disk.make({
      driver: { name: "tap", type: "qcow2" },
      storage: { type: "file", source: { file: "/a b.qcow2" } },
      target: { dev: "xvdb", bus: "xen" },
    }),
  );
  const config = () => formatSexpr(xend.configOf("web 1") ?? []);
  assert.ok(config().includes("(device (tap (dev xvdb:disk) (uname 'tap:qcow2:/a b.qcow2') (mode w)))"), config());
  await tools.detachDisk(id, "xvda");
  assert.ok(!config().includes("xvda:disk"));
  await assert.rejects(tools.detachDisk(id, "xvdz"), fails("POST_FAILED", /device_destroy: Device not connected/));
  const card = networkInterface.make({
    mac: { address: "00:16:3e:00:00:02" },
    connection: { type: "bridge", source: { bridge: "b" } },
  });
  await tools.attachInterface(id, card);
  assert.ok(config().includes("(vif (mac 00:16:3e:00:00:02) (bridge b) (script vif-bridge))"), config());
  await tools.detachInterface(id, "00:16:3E:00:00:01");
  assert.ok(!config().includes("00:16:3e:00:00:01"));
  await assert.rejects(tools.detachInterface(id, "00:16:3e:00:00:09"), fails("OPERATION_FAILED", /has no interface/));
});

test("memory goes to a file and comes back", async (t) => {
  const { tools } = await standIn(t);
  const id = await tools.create(guest);
  await tools.save(id, "/save & more");
  assert.equal((await tools.list()).length, 1);
  await assert.rejects(tools.restore("/nothing"), fails("POST_FAILED", /restore: Restore failed/));
  const again = await tools.restore("/save & more", { paused: true, definition: guest });
  assert.notEqual(again, id);
  assert.ok((await tools.list())[1]?.isPaused);
  await assert.rejects(tools.save(again, "/x", { afterwards: "run" }), fails("NO_SUPPORT", /ends/));
  await assert.rejects(tools.rename(), fails("NO_SUPPORT", /rename/));
});

test("what fails says why, and leaves nothing", async (t) => {
  const { xend, tools } = await standIn(t);
  await tools.create(guest, { paused: true });
  await assert.rejects(tools.create(guest), fails("POST_FAILED", /VM name 'web 1' already exists/));
  assert.equal((await tools.list()).length, 2);
  const other = { ...guest, name: "other" };
  xend.failing.set("wait_for_devices", "Device 51712 (vbd) could not be connected");
  await assert.rejects(tools.create(other), fails("POST_FAILED", /wait_for_devices: Device 51712/));
  assert.equal((await tools.list()).length, 2);
  assert.ok(xend.asked.includes("POST /xend/domain/other destroy"));
  await assert.rejects(tools.pause(4711), fails("NO_DOMAIN", /4711/));
  xend.silent.add("pause");
  await assert.rejects(tools.pause(1, { timeout: 50 }), fails("OPERATION_TIMEOUT", /did not answer/));
  const signal = AbortSignal.abort();
  await assert.rejects(tools.pause(1, { signal }), fails("OPERATION_ABORTED", /gave up/));
  const nobody = new XendTools(new XendClient({ socket: "/no/such/socket" }));
  await assert.rejects(nobody.list(), fails("SYSTEM_ERROR", /cannot speak with xend at '\/no\/such\/socket'/));
});

test("what neither xend nor the hypervisor tells is refused, with what is missing", async (t) => {
  const { tools } = await standIn(t);
  const nowhere = {} as StoreClient;
  const roads = new Roads("the package koffi is not installed", nowhere, tools);
  const id = await tools.create(guest);
  for (const ask of [roads.version(), roads.hostInfo(), roads.vcpus(id), roads.share(id)]) {
    await assert.rejects(
      ask,
      fails("OPERATION_UNSUPPORTED", /xend does not tell .*: the package koffi is not installed/),
    );
  }
  assert.equal((await roads.usage(id))?.memory, 131_072n);
  assert.deepEqual(
    (await roads.domains()).map((one) => one.id),
    [0, id],
  );
});

test("over TCP", async (t) => {
  const xend = new XendStandIn();
  const port = await xend.listen();
  t.after(() => xend.close());
  const tools = new XendTools(new XendClient({ host: "127.0.0.1", port }));
  await tools.create(guest);
  assert.deepEqual(
    (await tools.list()).map(({ name }) => name),
    ["Domain-0", "web 1"],
  );
});
