/** Every device of the first floor, in the emulator that is installed: what is planned, QEMU takes. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { type LaunchOptions, planOf, startingDomain, startPlanned } from "../../../../../test/helpers/launch.ts";
import { skipWithoutQemu, temporaryFolder } from "../../../../../test/helpers/qemu.ts";
import { createTap, deleteTap } from "../../../../host/tap.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { probeEmulator } from "../../capabilities/probe.ts";
import { isJsonObject, parseJson } from "../../monitor/json.ts";

const emulator = "/usr/bin/qemu-system-x86_64";
let capabilities: QemuCapabilities;

/** A paused guest of these devices runs, and every device that was planned is in it. */
async function runs(t: TestContext, devices: string, more: Partial<LaunchOptions> & { machine?: string } = {}) {
  const folder = more.folder ?? (await temporaryFolder(t));
  const { machine = "pc" } = more;
  const options = { capabilities, ...more, folder };
  const domain = startingDomain(guest(machine, devices), options);
  const plan = planOf(domain, options);
  const monitor = await startPlanned(t, plan, folder);
  const there = await monitor.execute("qom-list", { path: "/machine/peripheral" });
  assert.ok(Array.isArray(there));
  const names = there.map((entry) => (isJsonObject(entry) ? entry.name : undefined));
  const wanted = plannedIds(plan.args);
  assert.deepEqual(
    wanted.filter((id) => !names.includes(id)),
    [],
  );
  return { monitor };
}

const guest = (machine: string, devices: string): string => `<domain type='qemu'>
  <name>every</name><uuid>0a0e4f1c-46a6-4a6b-9f2e-0b4c39f2a1de</uuid><memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='${machine}'>hvm</type></os><features><acpi/></features>
  <devices><emulator>${emulator}</emulator>${devices}</devices></domain>`;

function plannedIds(args: readonly string[]): string[] {
  const ids: string[] = [];
  args.forEach((word, at) => {
    if (args[at - 1] !== "-device") return;
    const props = parseJson(word);
    if (isJsonObject(props) && typeof props.id === "string") ids.push(props.id);
  });
  return ids;
}

async function image(folder: string, name: string, ...options: string[]): Promise<string> {
  const path = join(folder, name);
  await promisify(execFile)("qemu-img", ["create", "-q", ...options, path, ...(options.includes("-b") ? [] : ["1M"])]);
  return path;
}

const disk = (path: string, target: string, more = "", driver = "type='raw'", kind = "disk"): string =>
  `<disk type='file' device='${kind}'><driver name='qemu' ${driver}/><source file='${path}'/>${target}${more}</disk>`;

