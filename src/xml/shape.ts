/**
 * The two notions of a description. A {@link Shape} is what an element holds: it reads a value from a node and prints
 * the value's attributes and body. A {@link Field} is one key of a record of fields: an attribute, a child, a list.
 */
import type { ErrorName } from "../errors.ts";
import type { Reader } from "./reader.ts";
import type { XmlElement } from "./tree.ts";
import type { Printer, Writer } from "./writer.ts";

/** Flattens an intersection so that editors show its members. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** Whether a key of the model is always there, may be missing, or does not exist (derived output). */
export type Presence = "always" | "optional" | "never";

/** What descriptions are made of; `F["value"]` is the type of the key's value. */
export interface AnyField {
  readonly value: unknown;
  readonly presence: Presence;
  bind(key: string): Slot;
}

/** A record of fields: the keys in the order in which libvirt prints them. */
export interface Fields {
  readonly [key: string]: AnyField;
}

/** The type a record of fields stands for. Homomorphic, so that comments and definitions are found from the model. */
export type Values<F extends Fields> = Simplify<
  { -readonly [K in keyof F as F[K]["presence"] extends "always" ? K : never]: F[K]["value"] } & {
    -readonly [K in keyof F as F[K]["presence"] extends "optional" ? K : never]?: F[K]["value"] | undefined;
  }
>;

/** A value before `make`: lists, flags and everything with a default may be left out, at any depth. */
export type Draft<T> = T extends string | number | bigint | boolean | undefined | XmlElement
  ? T
  : T extends readonly (infer E)[]
    ? readonly Draft<E>[]
    : { readonly [K in keyof T]?: Draft<T[K]> | undefined };

/** A field bound to its key: how the record around it reads, prints and fills it. */
export interface Slot {
  readonly key: string;
  /** The value, or undefined when there is none; claims what it reads. */
  read(element: XmlElement, reader: Reader): unknown;
  /** Runs when all other slots of the record have been read: what older documents wrote elsewhere. */
  readonly readLate?: (element: XmlElement, record: Record<string, unknown>, reader: Reader) => void;
  /** The attribute that chooses a variant: printed before all others. */
  readonly printChoice?: (value: unknown, writer: Writer) => void;
  readonly printAttributes?: (value: unknown, writer: Writer, record: Record<string, unknown>) => void;
  readonly printBody?: (value: unknown, writer: Writer, record: Record<string, unknown>) => void;
  make(draft: unknown): unknown;
  /** The value when the document has none. */
  readonly fallback: unknown;
  /** The error of a document without it. */
  readonly required: ErrorName | undefined;
  /** What is missing, for messages: `attribute 'dev'`, `element 'target'`. */
  readonly label: string;
  /** Whether the mode has this slot printed. */
  shows(value: unknown, writer: Writer): boolean;
}

/** What an element holds. `T` is the model's type; `read` gives undefined when it has noted a problem or found nothing. */
export abstract class Shape<T> implements Printer<T> {
  /** Only a type. */
  declare readonly value: T;
  /** Only a type: makes shapes of different types incompatible both ways, so that an annotation is a full check. */
  declare readonly exact: (value: T) => T;
  readonly namespaces: Readonly<Record<string, string>> | undefined = undefined;

  abstract read(element: XmlElement, reader: Reader): T | undefined;
  abstract printChoice(value: T, writer: Writer): void;
  /** The attributes other than the choosing one. */
  abstract printOtherAttributes(value: T, writer: Writer): void;
  abstract printBody(value: T, writer: Writer): void;
  /**
   * A whole value from what matters of it: lists become empty, flags false, defaults are filled in.
   * @throws TypeError when something required is missing.
   */
  abstract make(draft: Draft<T>): T;
  /** What says which variant this is, for messages. */
  abstract get choice(): string | undefined;

