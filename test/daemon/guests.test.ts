/** Guests under tsvirtd: they outlive it, however it ends, and the next one has them again. */
import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DomainEventID } from "../../src/protocol/index.ts";
import { type RpcClient, type RpcEventSink, streamPair } from "../../src/rpc/index.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { guestXml } from "../helpers/qemu-driver.ts";
import { writeTinyGuest } from "../helpers/tiny-guest.ts";
import { shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";

async function open(t: TestContext, daemon: Tsvirtd, onEvent?: RpcEventSink): Promise<RpcClient> {
  const client = await daemon.connect(t, "libvirt-sock", onEvent);
  await client.call("authList", {});
  await client.call("connectOpen", { name: "qemu:///system", flags: 0 });
  return client;
}

async function bootableGuest(folder: string, name: string): Promise<string> {
  const image = join(folder, `${name}.img`);
  await chmod(folder, 0o711);
  await writeTinyGuest(image);
  await chmod(image, 0o666);
  const disk = `<disk type='file' device='disk'><source file='${image}'/><target dev='hda' bus='ide'/></disk>`;
  return guestXml(name, "<features><acpi/></features>", `${disk}<console type='pty'/>`);
}

/** Reads a guest's console until it says something. */
async function consoleSays(client: RpcClient, name: string, word: string): Promise<void> {
  const { dom } = await client.call("domainLookupByName", { name });
  const [near, far] = streamPair();
  await client.call("domainOpenConsole", { dom, devName: null, flags: 1 }, { stream: far });
  let said = "";
  for await (const chunk of near) {
    said += Buffer.from(chunk as Uint8Array).toString("latin1");
    if (said.includes(word)) break;
  }
  near.destroy();
  assert.ok(said.includes(word), said);
}

test("guests survive the daemon's end and its violent death; state, events and consoles are there again", {
  skip: skipWithoutQemu,
}, async (t) => {
  const folder = await shortFolder(t);
  const root = join(folder, "root");
  let daemon = await Tsvirtd.start(t, { root });
  const xml = await bootableGuest(folder, "tiny");
  let client = await open(t, daemon);
  await client.call("domainDefineXml", { xml });
  const { dom } = await client.call("domainLookupByName", { name: "tiny" });
  await client.call("domainCreate", { dom });
  await consoleSays(client, "tiny", "tick");
  const { dom: running } = await client.call("domainLookupByName", { name: "tiny" });

  for (const end of ["kill", "stop"] as const) {
    await daemon[end]();
    daemon = await Tsvirtd.start(t, { root });
    const events: number[] = [];
    let wake = (): void => {};
    const heard = new Promise<void>((resolve) => {
      wake = resolve;
    });
    client = await open(t, daemon, (name, message) => {
      if (name !== "domainEventCallbackLifecycle") return;
      events.push((message as { msg: { event: number } }).msg.event);
      wake();
    });
    const again = await client.call("domainLookupByName", { name: "tiny" });
    assert.deepEqual(again.dom, running, `after ${end}`);
    await consoleSays(client, "tiny", "tick");
    await client.call("connectDomainEventCallbackRegisterAny", { eventID: DomainEventID.LIFECYCLE, dom: null });
    await client.call("domainSuspend", { dom: running });
    await heard;
    assert.deepEqual(events, [3]);
    await client.call("domainResume", { dom: running });
  }
});

test("a guest that is meant to start with the daemon does so once, however often the daemon starts", {
  skip: skipWithoutQemu,
}, async (t) => {
  const folder = await shortFolder(t);
  const root = join(folder, "root");
  const first = await Tsvirtd.start(t, { root });
  await first.connect(t).then(async (client) => {
    await client.call("connectOpen", { name: "", flags: 0 });
    const { dom } = await client.call("domainDefineXml", { xml: guestXml("early") });
    await client.call("domainSetAutostart", { dom, autostart: 1 });
  });
  const stateOf = async (daemon: Tsvirtd) =>
    (await daemon.virsh(["domstate", "early"], daemon.uri("qemu"))).stdout.trim();
  assert.equal(await stateOf(first), "shut off");
  await first.stop();
  const second = await Tsvirtd.start(t, { root, args: ["-v"] });
  assert.equal(await stateOf(second), "running");
  await second.virsh(["destroy", "early"], second.uri("qemu"));
  // Reading the configuration again starts nothing.
  second.signal("SIGHUP");
  await second.logged(/configuration read again/);
  assert.equal(await stateOf(second), "shut off");
  await second.stop();
  const third = await Tsvirtd.start(t, { root });
  assert.equal(await stateOf(third), "shut off");
});

test("a daemon that nobody needs ends; a client or a guest that runs keeps it", {
  skip: skipWithoutQemu,
}, async (t) => {
  const folder = await shortFolder(t);
  const daemon = await Tsvirtd.start(t, { root: join(folder, "root"), args: ["--timeout", "1", "-v"] });
  const client = await open(t, daemon);
  const { dom } = await client.call("domainCreateXml", { xmlDesc: guestXml("busy"), flags: 0 });
  await client.close();
  await daemon.logged(/nobody is connected, but 1 guests run/);
  const last = await open(t, daemon);
  await last.call("domainDestroy", { dom });
  await last.close();
  assert.deepEqual(await daemon.ended, { code: 0, signal: null });
});
