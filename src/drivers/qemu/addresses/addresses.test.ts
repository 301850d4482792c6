/** Places of devices: what holds for every definition, and the rules one by one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fakeCapabilities } from "../../../../test/helpers/qemu-capabilities.ts";
import { type Address, allDevices, type Domain, formatDomain, parseDomain } from "../../../model/domain/index.ts";
import { completionFor, type DefinitionContext } from "../definition/index.ts";

const flags = [
  ...["pcie-root-port", "pcie-pci-bridge", "virtio-pci-non-transitional", "qemu-xhci", "piix3-usb-uhci"],
  ...["ich9-usb-ehci1", "virtio-scsi-pci", "lsi", "cirrus-vga", "rtl8139", "e1000", "virtio-net", "pci-bridge"],
];

function context(options: Partial<DefinitionContext> = {}): DefinitionContext {
  return {
    capabilities: fakeCapabilities(flags),
    hostArch: "x86_64",
    emulatorFor: (arch) => `/usr/bin/qemu-system-${arch}`,
    channelFolder: "/channels",
    abiUpdate: true,
    ...options,
  };
}

const document = (machine: string, devices: string): string =>
  `<domain type='qemu'><name>a</name><uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid><memory>262144</memory>
   <os><type arch='x86_64' machine='${machine}'>hvm</type></os><devices>${devices}</devices></domain>`;

function place(machine: string, devices: string, options: Partial<DefinitionContext> = {}): Domain {
  return parseDomain(document(machine, devices), { inactive: true, ...completionFor(context(options)) });
}

/** A place as one word; undefined for what others may share. */
function wordOf(kind: string, address: Address): string | undefined {
  switch (address.type) {
    case "pci":
      return `pci ${address.bus}:${address.slot}.${address.function}`;
    case "usb":
      return `usb ${address.bus}:${address.port}`;
    case "virtio-serial":
      return `serial ${address.controller}:${address.port}`;
    case "drive":
      return `${kind} ${address.controller}:${address.bus}:${address.target}:${address.unit}`;
    default:
      return undefined;
  }
}

function placesOf(domain: Domain): string[] {
  const words: string[] = [];
  for (const { kind, device } of allDevices(domain)) {
    const bus = kind === "disks" ? ` ${(device as { target: { bus?: string } }).target.bus}` : "";
    const word = device.address === undefined ? undefined : wordOf(`${kind}${bus}`, device.address);
    if (word !== undefined) words.push(word);
  }
  return words;
}

const letters = (count: number): string => String.fromCharCode(0x61 + count);

/** Devices of every bus, as their number of each kind. */
const shelf = fc.record({
  machine: fc.constantFrom("pc", "q35"),
  virtioDisks: fc.nat({ max: 24 }),
  sataDisks: fc.nat({ max: 8 }),
  scsiDisks: fc.nat({ max: 9 }),
  oldCards: fc.nat({ max: 4 }),
  cards: fc.nat({ max: 4 }),
  channels: fc.nat({ max: 34 }),
  mice: fc.nat({ max: 12 }),
  usb2: fc.boolean(),
  graphics: fc.boolean(),
  fixedSlot: fc.option(fc.integer({ min: 3, max: 20 }), { nil: undefined }),
  bridges: fc.nat({ max: 2 }),
});
type Shelf = typeof shelf extends fc.Arbitrary<infer T> ? T : never;

const repeat = (count: number, one: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => one(at)).join("");

