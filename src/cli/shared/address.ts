/** Addresses of devices as people write them: `pci:0000.00.05.00`, `scsi:00.00.00`. */
import { CommandError } from "../error.ts";
import { element } from "./xml.ts";

interface AddressForm {
  readonly pattern: RegExp;
  /** Attributes by the pattern's groups. */
  readonly attributes: (groups: readonly number[]) => Record<string, string>;
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

const drive = ([controller = 0, bus = 0, unit = 0]: readonly number[]) => ({
  type: "drive",
  controller: String(controller),
  bus: String(bus),
  unit: String(unit),
});

const forms: Readonly<Record<string, AddressForm>> = {
  pci: {
    pattern: /^pci:([0-9a-f]{1,4})\.([0-9a-f]{1,2})\.([0-9a-f]{1,2})\.([0-9a-f])$/i,
    attributes: ([domain = 0, bus = 0, slot = 0, func = 0]) => ({
      type: "pci",
      domain: hex(domain, 4),
      bus: hex(bus, 2),
      slot: hex(slot, 2),
      function: hex(func, 1),
    }),
  },
  ccw: {
    pattern: /^ccw:([0-9a-f]{1,2})\.([0-9a-f])\.([0-9a-f]{1,4})$/i,
    attributes: ([cssid = 0, ssid = 0, devno = 0]) => ({
      type: "ccw",
      cssid: hex(cssid, 2),
      ssid: hex(ssid, 1),
      devno: hex(devno, 4),
    }),
  },
  scsi: { pattern: /^scsi:([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,6})$/, attributes: drive },
  sata: { pattern: /^sata:([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,6})$/, attributes: drive },
  ide: { pattern: /^ide:([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,6})$/, attributes: drive },
  usb: {
    pattern: /^usb:([0-9]{1,4})\.([0-9]{1,4})$/,
    attributes: ([bus = 0, port = 0]) => ({ type: "usb", bus: String(bus), port: String(port) }),
  },
};

/** What virsh says when the address does not fit the target's kind of bus. */
const expectations: readonly (readonly [target: RegExp, kinds: readonly string[], message: string])[] = [
  [/^vd/, ["pci", "ccw"], "expecting a pci:0000.00.00.00 or ccw:00.0.0000 address."],
  [/^sd/, ["scsi", "usb", "sata"], "expecting a scsi:00.00.00 or usb:00.00 or sata:00.00.00 address."],
  [/^hd/, ["ide"], "expecting an ide:00.00.00 address."],
];

/** The `<address>` of a disk with that target. @throws {CommandError} when it is none for such a disk */
export function parseDeviceAddress(address: string, target: string, multifunction: boolean): string {
  const kind = address.slice(0, Math.max(0, address.indexOf(":")));
  const form = forms[kind];
  const match = form?.pattern.exec(address);
  if (form === undefined || match == null) throw new CommandError("Invalid address.");
  const expected = expectations.find(([pattern]) => pattern.test(target));
  if (expected !== undefined && !expected[1].includes(kind)) throw new CommandError(expected[2]);
  const base = kind === "pci" || kind === "ccw" ? 16 : 10;
  const groups = match.slice(1).map((digits) => Number.parseInt(digits, base));
  return element("address", {
    ...form.attributes(groups),
    multifunction: multifunction && kind === "pci" ? "on" : undefined,
  });
}
