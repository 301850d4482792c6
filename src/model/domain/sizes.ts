/** Amounts of memory that are written in an unusual unit, or with the unit in an unusual place. All are kept in bytes. */
import { Field, toBytes } from "../../xml/index.ts";

interface Style {
  /** The attribute that holds the unit. */
  readonly unitAttribute: string;
  /** The unit of a number that has none. */
  readonly assumed: string;
  readonly print: (bytes: bigint) => { readonly number: bigint; readonly unit: string };
}

/** `key='4' units='KiB'` */
function sizeAttr({ unitAttribute, assumed, print }: Style): Field<bigint> {
  return new Field<bigint>({
    label: (name) => `attribute '${name}'`,
    read(element, name, reader) {
      const unit = element.take(unitAttribute) ?? assumed;
      const number = element.take(name);
      if (number === undefined) return undefined;
      return reader.convert(element, name, () => toBytes(number, unit));
    },
    printAttributes(value, name, writer) {
      const { number, unit } = print(value);
      writer.attribute(name, String(number));
      writer.attribute(unitAttribute, unit);
    },
  });
}

const kibibytes = (bytes: bigint) => ({ number: bytes >> 10n, unit: "KiB" });

/** The largest unit that divides the amount. */
function largestUnit(bytes: bigint): { number: bigint; unit: string } {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let number = bytes;
  let at = 0;
  while (number !== 0n && number % 1024n === 0n && at < units.length - 1) {
    number /= 1024n;
    at++;
  }
  return { number, unit: units[at] ?? "B" };
}

/** Size of a RAM file system: `usage='4096' units='KiB'`. */
export const usageAttr = (): Field<bigint> => sizeAttr({ unitAttribute: "units", assumed: "bytes", print: kibibytes });

/** Size of a part of a CPU cache: `size='3' unit='MiB'`, in the largest unit that fits. */
export const cacheSizeAttr = (): Field<bigint> =>
  sizeAttr({ unitAttribute: "unit", assumed: "KiB", print: largestUnit });

/** Length of a cache line: `value='64' unit='B'`. */
export const lineSizeAttr = (): Field<bigint> =>
  sizeAttr({ unitAttribute: "unit", assumed: "bytes", print: (bytes) => ({ number: bytes, unit: "B" }) });

/** `<key unit='M'>4</key>` */
function sizeLeaf(print: (bytes: bigint) => { number: bigint; unit: string }): Field<bigint> {
  const printer = {
    namespaces: undefined,
    printAttributes: (bytes: bigint, writer: { attribute(name: string, value: string): void }) =>
      writer.attribute("unit", print(bytes).unit),
    printBody: (bytes: bigint, writer: { content(text: string): void }) => writer.content(String(print(bytes).number)),
  };
  return new Field<bigint>({
    label: (name) => `element '${name}'`,
    read(element, name, reader) {
      const child = element.takeChild(name);
      if (child === undefined) return undefined;
      const unit = child.take("unit") ?? "bytes";
      const number = child.takeText();
      return reader.convert(child, undefined, () => toBytes(number, unit));
    },
    printBody: (value, name, writer) => writer.element(name, printer, value, "keep"),
  });
}

/** Size of shared memory: `<size unit='M'>4</size>`. */
export const sharedMemorySize = (): Field<bigint> => sizeLeaf((bytes) => ({ number: bytes >> 20n, unit: "M" }));

/** `<tseg unit='MiB'>48</tseg>`, in the largest unit that fits. */
export const prettySize = (): Field<bigint> => sizeLeaf(largestUnit);
