/** A field and its rules: `attr(text).required()`, `leaf(oneOf("utc")).default("utc")`, `many(disk).named("disk")`. */
import type { ErrorName } from "../errors.ts";
import type { Reader } from "./reader.ts";
import type { AnyField, Presence, Slot } from "./shape.ts";
import type { XmlElement } from "./tree.ts";
import type { EmptyPolicy, Mode, Writer } from "./writer.ts";

/** How a kind of field reads and prints under a name; the rules around it are the same for every kind. */
export interface Kind<T> {
  /** What is missing when it is required but not there. */
  label(name: string): string;
  read(element: XmlElement, name: string, reader: Reader): T | undefined;
  readLate?(element: XmlElement, name: string, record: Record<string, unknown>, reader: Reader): void;
  printChoice?(value: T, name: string, writer: Writer): void;
  printAttributes?(value: T, name: string, writer: Writer, rules: Rules<T>, record: Record<string, unknown>): void;
  printBody?(value: T, name: string, writer: Writer, rules: Rules<T>, record: Record<string, unknown>): void;
  /** Fills what a draft leaves out; without it a draft is already a value. */
  make?(draft: unknown): T | undefined;
  /** Printed even without a value: derived output. */
  readonly always?: boolean;
  /** What the field holds when the document has nothing: an empty list, false. */
  readonly nothing?: T;
  readonly empty?: EmptyPolicy;
}

export interface Rules<T> {
  readonly name?: string;
  readonly required?: ErrorName;
  readonly fallback?: T;
  readonly hidden?: T;
  /** Live, and read only from status files. */
  readonly status?: true;
  /** Live-only; a function tells which values survive in a definition nevertheless. */
  readonly live?: true | ((value: T) => boolean);
  readonly secret?: boolean;
  readonly empty?: EmptyPolicy;
  readonly inPlace?: boolean;
  readonly when?: (mode: Mode) => boolean;
}

export class Field<T, P extends Presence = "optional"> implements AnyField {
  /** Only a type: what the model holds under the key. */
  declare readonly value: T;
  /** Only a type: whether the key is always there. */
  declare readonly presence: P;
  readonly #kind: Kind<T>;
  readonly #rules: Rules<T>;

  constructor(kind: Kind<T>, rules: Rules<T> = {}) {
    this.#kind = kind;
    this.#rules = rules;
  }

  #with<Q extends Presence = P>(more: Rules<T>): Field<T, Q> {
    return new Field<T, Q>(this.#kind, { ...this.#rules, ...more });
  }

  /** A document without it is refused, with this code. */
  required(code: ErrorName = "XML_ERROR"): Field<T, "always"> {
    return this.#with<"always">({ required: code });
  }

  /** The value when the document has none; printed like any other. */
  default(value: NoInfer<T>): Field<T, "always"> {
    return this.#with<"always">({ fallback: value });
  }

  /** The value when the document has none; not printed. */
  omit(value: NoInfer<T>): Field<T, "always"> {
    return this.#with<"always">({ fallback: value, hidden: value });
  }

  /** The element's or attribute's name where it is not the key. */
  named(name: string): Field<T, P> {
    return this.#with({ name });
  }

  /**
   * True only of a running object: neither read nor printed in inactive mode.
   * @param survives values that a definition keeps all the same, such as aliases the user chose.
   */
  live(survives?: (value: T) => boolean): Field<T, P> {
    return this.#with({ live: survives ?? true });
  }

  /** True only of a running object, and nothing that somebody outside can say: read from status files only. */
  status(): Field<T, P> {
    return this.#with({ live: true, status: true });
  }

  /** Printed only in secure mode. */
  secret(): Field<T, P> {
    return this.#with({ secret: true });
  }

  /** Printed only in the modes that the predicate accepts; always read. */
  when(shows: (mode: Mode) => boolean): Field<T, P> {
    return this.#with({ when: shows });
  }

  /** What to print when there is nothing in the element; by default `omit`, for items of lists `keep`. */
  empty(policy: EmptyPolicy): Field<T, P> {
    return this.#with({ empty: policy });
  }

  /** The choosing attribute of this variant is printed where the field stands, instead of first. */
  inPlace(): Field<T, P> {
    return this.#with({ inPlace: true });
  }

  bind(key: string): Slot {
    return bind(key, this.#kind, this.#rules);
  }
}

function bind<T>(key: string, kind: Kind<T>, given: Rules<T>): Slot {
  const rules = kind.empty === undefined || given.empty !== undefined ? given : { ...given, empty: kind.empty };
  const name = rules.name ?? key;
  const { live, hidden } = rules;
  const { printChoice, printAttributes, printBody, readLate, make, always } = kind;
  const first = printChoice !== undefined && rules.inPlace !== true;
  const present = (value: unknown): value is T => value !== undefined || always === true;

  return {
    key,
    label: kind.label(name),
    required: rules.required,
    fallback: rules.fallback ?? kind.nothing,

    read(element, reader) {
      const hides = reader.mode.inactive === true || (rules.status === true && reader.mode.status !== true);
      if (live === undefined || !hides) return kind.read(element, name, reader);
      let value: T | undefined;
      reader.ignore(() => {
        value = kind.read(element, name, reader);
      });
      return value !== undefined && live !== true && live(value) ? value : undefined;
    },

    shows(value, writer) {
      if (!present(value) || (hidden !== undefined && value === hidden)) return false;
      if (rules.secret === true && writer.mode.secure !== true) return false;
      if (rules.when !== undefined && !rules.when(writer.mode)) return false;
      if (live === undefined || writer.mode.inactive !== true) return true;
      return live !== true && live(value);
    },

    make(draft) {
      if (make === undefined) return draft;
      if (draft !== undefined) return make(draft);
      return rules.required !== undefined ? make({}) : undefined;
    },

    ...(readLate && { readLate: (element, record, reader) => readLate(element, name, record, reader) }),
    ...(first && { printChoice: (value, writer) => printChoice(value as T, name, writer) }),
    ...((printAttributes ?? (printChoice && !first)) && {
      printAttributes(value, writer, record) {
        if (!first) printChoice?.(value as T, name, writer);
        printAttributes?.(value as T, name, writer, rules, record);
      },
    }),
    ...(printBody && {
      printBody: (value, writer, record) => printBody(value as T, name, writer, rules, record),
    }),
  };
}
