/** The kinds of fields a description is made of. */
import { Field, type Kind } from "./field.ts";
import type { Reader } from "./reader.ts";
import type { Scalar } from "./scalars.ts";
import { type Description, type Draft, type Infer, type Shape, shapeOf } from "./shape.ts";
import type { XmlElement } from "./tree.ts";
import { bytesPerUnit, toBytes, toKib } from "./units.ts";
import type { EmptyPolicy } from "./writer.ts";

const attributeLabel = (name: string): string => `attribute '${name}'`;
const elementLabel = (name: string): string => `element '${name}'`;

/** `<parent key='value'>` */
export function attr<T>(scalar: Scalar<T>): Field<T> {
  return new Field<T>({
    label: attributeLabel,
    read(element, name, reader) {
      const text = element.take(name);
      return text === undefined ? undefined : reader.scalar(scalar, text, element, name);
    },
    printAttributes: (value, name, writer) => writer.attribute(name, scalar.format(value)),
  });
}

/** `<key>value</key>`; an element without text is as if it were not there. */
export function leaf<T>(scalar: Scalar<T>): Field<T> {
  return new Field<T>({
    label: elementLabel,
    read(element, name, reader) {
      const child = element.takeChild(name);
      return child === undefined ? undefined : leafValue(child, scalar, reader);
    },
    printBody(value, name, writer, { empty }) {
      const text = scalar.format(value);
      if (text !== "" || empty === "keep") writer.leaf(name, text);
    },
  });
}

function leafValue<T>(child: XmlElement, scalar: Scalar<T>, reader: Reader): T | undefined {
  const text = child.takeText();
  return text === "" ? undefined : reader.scalar(scalar, text, child);
}

/** `<key>a</key><key>b</key>` as a list. */
export function leaves<T>(scalar: Scalar<T>): Field<T[], "always"> {
  return new Field<T[], "always">({
    label: elementLabel,
    nothing: [],
    read(element, name, reader) {
      const values: T[] = [];
      for (const child of element.elements()) {
        if (child.name !== name || child.claimed) continue;
        child.claimed = true;
        const value = leafValue(child, scalar, reader);
        if (value !== undefined) values.push(value);
      }
      return values;
    },
    printBody(values, name, writer) {
      for (const value of values) writer.leaf(name, scalar.format(value));
    },
    make: (draft) => [...(draft as T[])],
  });
}

/** `<key dev='value'/>` as a plain value: an element with nothing but one attribute. */
export function only<T>(attribute: string, scalar: Scalar<T>): Field<T> {
  return new Field<T>({
    label: elementLabel,
    read(element, name, reader) {
      const child = element.takeChild(name);
      if (child === undefined) return undefined;
      const text = child.take(attribute);
      if (text !== undefined) return reader.scalar(scalar, text, child, attribute);
      reader.missing(child, attributeLabel(attribute));
      return undefined;
    },
    printBody(value, name, writer) {
      writer.element(name, singleAttribute, [attribute, scalar.format(value)], "keep");
    },
  });
}

const singleAttribute = {
  namespaces: undefined,
  printAttributes: (
    [name, value]: readonly [string, string],
    writer: { attribute(name: string, value: string): void },
  ) => writer.attribute(name, value),
  printBody: () => {},
};

/** `<key/>`: true when it is there. */
export function flag(): Field<boolean, "always"> {
  return new Field<boolean, "always">({
    label: elementLabel,
    nothing: false,
    read: (element, name) => element.takeChild(name) !== undefined,
    printBody(value, name, writer) {
      if (value) writer.element(name, nothing, undefined, "keep");
    },
  });
}

const nothing = { namespaces: undefined, printAttributes: () => {}, printBody: () => {} };

/** The element's own text. */
export function content<T>(scalar: Scalar<T>): Field<T> {
  return new Field<T>({
    label: () => "text",
    read(element, _name, reader) {
      const text = element.takeText();
      return text === "" ? undefined : reader.scalar(scalar, text, element);
    },
    printBody: (value, _name, writer) => writer.content(scalar.format(value)),
  });
}

/** The unit sizes are kept and printed in; without a unit a document means the same one. */
type SizeUnit = "KiB" | "bytes" | "B";

function size(number: string, unit: string | undefined, kept: SizeUnit): bigint {
  const written = unit ?? kept;
  return kept === "KiB" ? toKib(number, written) : toBytes(number, written);
}

