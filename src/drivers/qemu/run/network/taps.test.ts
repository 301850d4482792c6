/** Guests whose network cards have devices on the host. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { access, chmod, readFile, readlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { runProgram } from "../../../../host/program.ts";
import { TypedParameterType } from "../../../../protocol/index.ts";

const domain = "QEMU";
const number = process.pid % 100_000;
const bridge = `tsvg${number}`;
const tap = `tsvn${number}`;
const ip = (...args: string[]) => runProgram("ip", args, { domain });
const tc = (...args: string[]) => runProgram("tc", args, { domain });

/** Making devices takes the right to do so. */
function mayMakeDevices(): boolean {
  const probe = `tsvq${number}`;
  if (spawnSync("ip", ["tuntap", "add", "dev", probe, "mode", "tap"]).status !== 0) return false;
  return spawnSync("ip", ["link", "delete", "dev", probe]).status === 0;
}

/** Not each kernel can drop what is too much. */
function hasPolice(): boolean {
  const probe = `tsvr${number}`;
  spawnSync("ip", ["tuntap", "add", "dev", probe, "mode", "tap"]);
  spawnSync("tc", ["qdisc", "add", "dev", probe, "ingress"]);
  const words = "parent ffff: protocol all u32 match u32 0 0 police rate 8000bps burst 8000b mtu 65535 drop flowid :1";
  const { status } = spawnSync("tc", ["filter", "add", "dev", probe, ...words.split(" ")]);
  spawnSync("ip", ["link", "delete", "dev", probe]);
  return status === 0;
}

const skip = skipWithoutQemu || (mayMakeDevices() ? false : "network devices cannot be made here");
const skipWithoutPolice = skip || (hasPolice() ? false : "this kernel has no police action for traffic");

async function withBridge(t: TestContext): Promise<void> {
  await ip("link", "add", bridge, "type", "bridge");
  t.after(() => ip("link", "delete", "dev", bridge));
}

const exists = (name: string): Promise<boolean> =>
  access(`/sys/class/net/${name}`).then(
    () => true,
    () => false,
  );
const read = async (name: string, file: string) => (await readFile(`/sys/class/net/${name}/${file}`, "utf8")).trim();

const bridged = (inside: string, target = tap): string =>
  `<interface type='bridge'><mac address='52:54:00:11:22:33'/><source bridge='${bridge}'/>` +
  `<target dev='${target}'/><model type='virtio'/>${inside}</interface>`;

test("a card on a bridge: name, size of packets, isolation, rate", { skip }, async (t) => {
  const { open } = await testRoot(t);
  await withBridge(t);
  const router = await open();
  const inside =
    "<bandwidth><inbound average='1000' peak='2000' burst='64'/></bandwidth><port isolated='yes'/>" +
    "<link state='down'/><mtu size='1400'/>";
  const xmlDesc = guestXml("bridged", "", bridged(inside));
  const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
  assert.equal(basename(await readlink(`/sys/class/net/${tap}/master`)), bridge);
  assert.equal(await read(tap, "mtu"), "1400");
  assert.equal(await read(tap, "brport/isolated"), "1");
  assert.match(await tc("class", "show", "dev", tap), /htb 1:1 .*rate 8192Kbit ceil 16384Kbit burst 64Kb/);
  // Another rate for the guest that runs, then none.
  const set = (value: number) =>
    router.call("domainSetInterfaceParameters", {
      dom,
      device: tap,
      params: [{ field: "inbound.average", value: { type: TypedParameterType.UINT, value } }],
      flags: 1,
    });
  await set(500);
  assert.match(await tc("class", "show", "dev", tap), /rate 4096Kbit ceil 16384Kbit/);
  await set(0);
  assert.equal(await tc("class", "show", "dev", tap), "");
  await router.call("domainDestroy", { dom });
  assert.equal(await exists(tap), false);
});

test("what a guest sends can be limited as well", { skip: skipWithoutPolice }, async (t) => {
  const { open } = await testRoot(t);
  await withBridge(t);
  const router = await open();
  const xmlDesc = guestXml("sender", "", bridged("<bandwidth><outbound average='1000'/></bandwidth>"));
  await router.call("domainCreateXml", { xmlDesc, flags: 0 });
  assert.match(await tc("filter", "show", "dev", tap, "parent", "ffff:"), /police/);
});

test("a device of that name which is somebody else's stays when a start fails", { skip }, async (t) => {
  const { open } = await testRoot(t);
  await withBridge(t);
  await ip("link", "add", tap, "type", "bridge");
  t.after(() => ip("link", "delete", "dev", tap));
  const router = await open();
  const first = bridged("", `${tap}x`).replace("22:33", "22:34");
  const xmlDesc = guestXml("clash", "", first + bridged(""));
  await assert.rejects(async () => router.call("domainCreateXml", { xmlDesc, flags: 0 }), /busy|exists/i);
  assert.equal(await exists(tap), true);
  assert.equal(await exists(`${tap}x`), false);
});

test("a device of ours is used and left, and scripts are run for it", { skip }, async (t) => {
  const { folder, open } = await testRoot(t);
  await ip("tuntap", "add", "dev", tap, "mode", "tap", "vnet_hdr", "user", "libvirt-qemu").catch(() =>
    ip("tuntap", "add", "dev", tap, "mode", "tap", "vnet_hdr"),
  );
  t.after(() => ip("link", "delete", "dev", tap));
  const script = join(folder, "up");
  await writeFile(script, `#!/bin/sh\necho "$1" > ${folder}/ran\n`);
  await chmod(script, 0o755);
  const router = await open();
  const card = (dev: string): string =>
    `<interface type='ethernet'><target dev='${dev}' managed='no'/><script path='${script}'/></interface>`;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("own", "", card(tap)), flags: 0 });
  assert.equal(await readFile(join(folder, "ran"), "utf8"), `${tap}\n`);
  await router.call("domainDestroy", { dom });
  assert.equal(await exists(tap), true);
  await assert.rejects(
    async () => router.call("domainCreateXml", { xmlDesc: guestXml("none", "", card("tsvnone")), flags: 0 }),
    /managed='no' but specified dev 'tsvnone' doesn't exist/,
  );
});

test("wishes that nobody here can fulfil are refused", { skip: skipWithoutQemu }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const card = (type: string, inside: string): string =>
    guestXml("user", "", `<interface type='${type}'><source bridge='none'/>${inside}</interface>`);
  const cases: [string, string, RegExp][] = [
    ["user", "<bandwidth><inbound average='1000'/></bandwidth>", /setting bandwidth/],
    ["user", "<backend type='passt'/>", /passt/],
    ["bridge", "<vlan><tag id='5'/></vlan>", /vlan/],
    ["bridge", "<virtualport type='openvswitch'/>", /virtualport/],
    ["bridge", "<coalesce><rx><frames max='7'/></rx></coalesce>", /coalesce/],
  ];
  for (const [type, inside, message] of cases) {
    await assert.rejects(
      async () => router.call("domainCreateXml", { xmlDesc: card(type, inside), flags: 0 }),
      (error: Error) => isLibvirtError(error, "CONFIG_UNSUPPORTED") && message.test(error.message),
      inside,
    );
  }
});
