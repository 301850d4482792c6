/** Where a device sits in the guest: `<address type='pci' .../>` and its other kinds. */
import {
  attr,
  child,
  type Draft,
  fields,
  hex,
  hexLong,
  type Infer,
  onOff,
  pattern,
  type Reader,
  Shape,
  uint,
  variants,
  type Writer,
  type XmlElement,
} from "../../xml/index.ts";
import { pciAddressFields } from "../common/pci-address.ts";

const pciFields = fields({
  ...pciAddressFields,
  multifunction: attr(onOff),
  /** s390 only: the identifiers a PCI function has on a zPCI machine. */
  zpci: child({ uid: attr(hex(4, 0xffff)), fid: attr(hex(8)) }),
});
interface PciDeviceAddress extends Infer<typeof pciFields> {}

/** A PCI address that is all zero stands for "on PCI, place not chosen yet", and prints no numbers. */
class PciDeviceShape extends Shape<PciDeviceAddress> {
  readonly #inner: Shape<PciDeviceAddress> = pciFields;
  readonly #unplaced: Shape<Pick<PciDeviceAddress, "multifunction">> = fields({ multifunction: attr(onOff) });

  get choice(): undefined {
    return undefined;
  }
  read(element: XmlElement, reader: Reader): PciDeviceAddress | undefined {
    return this.#inner.read(element, reader);
  }
  printChoice(): void {}
  printOtherAttributes(value: PciDeviceAddress, writer: Writer): void {
    if (isUnplaced(value)) this.#unplaced.printOtherAttributes(value, writer);
    else this.#inner.printOtherAttributes(value, writer);
  }
  printBody(value: PciDeviceAddress, writer: Writer): void {
    if (value.zpci?.uid !== undefined || value.zpci?.fid !== undefined) this.#inner.printBody(value, writer);
  }
  make(draft: Draft<PciDeviceAddress>): PciDeviceAddress {
    return this.#inner.make(draft);
  }
}

/** Whether a PCI address only says that the device is on PCI: slot 0 of the root bus is the bus's own. */
export function isUnplaced({ domain, bus, slot }: PciDeviceAddress): boolean {
  return domain === 0 && bus === 0 && slot === 0;
}

/** A USB port, with the ports of the hubs on the way to it: `1.2`. */
const usbPort = pattern(/\d{1,3}(\.\d{1,3}){0,3}/, "a USB port such as 1 or 1.2");

const index = attr(uint()).default(0);

const addressShape = variants("type", {
  pci: new PciDeviceShape(),
  drive: { controller: index, bus: index, target: index, unit: index },
  "virtio-serial": { controller: index, bus: index, port: index },
  ccid: { controller: index, slot: index },
  usb: { bus: index, port: attr(usbPort) },
  "spapr-vio": { reg: attr(hexLong(8)) },
  "virtio-s390": {},
  ccw: {
    cssid: attr(hex(1, 0xfe)).default(0),
    ssid: attr(hex(1, 3)).default(0),
    /** Missing where only the bus is decided. */
    devno: attr(hex(4, 0xffff)),
  },
  "virtio-mmio": {},
  isa: { iobase: attr(hex(1, 0xffff)), irq: attr(hex(1, 0xff)) },
  dimm: {
    slot: index,
    /** Guest-physical address. */
    base: attr(hexLong()),
  },
  /** Deliberately invisible to the guest. */
  unassigned: {},
});

export type Address = Infer<typeof addressShape>;
export const address: Shape<Address> = addressShape;

export type AddressType = Address["type"];
export type AddressOf<T extends AddressType> = Extract<Address, { type: T }>;