/** `<key unit='KiB'>value</key>` */
function sizeLeaf(unit: SizeUnit, none?: bigint): Field<bigint> {
  return new Field<bigint>({
    label: elementLabel,
    read(element, name, reader) {
      const child = element.takeChild(name);
      const value = child && readOwnSize(child, unit, reader);
      return none !== undefined && value !== undefined && value >= none ? undefined : value;
    },
    printBody: (value, name, writer) => writer.element(name, sizeElement[unit], value, "keep"),
  });
}

const sizePrinter = (unit: SizeUnit) => ({
  namespaces: undefined,
  printAttributes: (_value: bigint, writer: { attribute(name: string, value: string): void }) =>
    writer.attribute("unit", unit),
  printBody: (value: bigint, writer: { content(text: string): void }) => writer.content(String(value)),
});
const sizeElement = { KiB: sizePrinter("KiB"), bytes: sizePrinter("bytes"), B: sizePrinter("B") };

function readOwnSize(element: XmlElement, unit: SizeUnit, reader: Reader): bigint | undefined {
  const written = element.take("unit");
  const text = element.takeText();
  if (text.trim() === "") return undefined;
  return reader.convert(element, undefined, () => size(text, written, unit));
}

function sizeContent(unit: SizeUnit): Field<bigint> {
  return new Field<bigint>({
    label: () => "size",
    read: (element, _name, reader) => readOwnSize(element, unit, reader),
    printAttributes: (_value, _name, writer) => writer.attribute("unit", unit),
    printBody: (value, _name, writer) => writer.content(String(value)),
  });
}

function sizeAttr(unit: SizeUnit): Field<bigint> {
  return new Field<bigint>({
    label: attributeLabel,
    read(element, name, reader) {
      const written = element.take("unit");
      const text = element.take(name);
      if (text !== undefined) return reader.convert(element, name, () => size(text, written, unit));
      if (written !== undefined) reader.convert(element, "unit", () => bytesPerUnit(written));
      return undefined;
    },
    printAttributes(value, name, writer) {
      writer.attribute(name, String(value));
      writer.attribute("unit", unit);
    },
  });
}

/** `<memory unit='KiB'>1024</memory>`: an amount of memory in KiB; other units are converted, rounding up. */
export const kib = (): Field<bigint> => sizeLeaf("KiB");
/** Like {@link kib}, for limits: libvirt's number for "unlimited" is as if nothing were written. */
export const kibLimit = (): Field<bigint> => sizeLeaf("KiB", 9007199254740991n);
/** `key='1024' unit='KiB'` on the element itself. */
export const kibAttr = (): Field<bigint> => sizeAttr("KiB");
/** The element's own text in KiB, with its `unit` attribute printed where the field stands. */
export const kibContent = (): Field<bigint> => sizeContent("KiB");
/** `<capacity unit='bytes'>1024</capacity>`; `B` is how a few elements abbreviate the unit. */
export const bytes = (unit: "bytes" | "B" = "bytes"): Field<bigint> => sizeLeaf(unit);
/** `key='1024' unit='bytes'` on the element itself. */
export const bytesAttr = (): Field<bigint> => sizeAttr("bytes");

/** `<key ...>...</key>`: the first such element that no earlier field has claimed. */
export function child<D extends Description>(description: D): Field<Infer<D>> {
  const shape = shapeOf(description);
  return new Field(childKind(shape, (element, name) => element.takeChild(name)));
}

/**
 * A child element chosen among its namesakes by the value of an attribute: `childWhere("mode", "bind", {...})` is
 * `<source mode='bind' .../>`. The attribute is printed first.
 */
export function childWhere<D extends Description>(attribute: string, word: string, description: D): Field<Infer<D>> {
  const shape = shapeOf(description);
  const printer = {
    namespaces: undefined,
    printAttributes(value: Infer<D>, writer: Parameters<typeof shape.printAttributes>[1]): void {
      writer.attribute(attribute, word);
      shape.printAttributes(value, writer);
    },
    printBody: (value: Infer<D>, writer: Parameters<typeof shape.printBody>[1]) => shape.printBody(value, writer),
  };
  return new Field<Infer<D>>({
    ...childKind(shape, (element, name) => {
      for (const candidate of element.elements()) {
        if (candidate.name !== name || candidate.claimed || candidate.attribute(attribute) !== word) continue;
        candidate.claimed = true;
        candidate.take(attribute);
        return candidate;
      }
      return undefined;
    }),
    printBody: (value, name, writer) => writer.element(name, printer, value, "keep"),
  });
}

