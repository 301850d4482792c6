import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { OpenOptions } from "../../driver/module.ts";
import { Router } from "../../driver/router.ts";
import { Session } from "../../driver/session.ts";
import { parseConnectionUri } from "../../driver/uri.ts";
import { testDriver } from "./index.ts";

async function open(uri: string, options: OpenOptions = {}): Promise<Router> {
  const session = new Session({ uri: parseConnectionUri(uri), readOnly: false, sink: () => {} });
  return new Router(session, await testDriver.open(session, options));
}

async function names(connection: Router): Promise<string[]> {
  const { domains } = await connection.call("connectListAllDomains", { needResults: 1, flags: 0 });
  return domains.map(({ name }) => name);
}

const domainXml = (name: string) =>
  `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;

test("the default node is shared by this process, and gone with its last connection", async () => {
  const one = await open("test:///default");
  const two = await open("test:///default");
  await one.call("domainDefineXml", { xml: domainXml("mine") });
  assert.deepEqual(await names(two), ["test", "mine"]);
  await one.close();
  assert.deepEqual(await names(two), ["test", "mine"]);
  await two.close();
  const three = await open("test:///default");
  assert.deepEqual(await names(three), ["test"]);
  await three.close();
});

test("a node from a file belongs to its connection", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-test-node-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "vol.xml"), "<volume><name>v</name><capacity>1000</capacity></volume>");
  await writeFile(join(folder, "dom.xml"), domainXml("apart"));
  const path = join(folder, "node.xml");
  await writeFile(
    path,
    `<node>
      <cpu><mhz>6000</mhz><model>i986</model><active>50</active><nodes>4</nodes><sockets>4</sockets><cores>4</cores><threads>2</threads></cpu>
      <memory>8192000</memory>
      <domain file='dom.xml'/>
      <domain type='test' xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>
        <t:runstate>3</t:runstate><t:transient/><name>here</name><memory>1</memory><os><type>hvm</type></os>
      </domain>
      <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
        <test:runstate>5</test:runstate><test:hasmanagedsave/><name>off</name><memory>1</memory><os><type>hvm</type></os>
      </domain>
      <network><name>n</name></network>
      <pool type='dir'><name>p</name><target><path>/p</path></target><volume file='vol.xml'/></pool>
    </node>`,
  );
  const one = await open(`test://${path}`);
  const two = await open(`test://${path}`);
  const info = await one.call("nodeGetInfo", {});
  assert.deepEqual(info, {
    model: "i986",
    memory: 8192000n,
    cpus: 50,
    mhz: 6000,
    nodes: 4,
    sockets: 4,
    cores: 4,
    threads: 2,
  });
  const state = async (name: string) => {
    const { dom } = await one.call("domainLookupByName", { name });
    const { persistent } = await one.call("domainIsPersistent", { dom });
    const { result } = await one.call("domainHasManagedSaveImage", { dom, flags: 0 });
    return [(await one.call("domainGetState", { dom, flags: 0 })).state, persistent, result];
  };
  assert.deepEqual(await state("apart"), [1, 1, 0]);
  assert.deepEqual(await state("here"), [3, 0, 0]);
  assert.deepEqual(await state("off"), [5, 1, 1]);
  const { pool } = await one.call("storagePoolLookupByName", { name: "p" });
  assert.deepEqual(await one.call("storagePoolListVolumes", { pool, maxnames: 9 }), { names: ["v"] });
  const { net } = await one.call("networkLookupByName", { name: "n" });
  assert.deepEqual(await one.call("networkIsActive", { net }), { active: 1 });
  await one.call("domainUndefine", { dom: (await one.call("domainLookupByName", { name: "apart" })).dom });
  await one.call("domainDestroy", { dom: (await one.call("domainLookupByName", { name: "apart" })).dom });
  assert.equal((await names(one)).length, 2);
  assert.equal((await names(two)).length, 3);
});

test("what cannot be opened is refused in libvirt's words", async (t) => {
  await assert.rejects(open("test:///"), { code: 8, domain: 12, message: /supply a path or use test:\/\/\/default/ });
  await assert.rejects(open("test:///nowhere/node.xml"), {
    code: 27,
    domain: 12,
    message: /failed to parse xml document/,
  });
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-test-node-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "bad.xml"), "TestGuestMagic");
  await assert.rejects(open(`test://${join(folder, "bad.xml")}`), { code: 35 });
  assert.equal(testDriver.accepts(parseConnectionUri("test+unix:///default")), false);
  assert.equal(testDriver.accepts(parseConnectionUri("qemu:///system")), false);
});

test("a node with users wants to know who is there", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-test-node-"));
  t.after(() => rm(folder, { recursive: true }));
  const uri = `test://${join(folder, "node.xml")}`;
  const users = "<user password='123456'>testuser</user><user>open</user>";
  await writeFile(join(folder, "node.xml"), `<node><auth>${users}</auth></node>`);
  const as = (name: string, password: string): OpenOptions => ({
    auth: {
      credentialTypes: [2, 5],
      answer: ([request]) => [request?.type === 2 ? name : password],
    },
  });
  await (await open(uri, as("testuser", "123456"))).close();
  await (await open(uri, as("open", ""))).close();
  await assert.rejects(open(uri, as("testuser", "wrong")), { code: 45, domain: 12 });
  await assert.rejects(open(uri, as("stranger", "")), { code: 45 });
  await assert.rejects(open(uri), { code: 8, message: /Missing authentication credentials/ });
});
