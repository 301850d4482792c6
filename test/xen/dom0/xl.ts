/** The tool stack xl, with real guests. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { XlTools } from "../../../src/drivers/xen/toolstack/index.ts";
import { LibvirtError } from "../../../src/errors.ts";
import { disk, networkInterface } from "../../../src/model/domain/index.ts";
import { parseXenDomain } from "../../../src/model/xen/index.ts";
import { guestXml, quietXml } from "../inside/xen-subject.ts";
import { guestKernel, guestUp, released, xl } from "../inside/xl.ts";

const folder = await mkdtemp(join(tmpdir(), "xl-"));
const configs = join(folder, "configs");
await mkdir(configs, { mode: 0o700 });
after(() => rm(folder, { recursive: true }));
const tools = new XlTools(configs);

const fails = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof LibvirtError && error.codeName === code && message.test(error.message);

const listed = async (id: number) => (await tools.list()).find((one) => one.id === id);
const names = async () => (await tools.list()).map(({ name }) => name).sort();

/** A guest that the next test goes on with: Linux takes long to come up. */
let handedOn: number | null = null;

// What a test that failed has left would make the next ones fail.
afterEach(async () => {
  for (const { id } of await tools.list()) if (id !== 0 && id !== handedOn) await tools.destroy(id);
});

/** Makes a guest and waits until its kernel is up; its number. */
async function up(name: string): Promise<number> {
  const id = await tools.create(parseXenDomain(guestXml(name)));
  await guestUp(name);
  return id;
}

test("a domain is made paused, listed, renamed, ended; nothing is left of its configuration", async () => {
  const definition = parseXenDomain(quietXml("xl made"));
  const id = await tools.create(definition, { paused: true });
  assert.deepEqual(await readdir(configs), []);
  const found = await listed(id);
  assert.equal(found?.name, "xl made");
  assert.equal(found.uuid, definition.uuid);
  assert.equal(found.memory, definition.memory.value);
  assert.ok(found.isPaused && !found.isShutdown && !found.isDying);
  assert.equal(found.shutdownCode, null);
  await tools.rename(id, "renamed");
  assert.equal((await listed(id))?.name, "renamed");
  await tools.destroy(id);
  assert.deepEqual(await names(), ["Domain-0"]);
});

test("disks and cards come and go", async () => {
  const image = join(folder, "disk,1.img");
  await writeFile(image, "");
  await truncate(image, 2 ** 20);
  const id = await up("runs");
  await tools.attachDisk(
    id,
    disk.make({
      driver: { name: "phy", type: "raw" },
      storage: { type: "file", source: { file: image } },
      target: { dev: "xvdb", bus: "xen" },
      readonly: true,
    }),
  );
  assert.match(await xl("block-list", String(id)), /\b51728\b/);
  const described = await tools.describe(id);
  const known = described?.devices.disks.find(({ target }) => target.dev === "xvdb");
  assert.equal(known?.storage.type === "file" && known.storage.source?.file, image);
  assert.equal(described?.os.kernel, guestKernel);
  assert.equal(await tools.describe(4711), null);
  await tools.detachDisk(id, "xvdb");
  assert.doesNotMatch(await xl("block-list", String(id)), /\b51728\b/);
  const mac = "00:16:3e:11:22:33";
  await tools.attachInterface(
    id,
    networkInterface.make({
      mac: { address: mac },
      connection: { type: "bridge", source: { bridge: "br0" } },
      bandwidth: { outbound: { average: 1024 } },
    }),
  );
  assert.match(await xl("network-list", String(id)), new RegExp(mac));
  await tools.detachInterface(id, mac);
  assert.doesNotMatch(await xl("network-list", String(id)), new RegExp(mac));
  handedOn = id;
});

test("a guest runs, shuts down when asked, and stays shut down until it is destroyed", async () => {
  const id = handedOn ?? (await up("runs"));
  handedOn = null;
  await tools.pause(id);
  assert.ok((await listed(id))?.isPaused);
  await tools.unpause(id);
  await tools.setMemory(id, 90_000n);
  await tools.setVcpus(id, 1);
  await tools.pinVcpu(id, 0, "0");
  await tools.setScheduler(id, { weight: 512, cap: 50 });
  assert.deepEqual(await tools.scheduler(id), { name: "credit2", parameters: { weight: 512, cap: 50 } });
  await tools.shutdown(id);
  await released(async () => (await listed(id))?.isShutdown === true);
  assert.equal((await listed(id))?.shutdownCode, 0);
  await tools.destroy(id);
  assert.deepEqual(await names(), ["Domain-0"]);
});

