import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parseUuid } from "../../driver/object-list.ts";
import { isLibvirtError } from "../../errors.ts";
import { type Domain, domainDocument } from "../../model/domain/index.ts";
import { QemuDomain } from "./domain/domain.ts";
import { QemuHost } from "./host.ts";
import { shareHost } from "./shared-host.ts";

async function temporaryRoot(context: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tsvirt-root-"));
  context.after(() => rm(root, { recursive: true }));
  return root;
}

const uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f";

function definition(name: string): Domain {
  return domainDocument.make({ type: "qemu", name, uuid, os: { type: { value: "hvm" } } }) as Domain;
}

test("definitions and autostart are there when the root is opened again", async (context) => {
  const root = await temporaryRoot(context);
  const host = await QemuHost.open(root);
  const domain = new QemuDomain("web", parseUuid(uuid) as Uint8Array);
  await host.store(domain, definition("web"));
  await host.setAutostart(domain, true);
  await host.close();

  const again = await QemuHost.open(root);
  const found = again.domains.byName("web");
  assert.equal(found?.autostart, true);
  assert.deepEqual(found?.persistent, definition("web"));
  assert.deepEqual(found?.ref, { name: "web", uuid: parseUuid(uuid), id: -1 });
  await again.unstore(found as QemuDomain);
  await again.close();
  const last = await QemuHost.open(root);
  assert.equal(last.domains.size, 0);
  await last.close();
});

test("a definition that cannot be read is left alone, and harms no other", async (context) => {
  const root = await temporaryRoot(context);
  const host = await QemuHost.open(root);
  await host.store(new QemuDomain("good", parseUuid(uuid) as Uint8Array), definition("good"));
  const bad = join(host.layout.definitions, "bad.xml");
  await writeFile(bad, "<domain");
  await host.close();
  const warned = once(process, "warning");
  const again = await QemuHost.open(root);
  assert.equal(again.domains.size, 1);
  const [{ message }] = await warned;
  assert.match(message, /^definition of domain 'bad': /);
  assert.equal(await readFile(bad, "utf8"), "<domain");
  await again.close();
});

test("connections of one process share a root, and the last one gives it back", async (context) => {
  const root = await temporaryRoot(context);
  const [one, two] = await Promise.all([shareHost(root), shareHost(root)]);
  assert.equal(one.host, two.host);
  await assert.rejects(QemuHost.open(root), (error) => isLibvirtError(error, "RESOURCE_BUSY"));
  await one.release();
  await assert.rejects(QemuHost.open(root), (error) => isLibvirtError(error, "RESOURCE_BUSY"));
  const leaving = two.release();
  const three = await shareHost(root);
  await leaving;
  assert.notEqual(three.host, one.host);
  await three.release();
});