function devicesOf(of: Shelf): string {
  const disk = (prefix: string, bus: string) => (at: number) =>
    `<disk type='file'><source file='/${prefix}${at}'/><target dev='${prefix}${letters(at)}' bus='${bus}'/></disk>`;
  const card = (model: string) => () => `<interface type='user'><model type='${model}'/></interface>`;
  const at = of.fixedSlot === undefined ? "" : `<address type='pci' bus='0' slot='${of.fixedSlot}'/>`;
  const bridge = of.machine === "pc" ? "pci-bridge" : "pcie-root-port";
  const parts = ["ehci1", "uhci1", "uhci2", "uhci3"].map(
    (part) => `<controller type='usb' index='0' model='ich9-${part}'/>`,
  );
  return [
    repeat(of.bridges, (index) => `<controller type='pci' index='${index + 1}' model='${bridge}'/>`),
    of.usb2 ? parts.join("") : "",
    repeat(of.virtioDisks, disk("vd", "virtio")),
    repeat(of.scsiDisks, disk("sd", "scsi")),
    repeat(of.sataDisks, (index) => disk("sd", "sata")(index + 9)),
    repeat(of.oldCards, card("e1000")),
    repeat(of.cards, card("virtio")),
    repeat(of.channels, (port) => `<channel type='pty'><target type='virtio' name='c${port}'/></channel>`),
    repeat(of.mice, () => "<input type='mouse' bus='usb'/>"),
    of.graphics ? "<graphics type='vnc'/>" : "",
    `<rng model='virtio'><backend model='random'>/dev/urandom</backend>${at}</rng>`,
  ].join("");
}

describe("addresses of any definition", () => {
  const runs = { numRuns: 150 };

  it("are not shared", () => {
    fc.assert(
      fc.property(shelf, (of) => {
        const places = placesOf(place(of.machine, devicesOf(of)));
        assert.equal(new Set(places).size, places.length, places.join("\n"));
      }),
      runs,
    );
  });

  it("stay as they are when the definition is read again, and nothing is added", () => {
    fc.assert(
      fc.property(shelf, (of) => {
        const once = place(of.machine, devicesOf(of));
        const text = formatDomain(once, { inactive: true });
        const again = parseDomain(text, { inactive: true, ...completionFor(context()) });
        assert.deepEqual(placesOf(again).sort(), placesOf(once).sort());
        const third = parseDomain(formatDomain(again), { inactive: true, ...completionFor(context()) });
        assert.equal(formatDomain(third), formatDomain(again));
      }),
      runs,
    );
  });

  it("stay when they were given", () => {
    fc.assert(
      fc.property(shelf, (of) => {
        const { devices } = place(of.machine, devicesOf(of));
        if (of.fixedSlot === undefined) return;
        const [rng] = devices.rngs;
        assert.deepEqual(rng?.address, { type: "pci", domain: 0, bus: 0, slot: of.fixedSlot, function: 0 });
      }),
      runs,
    );
  });

  it("name only buses, controllers and hubs that are there", () => {
    fc.assert(
      fc.property(shelf, (of) => {
        const { devices } = place(of.machine, devicesOf(of));
        const has = (type: string, index: number) =>
          devices.controllers.some((one) => one.type === type && one.index === index);
        for (const { device } of allDevices({ devices })) {
          const { address } = device;
          if (address?.type === "pci") assert.ok(has("pci", address.bus), `no bus ${address.bus}`);
          if (address?.type === "virtio-serial") assert.ok(has("virtio-serial", address.controller));
          if (address?.type === "usb") assert.ok(has("usb", address.bus));
        }
        assert.equal(devices.controllers.length, new Set(devices.controllers).size);
      }),
      runs,
    );
  });
});

const addressOf = (domain: Domain, index: number) =>
  domain.devices.controllers.find((one) => one.type === "pci" && one.index === index)?.address;