test("memory is dumped", async () => {
  const id = await tools.create(parseXenDomain(quietXml("dumped", "", 8192)));
  const core = join(folder, "core");
  await tools.dumpCore(id, core);
  assert.ok((await stat(core)).size > 8 * 2 ** 20);
  await tools.destroy(id);
});

test("memory goes to a file and comes back, with another number", async () => {
  const definition = parseXenDomain(guestXml("saved"));
  const file = join(folder, "saved.image");
  const id = await tools.create(definition);
  await guestUp(definition.name);
  await tools.save(id, file, { afterwards: "pause" });
  assert.ok((await listed(id))?.isPaused);
  await assert.rejects(tools.restore(file), fails("OPERATION_FAILED", /another domain has this name already/));
  await tools.unpause(id);
  await tools.save(id, file);
  assert.deepEqual(await names(), ["Domain-0"]);
  const again = await tools.restore(file, { paused: true });
  assert.notEqual(again, id);
  assert.equal((await listed(again))?.uuid, definition.uuid);
  await tools.destroy(again);
  const renamed = await tools.restore(file, { paused: true, definition: { ...definition, name: "other" } });
  assert.equal((await listed(renamed))?.name, "other");
  await tools.destroy(renamed);
});

test("what fails says why, and leaves nothing", async (t) => {
  const kernel = parseXenDomain(quietXml("kernelless"));
  await assert.rejects(
    tools.create({ ...kernel, os: { ...kernel.os, kernel: "/no/such/kernel" } }),
    fails("OPERATION_FAILED", /cannot create domain 'kernelless': .*\/no\/such\/kernel/),
  );
  const large = parseXenDomain(quietXml("large").replace(/<memory>\d+/, `<memory>${64 * 2 ** 20}`));
  await assert.rejects(tools.create(large), fails("OPERATION_FAILED", /not enough free memory/));
  const id = await tools.create(parseXenDomain(quietXml("first")), { paused: true });
  await assert.rejects(
    tools.create(parseXenDomain(quietXml("first"))),
    fails("OPERATION_FAILED", /another domain has this name already/),
  );
  await assert.rejects(tools.detachDisk(id, "xvdz"), fails("OPERATION_FAILED", /cannot detach disk 'xvdz'/));
  await tools.destroy(id);
  await assert.rejects(tools.pause(4711), fails("NO_DOMAIN", /cannot pause domain 4711/));
  await assert.rejects(tools.destroy(4711), fails("NO_DOMAIN", /cannot destroy domain 4711/));
  await assert.rejects(tools.restore("/no/such/file"), fails("SYSTEM_ERROR", /No such file/));
  await writeFile(join(folder, "junk"), "junk");
  await assert.rejects(tools.restore(join(folder, "junk")), fails("OPERATION_FAILED", /not a domain that xl saved/));
  assert.deepEqual(await names(), ["Domain-0"]);
  assert.deepEqual(await readdir(configs), []);
  t.diagnostic("nothing is left");
});

test("who gives up leaves no half of a domain", async () => {
  const definition = parseXenDomain(quietXml("given up"));
  const gaveUp = new AbortController();
  const creating = tools.create(definition, { signal: gaveUp.signal });
  const seen = new AbortController();
  // It is given up as soon as there is something of it.
  const watching = (async () => {
    while (!seen.signal.aborted) {
      if ((await names()).length > 1) return gaveUp.abort();
    }
  })();
  await creating.then(
    async (id) => tools.destroy(id),
    (error) => assert.ok(fails("OPERATION_ABORTED", /gave up/)(error)),
  );
  seen.abort();
  await watching;
  assert.deepEqual(await names(), ["Domain-0"]);
  assert.deepEqual(await readdir(configs), []);
});

test("quotes and backslashes are what they are", async () => {
  const definition = parseXenDomain(quietXml("quotes"));
  const cmdline = `console=hvc0 a="b 'c' \\d" quiet`;
  const id = await tools.create({ ...definition, os: { ...definition.os, cmdline } }, { paused: true });
  const [known] = JSON.parse(await xl("list", "-l", String(id))) as { config: { b_info: { cmdline: string } } }[];
  assert.equal(known?.config.b_info.cmdline, cmdline);
  await tools.destroy(id);
});