  printAttributes(value: T, writer: Writer): void {
    this.printChoice(value, writer);
    this.printOtherAttributes(value, writer);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a shape of any type, which an invariant type parameter cannot say otherwise
export type AnyShape = Shape<any>;

/** A shape, or a record of fields that becomes one. */
export type Description = AnyShape | Fields;

/** The model type of a shape or of a record of fields. */
export type Infer<D extends Description> = D extends AnyShape ? D["value"] : D extends Fields ? Values<D> : never;

/** A shape from either way of writing one. */
export function shapeOf<D extends Description>(description: D): Shape<Infer<D>> {
  return (description instanceof Shape ? description : new RecordShape(description as Fields)) as Shape<Infer<D>>;
}

/** A shape from a record of fields. */
export function fields<F extends Fields>(record: F): Shape<Values<F>> {
  return new RecordShape(record) as unknown as Shape<Values<F>>;
}

type Loose = Record<string, unknown>;

class RecordShape extends Shape<Loose> {
  readonly #fields: Fields;
  #slots: readonly Slot[] | undefined;
  #choices: readonly Slot[] = [];
  #attributes: readonly Slot[] = [];
  #bodies: readonly Slot[] = [];
  #late: readonly Slot[] = [];

  constructor(record: Fields) {
    super();
    this.#fields = record;
  }

  get choice(): undefined {
    return undefined;
  }

  /** Bound on first use: a description costs nothing until a document needs it, and may refer to later ones. */
  get #bound(): readonly Slot[] {
    if (this.#slots === undefined) {
      const slots = Object.entries(this.#fields).map(([key, field]) => field.bind(key));
      this.#choices = slots.filter((slot) => slot.printChoice !== undefined);
      this.#attributes = slots.filter((slot) => slot.printAttributes !== undefined);
      this.#bodies = slots.filter((slot) => slot.printBody !== undefined);
      this.#late = slots.filter((slot) => slot.readLate !== undefined);
      this.#slots = slots;
    }
    return this.#slots;
  }

  read(element: XmlElement, reader: Reader): Loose {
    const record: Loose = {};
    for (const slot of this.#bound) {
      const before = reader.noted;
      const value = slot.read(element, reader);
      if (value !== undefined) record[slot.key] = value;
      else if (slot.fallback !== undefined) record[slot.key] = copy(slot.fallback);
      else if (slot.required !== undefined && reader.noted === before)
        reader.missing(element, slot.label, slot.required);
    }
    for (const slot of this.#late) slot.readLate?.(element, record, reader);
    return record;
  }

  printChoice(record: Loose, writer: Writer): void {
    this.#bound;
    for (const slot of this.#choices) {
      const value = record[slot.key] ?? slot.fallback;
      if (value !== undefined && slot.shows(value, writer)) slot.printChoice?.(value, writer);
    }
  }

  printOtherAttributes(record: Loose, writer: Writer): void {
    // Shapes that wrap this one may print its parts apart: each of them comes first some time.
    this.#bound;
    for (const slot of this.#attributes) {
      const value = record[slot.key] ?? slot.fallback;
      if (slot.shows(value, writer)) slot.printAttributes?.(value, writer, record);
    }
  }

  printBody(record: Loose, writer: Writer): void {
    this.#bound;
    for (const slot of this.#bodies) {
      const value = record[slot.key] ?? slot.fallback;
      if (slot.shows(value, writer)) slot.printBody?.(value, writer, record);
    }
  }

  make(draft: Loose): Loose {
    const record: Loose = {};
    for (const slot of this.#bound) {
      const value = slot.make(draft[slot.key]) ?? copy(slot.fallback);
      if (value !== undefined) record[slot.key] = value;
      else if (slot.required !== undefined) throw new TypeError(`cannot make this value without '${slot.key}'`);
    }
    return record;
  }
}

/** Defaults are handed out as copies: a model may be changed in place. */
function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}

export interface VariantOptions<Name extends string> {
  /** The variant of an element that names none; printed like any other. */
  readonly default?: Name;
  /** The variant of an element that names none; not printed. */
  readonly implied?: Name;
  /** An element that names no variant holds nothing, instead of being wrong. */
  readonly optional?: boolean;
}

type Variant<Key extends string, V extends Readonly<Record<string, Description>>> = {
  [Name in keyof V & string]: Simplify<{ [K in Key]: Name } & Infer<V[Name]>>;
}[keyof V & string];

/**
 * A union chosen by an attribute, which is the union's discriminant in the model too:
 * `variants("type", { file: {...}, block: {...} })`.
 */
export function variants<const Key extends string, V extends Readonly<Record<string, Description>>>(
  key: Key,
  cases: V,
  options: VariantOptions<keyof V & string> = {},
): Shape<Variant<Key, V>> {
  return new VariantShape(key, cases, options) as unknown as Shape<Variant<Key, V>>;
}

class VariantShape extends Shape<Loose> {
  readonly #key: string;
  readonly #cases: ReadonlyMap<string, Shape<Loose>>;
  readonly #options: VariantOptions<string>;

  constructor(key: string, cases: Readonly<Record<string, Description>>, options: VariantOptions<string>) {
    super();
    this.#key = key;
    this.#cases = new Map(Object.entries(cases).map(([name, description]) => [name, shapeOf(description)]));
    this.#options = options;
  }

  get choice(): string {
    return this.#key;
  }

  read(element: XmlElement, reader: Reader): Loose | undefined {
    const written = element.take(this.#key);
    const name = written ?? this.#options.default ?? this.#options.implied;
    if (name === undefined) {
      if (this.#options.optional !== true) reader.missing(element, `attribute '${this.#key}'`);
      return undefined;
    }
    const shape = this.#cases.get(name);
    if (shape === undefined) {
      reader.unknownWord(element, this.#key, name, [...this.#cases.keys()]);
      return undefined;
    }
    const value = shape.read(element, reader);
    return value === undefined ? undefined : { [this.#key]: name, ...value };
  }

  printChoice(value: Loose, writer: Writer): void {
    if (value[this.#key] !== this.#options.implied) writer.attribute(this.#key, String(value[this.#key]));
    this.#of(value).printChoice(value, writer);
  }

  printOtherAttributes(value: Loose, writer: Writer): void {
    this.#of(value).printOtherAttributes(value, writer);
  }

  printBody(value: Loose, writer: Writer): void {
    this.#of(value).printBody(value, writer);
  }

  make(draft: Loose): Loose {
    const name = draft[this.#key] ?? this.#options.default ?? this.#options.implied;
    return { [this.#key]: name, ...this.#of({ [this.#key]: name }).make(draft as Draft<Loose>) };
  }

  #of(value: Loose): Shape<Loose> {
    const shape = this.#cases.get(String(value[this.#key]));
    if (shape === undefined) throw new TypeError(`no variant '${String(value[this.#key])}' of '${this.#key}'`);
    return shape;
  }
}

/** A shape that is defined later, or in terms of itself. */
export function lazy<T>(get: () => Shape<T>): Shape<T> {
  return new LazyShape(get);
}

class LazyShape<T> extends Shape<T> {
  readonly #get: () => Shape<T>;

  constructor(get: () => Shape<T>) {
    super();
    this.#get = get;
  }

  get choice(): string | undefined {
    return this.#get().choice;
  }
  read(element: XmlElement, reader: Reader): T | undefined {
    return this.#get().read(element, reader);
  }
  printChoice(value: T, writer: Writer): void {
    this.#get().printChoice(value, writer);
  }
  printOtherAttributes(value: T, writer: Writer): void {
    this.#get().printOtherAttributes(value, writer);
  }
  printBody(value: T, writer: Writer): void {
    this.#get().printBody(value, writer);
  }
  make(draft: Draft<T>): T {
    return this.#get().make(draft);
  }
}