describe("PCI", () => {
  it("puts old devices of a Q35 guest behind a bridge, new ones behind ports of their own", () => {
    const domain = place("q35", "<interface type='user'><model type='e1000'/></interface><vsock model='virtio'/>");
    const models = domain.devices.controllers.flatMap((one) => (one.type === "pci" ? [one.model] : []));
    assert.deepEqual(models.slice(0, 3), ["pcie-root", "pcie-root-port", "pcie-to-pci-bridge"]);
    assert.equal(domain.devices.interfaces[0]?.address?.type === "pci" && domain.devices.interfaces[0].address.bus, 2);
  });

  it("keeps a port free for one more device, but only where buses are its own affair", () => {
    const own = place("q35", "<controller type='usb' model='none'/><memballoon model='virtio'/>");
    const ports = own.devices.controllers.filter((one) => one.type === "pci" && one.model === "pcie-root-port");
    assert.equal(ports.length, 2);
    const given = place(
      "q35",
      "<controller type='pci' index='1' model='pcie-root-port'/><controller type='usb' model='none'/><memballoon model='virtio'/>",
    );
    assert.equal(given.devices.controllers.filter(({ type }) => type === "pci").length, 2);
  });

  it("makes ports share a slot, and says so in the first", () => {
    const domain = place("q35", "<controller type='usb' model='none'/><memballoon model='virtio'/>");
    assert.deepEqual(addressOf(domain, 1), {
      type: "pci",
      domain: 0,
      bus: 0,
      slot: 1,
      function: 0,
      multifunction: true,
    });
    assert.deepEqual(addressOf(domain, 2), { type: "pci", domain: 0, bus: 0, slot: 1, function: 1 });
  });

  it("adds a bridge to a PC when its slots run out", () => {
    const bridges = (cards: number) =>
      place(
        "pc",
        repeat(cards, () => "<interface type='user'><model type='e1000'/></interface>"),
      ).devices.controllers.filter((one) => one.type === "pci" && one.model === "pci-bridge").length;
    // Slots 2 to 31, one of them for the balloon.
    assert.equal(bridges(28), 0);
    assert.equal(bridges(30), 1);
  });

  it("refuses two devices in one place, and places that do not exist", () => {
    const at = (place: string) =>
      `<interface type='user'><model type='e1000'/><address type='pci' ${place}/></interface>`;
    assert.throws(
      () => place("pc", at("slot='5'") + at("slot='5'")),
      /Attempted double use of PCI Address 0000:00:05\.0/,
    );
    assert.throws(() => place("pc", at("domain='1' slot='5'")), /Only PCI domain 0 is available/);
    assert.throws(() => place("pc", at("bus='1' slot='0'")), /Invalid PCI address 0000:01:00\.0\. slot must be >= 1/);
  });

  it("has the primary card where guests look for it", () => {
    for (const [machine, slot] of [
      ["pc", 2],
      ["q35", 1],
    ] as const) {
      const [video] = place(machine, "<graphics type='vnc'/>").devices.videos;
      assert.deepEqual(video?.address, { type: "pci", domain: 0, bus: 0, slot, function: 0 });
    }
  });
});

describe("USB", () => {
  it("adds hubs when ports run out, and leaves guests that exist alone", () => {
    const mice = repeat(9, () => "<input type='mouse' bus='usb'/>");
    const devices = `<controller type='usb' index='0' model='piix3-uhci'/>${mice}`;
    assert.equal(place("pc", devices).devices.hubs.length, 2);
    const old = place("pc", devices, { abiUpdate: false });
    assert.equal(old.devices.hubs.length, 0);
    assert.ok(old.devices.inputs.every(({ bus, address }) => bus !== "usb" || address === undefined));
  });

  it("refuses ports that are not there", () => {
    const mouse = (port: string) =>
      `<input type='mouse' bus='usb'><address type='usb' bus='0' port='${port}'/></input>`;
    assert.throws(() => place("pc", mouse("3")), /requested USB port 3 not present on USB bus 0/);
    assert.throws(() => place("pc", mouse("1") + mouse("1")), /Duplicate USB address bus 0 port 1/);
  });
});

describe("virtio-serial", () => {
  it("keeps port 0 for a console, and adds a controller when ports run out", () => {
    const { devices } = place(
      "pc",
      repeat(31, (at) => `<channel type='pty'><target type='virtio' name='${at}'/></channel>`),
    );
    assert.deepEqual(devices.channels[0]?.address, { type: "virtio-serial", controller: 0, bus: 0, port: 1 });
    assert.deepEqual(devices.channels[30]?.address, { type: "virtio-serial", controller: 1, bus: 0, port: 1 });
  });
});
