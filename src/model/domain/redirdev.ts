/** USB redirection: a client's device in the guest, and which devices are let through. */
import {
  attr,
  fields,
  hex,
  type Infer,
  InvalidValue,
  inline,
  many,
  oneOf,
  quote,
  type Scalar,
  type Shape,
  yesNo,
} from "../../xml/index.ts";
import { charBackend } from "./chardev.ts";
import { bootable } from "./info.ts";

const redirdevShape = fields({
  bus: attr(oneOf("usb")).default("usb"),
  backend: inline(charBackend).required().inPlace(),
  ...bootable,
});
export interface Redirdev extends Infer<typeof redirdevShape> {}
export const redirdev: Shape<Redirdev> = redirdevShape;

/** An id; -1 stands for any, as if nothing were said. */
function id(digits: number): Scalar<number> {
  const number = hex(digits, 16 ** digits - 1);
  return {
    parse: (from) => (from.trim() === "-1" ? undefined : number.parse(from)),
    format: (value) => `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`,
  };
}

/** The USB version a device follows, as binary-coded decimal: `1.10` is 0x0110; -1 is any. */
const usbVersion: Scalar<number> = {
  parse(from) {
    if (from.trim() === "-1") return undefined;
    const [, major, minor] = /^(\d{1,2})\.(\d{1,2})$/.exec(from.trim()) ?? [];
    if (major === undefined || minor === undefined) throw new InvalidValue(`${quote(from)} is not a USB version`);
    return Number.parseInt(`${major.padStart(2, "0")}${minor.padEnd(2, "0")}`, 16);
  },
  format: (value) => `${(value >> 8).toString(16)}.${(value & 0xff).toString(16).padStart(2, "0")}`,
};

const redirfilterShape = fields({
  /** The first that matches decides. */
  usbdevs: many({
    class: attr(id(2)),
    vendor: attr(id(4)),
    product: attr(id(4)),
    version: attr(usbVersion),
    allow: attr(yesNo).required(),
  }).named("usbdev"),
});
export interface Redirfilter extends Infer<typeof redirfilterShape> {}
export const redirfilter: Shape<Redirfilter> = redirfilterShape;
