/** Owner and mode of a pool's directory or of a volume's file. */
import { fields, type Infer, InvalidValue, leaf, nonEmpty, quote, type Scalar, type Shape } from "../../xml/index.ts";

/** An octal file mode without type, printed with a leading zero. */
const mode: Scalar<number> = {
  parse(from) {
    if (!/^0*[0-7]{1,3}$/.test(from.trim())) throw new InvalidValue(`${quote(from)} is not an octal mode up to 0777`);
    return Number.parseInt(from, 8);
  },
  format: (value) => `0${value.toString(8)}`,
};

/** A numeric user or group; -1, which leaves it as it is, is as if nothing were said. */
const owner: Scalar<number> = {
  parse(from) {
    const value = /^\s*(-1|\d{1,10})\s*$/.test(from) ? Number(from) : Number.NaN;
    if (!(value <= 0xffff_ffff)) throw new InvalidValue(`${quote(from)} is not a numeric user or group`);
    return value === -1 || value === 0xffff_ffff ? undefined : value;
  },
  // libvirt prints the number as a signed one.
  format: (value) => String(value | 0),
};

const permissionsShape = fields({
  mode: leaf(mode),
  owner: leaf(owner),
  group: leaf(owner),
  /** Security label. */
  label: leaf(nonEmpty),
});
export interface Permissions extends Infer<typeof permissionsShape> {}
export const permissions: Shape<Permissions> = permissionsShape;