describe("devices of the first floor in the real emulator", { skip: skipWithoutQemu }, () => {
  before(async () => {
    capabilities = await probeEmulator(emulator);
  });

  test("disks on every bus, empty drives, chains, limits of writing", async (t) => {
    const folder = await temporaryFolder(t);
    const raw = async (name: string) => image(folder, name, "-f", "raw");
    const base = await image(folder, "base.qcow2", "-f", "qcow2");
    const middle = await image(folder, "middle.qcow2", "-f", "qcow2", "-F", "qcow2", "-b", base);
    const top = await image(folder, "top.qcow2", "-f", "qcow2", "-F", "qcow2", "-b", middle);
    const chain =
      `<backingStore type='file'><format type='qcow2'/><source file='${middle}'/>` +
      `<backingStore type='file'><format type='qcow2'/><source file='${base}'/><backingStore/></backingStore></backingStore>`;
    const { monitor } = await runs(
      t,
      [
        disk(top, "<target dev='vda' bus='virtio'/>", `${chain}<boot order='1'/>`, "type='qcow2' discard='unmap'"),
        disk(await raw("vdb"), "<target dev='vdb' bus='virtio'/>", "<serial>one</serial>", "cache='none' io='native'"),
        disk(await raw("vdc"), "<target dev='vdc' bus='virtio'/>", "", "copy_on_read='on' queues='2'"),
        disk(await raw("vdd"), "<target dev='vdd' bus='virtio'/>", "<shareable/>", "type='raw' error_policy='stop'"),
        disk(await raw("vde"), "<target dev='vde' bus='virtio'/>", "<readonly/>"),
        disk(await raw("sda"), "<target dev='sda' bus='scsi' rotation_rate='1'/>", "<wwn>5000c50015ea71ac</wwn>"),
        disk(await raw("sdb"), "<target dev='sdb' bus='scsi'/><readonly/>", "", "type='raw'", "cdrom"),
        disk(await raw("hda"), "<target dev='hda' bus='ide'/>", "<blockio logical_block_size='512'/>"),
        "<disk type='file' device='cdrom'><target dev='hdb' bus='ide'/></disk>",
        disk(await raw("sdd"), "<target dev='sdd' bus='usb' removable='on'/>"),
        disk(await raw("sde"), "<target dev='sde' bus='sata'/>", "", "type='raw' cache='writethrough'"),
        disk(await raw("fda"), "<target dev='fda' bus='fdc'/>", "<boot order='2'/>", "type='raw'", "floppy"),
        "<controller type='scsi' index='0' model='virtio-scsi'/>",
      ].join(""),
      { folder },
    );
    const nodes = await monitor.execute("query-named-block-nodes", { flat: true });
    assert.ok(Array.isArray(nodes));
    const files = nodes.map((node) => (isJsonObject(node) ? String(node["node-name"]) : ""));
    assert.equal(files.filter((name) => /^libvirt-\d+-storage$/.test(name)).length, 13, "each image is a node");
    assert.ok(files.includes("libvirt-CoR-vdc"));
  });

  test("floppy drives of a Q35 machine have a controller of their own", async (t) => {
    const folder = await temporaryFolder(t);
    const path = await image(folder, "fda", "-f", "raw");
    await runs(t, disk(path, "<target dev='fda' bus='fdc'/>", "", "type='raw'", "floppy"), { folder, machine: "q35" });
  });

  test("network cards of QEMU's own network", async (t) => {
    const card = (model: string, more = "") => `<interface type='user'><model type='${model}'/>${more}</interface>`;
    const virtio = "<driver txmode='iothread' rx_queue_size='512'><host csum='off'/><guest tso4='off'/></driver>";
    await runs(
      t,
      [
        card("virtio", `${virtio}<mtu size='1400'/><boot order='1'/><rom bar='off'/>`),
        card("virtio-transitional"),
        card("virtio-non-transitional"),
        card("e1000"),
        card("e1000e", "<rom enabled='no'/>"),
        card("rtl8139"),
        card("usb-net"),
        "<interface type='user'><ip address='10.1.2.0' family='ipv4' prefix='24'/><model type='virtio'/></interface>",
      ].join(""),
      { machine: "q35" },
    );
  });

  test("a network card on a tap device", async (t) => {
    if (process.geteuid?.() !== 0) return t.skip("making a tap device needs root");
    const name = await createTap({ name: "tsvdev%d", domain: "QEMU" });
    t.after(() => deleteTap(name, "QEMU"));
    const devices = "<interface type='ethernet'><model type='virtio'/></interface>";
    await runs(t, devices, { facts: { tap: () => ({ name }), vhostNet: false } });
  });

  test("serial and parallel ports, consoles and channels over every kind of host's end", async (t) => {
    const folder = await temporaryFolder(t);
    const socket = (name: string) => `<source mode='bind' path='${join(folder, name)}'/>`;
    await runs(
      t,
      [
        `<serial type='pty'><log file='${join(folder, "log")}' append='on'/><target port='0'/></serial>`,
        `<serial type='unix'>${socket("serial")}<target type='pci-serial'/></serial>`,
        `<serial type='file'><source path='${join(folder, "out")}' append='on'/><target type='usb-serial'/></serial>`,
        "<serial type='null'><target type='isa-debug'/><address type='isa' iobase='0x402'/></serial>",
        "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='0'/><protocol type='telnet'/>" +
          "<target port='3'/></serial>",
        "<parallel type='udp'><source mode='bind' host='127.0.0.1' service='0'/>" +
          "<source mode='connect' host='127.0.0.1' service='9'/></parallel>",
        "<console type='pty'><target type='serial'/></console><console type='pty'><target type='virtio'/></console>",
        "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
        "<channel type='pty'><target type='virtio'/></channel>",
        `<channel type='unix'>${socket("forward")}<target type='guestfwd' address='10.0.2.1' port='4600'/></channel>`,
        "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/><mouse mode='client'/></source>" +
          "<target type='virtio'/></channel>",
      ].join(""),
      { folder },
    );
  });

  test("input devices, VNC, and what SPICE brings", async (t) => {
    const folder = await temporaryFolder(t);
    await runs(
      t,
      [
        ...["tablet", "mouse", "keyboard"].flatMap((type) => [
          `<input type='${type}' bus='usb'/>`,
          `<input type='${type}' bus='virtio'/>`,
        ]),
        `<graphics type='vnc' socket='${join(folder, "vnc")}'/>`,
        `<graphics type='spice'><listen type='socket' socket='${join(folder, "spice")}'/></graphics>`,
        "<channel type='spicevmc'><target type='virtio'/></channel>",
        "<channel type='spiceport'><source channel='org.example.port'/><target type='virtio'/></channel>",
        "<redirdev type='spicevmc'/><redirfilter><usbdev class='0x08' allow='yes'/><usbdev allow='no'/></redirfilter>",
        "<smartcard mode='passthrough' type='spicevmc'/>",
        "<video><model type='qxl' heads='1'/></video><video><model type='qxl'/></video>",
      ].join(""),
      { folder },
    );
  });

  for (const type of ["vga", "cirrus", "vmvga", "virtio", "bochs", "qxl", "ramfb"]) {
    test(`a graphics card of type ${type}`, async (t) => {
      const heads = type === "virtio" ? "<resolution x='800' y='600'/>" : "";
      await runs(t, `<video><model type='${type}'>${heads}</model></video>`, { machine: "q35" });
    });
  }

  test("sound cards and their codecs", async (t) => {
    const codecs = "<codec type='micro'/><codec type='duplex'/><codec type='output'/>";
    const cards = ["ich6", "ac97", "es1370", "sb16", "usb", "pcspk"].map((model) => `<sound model='${model}'/>`);
    await runs(t, `${cards.join("")}<sound model='ich9'>${codecs}</sound>`);
  });

  for (const model of ["i6300esb", "ib700", "itco"]) {
    test(`a watchdog of model ${model}`, async (t) => {
      await runs(t, `<watchdog model='${model}' action='pause'/>`, { machine: "q35" });
    });
  }

  test("random numbers, the balloon, panics, shared memory, shared folders", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, "file"), "");
    await runs(
      t,
      [
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend><rate bytes='1024'/></rng>",
        "<rng model='virtio'><backend model='builtin'/></rng>",
        `<rng model='virtio'><backend model='egd' type='unix'><source mode='bind' path='${join(folder, "egd")}'/></backend></rng>`,
        "<memballoon model='virtio' autodeflate='on' freePageReporting='on'><stats period='5'/></memballoon>",
        "<panic model='isa'><address type='isa' iobase='0x505'/></panic>",
        `<filesystem type='mount' accessmode='mapped'><source dir='${folder}'/><target dir='share'/><readonly/></filesystem>`,
      ].join(""),
      { folder },
    );
  });

  test("controllers of machine pc", async (t) => {
    const scsi = ["virtio-scsi", "lsilogic", "lsisas1068", "lsisas1078", "vmpvscsi", "dc390", "am53c974"];
    const usb = ["piix3-uhci", "piix4-uhci", "ehci", "pci-ohci", "nec-xhci", "qemu-xhci"];
    await runs(
      t,
      [
        ...usb.map((model, index) => `<controller type='usb' index='${index}' model='${model}'/>`),
        ...["ich9-ehci1", "ich9-uhci1", "ich9-uhci2", "ich9-uhci3"].map(
          (model) => `<controller type='usb' index='9' model='${model}'/>`,
        ),
        ...scsi.map((model, index) => `<controller type='scsi' index='${index}' model='${model}'/>`),
        "<controller type='virtio-serial' index='0' ports='4' vectors='2'/><controller type='sata' index='0'/>",
        "<controller type='pci' model='pci-bridge' index='1'/><controller type='pci' model='pci-expander-bus' index='2'/>",
        "<controller type='ccid' index='0'/><hub type='usb'/>",
      ].join(""),
    );
  });

  test("controllers of machine q35", async (t) => {
    const pci = [
      "pcie-root",
      "pcie-root-port",
      "pcie-root-port",
      "dmi-to-pci-bridge",
      "pcie-to-pci-bridge",
      "pcie-switch-upstream-port",
      "pcie-switch-downstream-port",
      "pcie-expander-bus",
    ];
    await runs(
      t,
      `${pci.map((model, index) => `<controller type='pci' index='${index}' model='${model}'/>`).join("")}<iommu model='intel'/>`,
      { machine: "q35" },
    );
  });
});
