/** What every device may have besides its own: boot order, alias, option ROM, ACPI index, address. */
import { attr, child, only, onOff, type Scalar, text, uint, yesNo } from "../../xml/index.ts";
import { address } from "./address.ts";
import { positive } from "./numbers.ts";

export function isUserAlias(alias: string): boolean {
  return /^ua-[A-Za-z0-9_.-]*$/.test(alias);
}

const alias = only("name", text).live(isUserAlias);
/** The index a NIC's name in the guest derives from (`eno1`), given through ACPI. */
const acpi = child({ index: attr(uint()) });

/** Kept in capitals, as the s390 firmware reads it. */
const loadparm: Scalar<string> = { parse: (from) => from.toUpperCase(), format: (value) => value };

/** Place in the order in which devices are tried for booting; `loadparm` is for s390. */
const boot = child({ order: attr(positive).required(), loadparm: attr(loadparm) });

/** The device's option ROM. */
const rom = child({
  enabled: attr(yesNo),
  /** Whether the guest sees it in the PCI BAR. */
  bar: attr(onOff),
  file: attr(text),
});

/** Devices one cannot boot from. */
export const info = { alias, acpi, address: child(address) };
/** Devices one can boot from. */
export const bootable = { boot, ...info };
/** Devices with an option ROM one can boot from. */
export const bootableRom = { boot, alias, rom, acpi, address: child(address) };
/** USB controllers may be companions of another, beginning at one of its ports. */
export const companion = {
  alias,
  master: child({ startport: attr(uint()).required() }),
  acpi,
  address: child(address),
};
