/** Filters on a host of their own: a bridge between two machines, whose packets come through or do not. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { composedRoot } from "../../../test/helpers/composed.ts";
import { inNamespaces, skipWithout } from "../../../test/helpers/namespaces.ts";
import type { Router } from "../../driver/router.ts";
import { isLibvirtError } from "../../errors.ts";
import { runProgram } from "../../host/program.ts";

const run = (command: string, ...args: string[]) => runProgram(command, args, { domain: "NWFILTER" });
const skip = skipWithout("ebtables-restore", "iptables-restore", "ip6tables-restore", "busybox", "ip", "nsenter");

/** A machine: a network namespace with one card, whose other end is a port of the bridge. */
async function machine(t: TestContext, port: string, bridge: string, number: number) {
  const holder = spawn("unshare", ["--net", "sh", "-c", "echo there; exec sleep 1000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const [pid, mac, address] = [String(holder.pid), `52:54:00:00:00:0${number}`, `10.9.0.${number}`];
  t.after(async () => {
    holder.kill();
    await run("ip", "link", "delete", port).catch(() => {});
  });
  await run("ip", "link", "add", port, "type", "veth", "peer", "name", "card", "address", mac, "netns", pid);
  await run("ip", "link", "set", port, "master", bridge, "up");
  const inside = (...words: string[]) => run("nsenter", "-t", pid, "-n", ...words);
  await inside("ip", "link", "set", "card", "up");
  await inside("ip", "address", "add", `${address}/24`, "dev", "card");
  return { port, mac, address, inside };
}

type Machine = Awaited<ReturnType<typeof machine>>;

/** Whether an answer comes; packets that are lost are no reason to say no. */
async function reaches(from: Machine, to: Machine, tries = 30): Promise<boolean> {
  try {
    await from.inside("busybox", "ping", "-c", "1", "-w", String(tries), to.address);
    return true;
  } catch {
    return false;
  }
}

/** No answer comes to a few of what would be answered at once. */
const silent = async (from: Machine, to: Machine): Promise<boolean> => !(await reaches(from, to, 2));

async function world(t: TestContext) {
  const { root, open } = await composedRoot(t);
  await run("ip", "link", "add", "br0", "type", "bridge");
  await run("ip", "link", "set", "br0", "up");
  t.after(() => run("ip", "link", "delete", "br0"));
  const guest = await machine(t, "g0", "br0", 1);
  const other = await machine(t, "g1", "br0", 2);
  return { root, open, router: await open(), guest, other };
}

const define = (router: Router, name: string, body: string, chain = "root") =>
  router.call("nwfilterDefineXmlFlags", { xml: `<filter name='${name}' chain='${chain}'>${body}</filter>`, flags: 0 });

/** Defines it anew under the UUID that it has. */
async function redefine(router: Router, name: string, body: string): Promise<void> {
  const { nwfilter } = await router.call("nwfilterLookupByName", { name });
  const { xml } = await router.call("nwfilterGetXmlDesc", { nwfilter, flags: 0 });
  const uuid = /<uuid>.*<\/uuid>/.exec(xml)?.[0] ?? "";
  await define(router, name, uuid + body);
}

async function bind(router: Router, { port, mac }: Machine, filter: string, parameters = ""): Promise<void> {
  const xml = `<filterbinding><owner><name>g</name><uuid>11111111-2222-3333-4444-555555555555</uuid></owner>
    <portdev name='${port}'/><mac address='${mac}'/><filterref filter='${filter}'>${parameters}</filterref></filterbinding>`;
  await router.call("nwfilterBindingCreateXml", { xml, flags: 0 });
}

const unbind = (router: Router, { port }: Machine) =>
  router.call("nwfilterBindingDelete", { nwfilter: { portdev: port, filtername: "" } });

/** All rules of the host that say something of a port. */
async function rulesAbout(port: string): Promise<string[]> {
  const listings = [run("ebtables-save"), run("iptables", "-S"), run("ip6tables", "-S")];
  const lines = (await Promise.all(listings)).join("\n").split("\n");
  return lines.filter((line) => line.split(/[ -]/).includes(port));
}

inNamespaces(import.meta.url, () => {
  test("only frames with the card's own address pass", { skip }, async (t) => {
    const { root, router, guest, other } = await world(t);
    const mine = "<rule action='return' direction='out'><mac srcmacaddr='$MAC'/></rule>";
    await define(router, "own-mac", `${mine}<rule action='drop' direction='out' priority='1000'/>`, "mac");
    await define(router, "guest", "<filterref filter='own-mac'/>");
    assert.equal(await reaches(other, guest), true);
    await bind(router, guest, "guest");
    assert.equal(await reaches(other, guest), true);
    await guest.inside("ip", "link", "set", "card", "address", "52:54:00:00:00:77");
    assert.equal(await silent(guest, other), true);
    assert.deepEqual(await readdir(join(root, "nwfilter-binding")), ["g0.xml"]);
    await unbind(router, guest);
    assert.equal(await reaches(guest, other), true);
    assert.deepEqual(await rulesAbout("g0"), []);
    assert.deepEqual(await readdir(join(root, "nwfilter-binding")), []);
  });

  test("what a guest begins is answered, what others begin is not", { skip }, async (t) => {
    const { router, guest, other } = await world(t);
    const out =
      "<rule action='accept' direction='out'><all comment='what &quot;it&quot; begins, it&apos;s \\ fine'/></rule>";
    await define(router, "client", `${out}<rule action='drop' direction='inout' priority='900'><all/></rule>`);
    await bind(router, guest, "client");
    assert.equal(await reaches(guest, other), true);
    assert.equal(await silent(other, guest), true);
    await unbind(router, guest);
    assert.equal(await reaches(other, guest), true);
    assert.deepEqual(await rulesAbout("g0"), []);
  });

  test("a filter that changes is at work at once, and cannot go while it is", { skip }, async (t) => {
    const { open, router, guest, other } = await world(t);
    const { nwfilter } = await define(router, "inner", "");
    await define(router, "outer", "<filterref filter='inner'/>");
    await bind(router, guest, "outer");
    assert.equal(await reaches(other, guest), true);
    const pings = "<rule action='drop' direction='in'><icmp type='8'/></rule>";
    await redefine(router, "inner", pings);
    assert.equal(await silent(other, guest), true);
    assert.equal(await reaches(guest, other), true);
    await assert.rejects(
      async () => router.call("nwfilterUndefine", { nwfilter }),
      (error) => isLibvirtError(error, "OPERATION_INVALID") && /nwfilter is in use/.test(error.message),
    );
    // What the host's firewall does not take changes nothing.
    const before = await rulesAbout("g0");
    const unknown = "<rule action='drop' direction='in'><all ipset='nosuchset' ipsetflags='src'/></rule>";
    await assert.rejects(async () => redefine(router, "inner", pings + unknown), /restore/);
    assert.deepEqual(await rulesAbout("g0"), before);
    const kept = await router.call("nwfilterGetXmlDesc", { nwfilter, flags: 0 });
    assert.doesNotMatch(kept.xml, /nosuchset/);
    // The next program that opens the root finds it at work.
    await router.close();
    const again = await open();
    const { bindings } = await again.call("connectListAllNwfilterBindings", { needResults: 1, flags: 0 });
    assert.deepEqual(bindings, [{ portdev: "g0", filtername: "outer" }]);
    assert.deepEqual(await rulesAbout("g0"), before);
    await redefine(again, "inner", "");
    assert.equal(await reaches(other, guest), true);
    await unbind(again, guest);
    assert.deepEqual(await rulesAbout("g0"), []);
  });

  test("what cannot be put to work leaves nothing behind", { skip }, async (t) => {
    const { root, router, guest, open } = await world(t);
    await define(router, "address", "<rule action='accept' direction='out'><ip srcipaddr='$IP'/></rule>");
    await define(router, "port", "<rule action='accept' direction='out'><tcp dstportstart='$PORT'/></rule>");
    await define(router, "set", "<rule action='drop' direction='in'><all ipset='none' ipsetflags='src'/></rule>");
    await assert.rejects(bind(router, guest, "none"), /referenced filter 'none' is missing/);
    await assert.rejects(bind(router, guest, "address"), (error) => isLibvirtError(error, "OPERATION_UNSUPPORTED"));
    await assert.rejects(bind(router, guest, "port"), /unresolvable variables .*: PORT/);
    await assert.rejects(
      bind(router, guest, "port", "<parameter name='PORT' value='many'/>"),
      /'many' is not a number/,
    );
    await assert.rejects(bind(router, guest, "set"), /restore/);
    await assert.rejects(bind(router, { ...guest, port: "a b" }, "port"), /cannot be the name of a port/);
    assert.deepEqual(await rulesAbout("g0"), []);
    await bind(router, guest, "address", "<parameter name='IP' value='10.9.0.1'/>");
    await assert.rejects(bind(router, guest, "address"), /binding 'g0' already exists/);
    const nwfilter = { portdev: "g0", filtername: "address" };
    const { xml } = await router.call("nwfilterBindingGetXmlDesc", { nwfilter, flags: 0 });
    assert.match(xml, /<parameter name='IP' value='10.9.0.1'\/>\s*<parameter name='MAC' value='52:54:00:00:00:01'\/>/);
    // A port that has gone is no port with a filter any more.
    await router.close();
    await run("ip", "link", "delete", "g0");
    const again = await open();
    assert.equal((await again.call("connectListAllNwfilterBindings", { needResults: 1, flags: 0 })).ret, 0);
    assert.deepEqual(await readdir(join(root, "nwfilter-binding")), []);
    assert.deepEqual(await rulesAbout("g0"), []);
  });
});