function childKind<T>(shape: Shape<T>, find: (element: XmlElement, name: string) => XmlElement | undefined): Kind<T> {
  return {
    label: elementLabel,
    read(element, name, reader) {
      const found = find(element, name);
      return found && shape.read(found, reader);
    },
    printBody: (value, name, writer, { empty }) => writer.element(name, shape, value, empty ?? "omit"),
    make: (draft) => shape.make(draft as Draft<T>),
  };
}

/** `<key .../><key .../>` as a list, in document order. */
export function many<D extends Description>(description: D): Field<Infer<D>[], "always"> {
  const shape = shapeOf(description);
  return new Field<Infer<D>[], "always">({
    label: elementLabel,
    nothing: [],
    empty: "keep" satisfies EmptyPolicy,
    read(element, name, reader) {
      const values: Infer<D>[] = [];
      for (const candidate of element.elements()) {
        if (candidate.name !== name || candidate.claimed) continue;
        candidate.claimed = true;
        const value = shape.read(candidate, reader);
        if (value !== undefined) values.push(value);
      }
      return values;
    },
    printBody(values, name, writer, { empty }) {
      for (const value of values) writer.element(name, shape, value, empty ?? "keep");
    },
    make: (draft) => (draft as readonly Draft<Infer<D>>[]).map((item) => shape.make(item)),
  });
}

type Alternatives = Readonly<Record<string, Description>>;

/** A child element that is one of several, told apart by their names: `{ element: "tcp", ... }` in the model. */
export type ElementOf<A extends Alternatives> = {
  [Name in keyof A & string]: { element: Name } & Infer<A[Name]>;
}[keyof A & string];

/** Elements of several names as one list that keeps their order, each with its name under `element`. */
export function manyOf<A extends Alternatives>(alternatives: A): Field<ElementOf<A>[], "always"> {
  type Item = { element: string };
  const shapes = new Map<string, Shape<Item>>();
  for (const [name, description] of Object.entries(alternatives)) {
    shapes.set(name, shapeOf(description) as unknown as Shape<Item>);
  }
  const shapeFor = (item: Item): Shape<Item> => {
    const shape = shapes.get(item.element);
    if (shape === undefined) throw new TypeError(`no element '${item.element}' here`);
    return shape;
  };
  const kind: Kind<Item[]> = {
    label: () => `one of ${[...shapes.keys()].join(", ")}`,
    nothing: [],
    empty: "keep",
    read(element, _name, reader) {
      const items: Item[] = [];
      for (const candidate of element.elements()) {
        const shape = candidate.claimed ? undefined : shapes.get(candidate.name);
        if (shape === undefined) continue;
        candidate.claimed = true;
        const value = shape.read(candidate, reader);
        if (value !== undefined) items.push({ ...value, element: candidate.name });
      }
      return items;
    },
    printBody(items, _name, writer, { empty }) {
      for (const item of items) writer.element(item.element, shapeFor(item), item, empty ?? "keep");
    },
    make: (draft) => (draft as Item[]).map((item) => ({ ...shapeFor(item).make(item), element: item.element })),
  };
  return new Field(kind) as unknown as Field<ElementOf<A>[], "always">;
}

/** Another shape on the same element, as one key of the model: `disk.storage`, chosen by the disk's own `type`. */
export function inline<D extends Description>(description: D): Field<Infer<D>> {
  const shape = shapeOf(description);
  return new Field<Infer<D>>({
    label: (name) => (shape.choice === undefined ? name : attributeLabel(shape.choice)),
    read: (element, _name, reader) => shape.read(element, reader),
    ...(shape.choice !== undefined && { printChoice: (value, _name, writer) => shape.printChoice(value, writer) }),
    printAttributes(value, _name, writer) {
      if (shape.choice === undefined) shape.printChoice(value, writer);
      shape.printOtherAttributes(value, writer);
    },
    printBody: (value, _name, writer) => shape.printBody(value, writer),
    make: (draft) => shape.make(draft as Draft<Infer<D>>),
  });
}
