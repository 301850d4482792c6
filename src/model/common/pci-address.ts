/** PCI addresses on the host. */
import { attr, fields, hex, type Infer, type Shape } from "../../xml/index.ts";

/** The four numbers of a PCI address, as attributes: spread them into a description. */
export const pciAddressFields = {
  domain: attr(hex(4, 0xffff_ffff)).default(0),
  bus: attr(hex(2, 0xff)).default(0),
  slot: attr(hex(2, 0x1f)).default(0),
  function: attr(hex(1, 7)).default(0),
};

const pciAddressShape = fields(pciAddressFields);

export interface PciAddress extends Infer<typeof pciAddressShape> {}
export const pciAddress: Shape<PciAddress> = pciAddressShape;

const digits = (value: number, count: number): string => value.toString(16).padStart(count, "0");

/** `0000:03:00.1` */
export function pciAddressText({ domain, bus, slot, function: part }: PciAddress): string {
  return `${digits(domain, 4)}:${digits(bus, 2)}:${digits(slot, 2)}.${part}`;
}
