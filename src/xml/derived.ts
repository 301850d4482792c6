/**
 * Output that repeats what the model says elsewhere, for programs that look for it at its old place: the `listen`
 * attribute of `<graphics>` beside its `<listen>` element. The model holds it once; the key exists only in the document.
 */
import { Field } from "./field.ts";

/** Takes what an older document says only here into the record that has been read so far. */
export type ReadDerived<R> = (text: string, record: R) => void;

type Loose = Record<string, unknown>;

/** A derived attribute. `R` is the record that the field stands in. */
export function derived<R = Loose>(
  print: (record: R) => string | undefined,
  read?: ReadDerived<R>,
): Field<never, "never"> {
  return new Field<never, "never">({
    always: true,
    label: (name) => `attribute '${name}'`,
    read: () => undefined,
    readLate(element, name, record) {
      const text = element.take(name);
      if (text !== undefined) read?.(text, record as R);
    },
    printAttributes(_value, name, writer, _rules, record) {
      const text = print(record as R);
      if (text !== undefined) writer.attribute(name, text);
    },
  });
}

/** A derived element with text: `<key>text</key>`. */
export function derivedLeaf<R = Loose>(
  print: (record: R) => string | undefined,
  read?: ReadDerived<R>,
): Field<never, "never"> {
  return new Field<never, "never">({
    always: true,
    label: (name) => `element '${name}'`,
    read: () => undefined,
    readLate(element, name, record) {
      const text = element.takeChild(name)?.takeText();
      if (text !== undefined && text !== "") read?.(text, record as R);
    },
    printBody(_value, name, writer, _rules, record) {
      const text = print(record as R);
      if (text !== undefined) writer.leaf(name, text);
    },
  });
}
