/**
 * The tree a document is read from. A node knows where it stands in the source text, and whether a description has
 * claimed it: what nobody claimed is what the description does not know.
 */

/** An attribute. `name` has libvirt's prefix when its namespace is one that the document declares. */
export interface XmlAttribute {
  /** Set by the parser alone. */
  name: string;
  readonly value: string;
  claimed: boolean;
}

/** A node that is neither element nor attribute; only `verbatim` content and text leaves look at these. */
export interface XmlCharacters {
  readonly kind: "text" | "cdata" | "comment" | "instruction";
  readonly text: string;
}

export type XmlNode = XmlElement | XmlCharacters;

export class XmlElement {
  readonly kind = "element";
  /** The name descriptions know it by: the local name, with libvirt's prefix for libvirt's namespaces. The parser alone sets it. */
  name: string;
  /** The name as the source writes it. */
  readonly sourceName: string;
  readonly uri: string;
  readonly parent: XmlElement | undefined;
  /** Where the element's `<` stands in {@link source}, in UTF-16 units. */
  readonly offset: number;
  /** The whole document's text, shared by all of its nodes. */
  readonly source: string;
  readonly attributes: XmlAttribute[] = [];
  /** Namespace declarations of this element: prefix ("" for the default one) and URI. */
  namespaces: readonly (readonly [prefix: string, uri: string])[] = none;
  readonly nodes: XmlNode[] = [];
  claimed = false;
  /** Whether a description reads this element's own text. */
  textClaimed = false;

  constructor(
    name: string,
    sourceName: string,
    uri: string,
    parent: XmlElement | undefined,
    offset: number,
    source: string,
  ) {
    this.name = name;
    this.sourceName = sourceName;
    this.uri = uri;
    this.parent = parent;
    this.offset = offset;
    this.source = source;
  }

  /** Claims the attribute of that name and returns its value; undefined when there is none left. */
  take(name: string): string | undefined {
    for (const attribute of this.attributes) {
      if (attribute.name === name && !attribute.claimed) {
        attribute.claimed = true;
        return attribute.value;
      }
    }
    return undefined;
  }

  /** An attribute's value, without claiming it. */
  attribute(name: string): string | undefined {
    return this.attributes.find((attribute) => attribute.name === name)?.value;
  }

  /** Claims the first child element of that name which nobody has claimed. */
  takeChild(name: string): XmlElement | undefined {
    for (const node of this.nodes) {
      if (node.kind === "element" && node.name === name && !node.claimed) {
        node.claimed = true;
        return node;
      }
    }
    return undefined;
  }

  /** The child elements, in document order. */
  *elements(): Generator<XmlElement, void, undefined> {
    for (const node of this.nodes) if (node.kind === "element") yield node;
  }

  /** Claims the element's text and returns it: character data of its own and of everything below it. */
  takeText(): string {
    this.textClaimed = true;
    return textOf(this);
  }
}

const none: readonly never[] = [];

function textOf(element: XmlElement): string {
  const [first] = element.nodes;
  if (first === undefined) return "";
  if (element.nodes.length === 1 && first.kind === "text") return first.text;
  let text = "";
  for (const node of element.nodes) {
    if (node.kind === "element") text += textOf(node);
    else if (node.kind === "text" || node.kind === "cdata") text += node.text;
  }
  return text;
}

/** A place in a source text, counted from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(source: string, offset: number): Position {
  const [position] = positionsAt(source, [offset]);
  return position ?? { line: 1, column: 1 };
}

/** The positions of offsets in ascending order. */
function positionsAt(source: string, offsets: readonly number[]): Position[] {
  let [at, line, lineStart] = [0, 1, 0];
  return offsets.map((offset) => {
    const end = Math.min(offset, source.length);
    // A search for each line feed would take ten times as long where there are millions of them.
    for (; at < end; at++) {
      if (source.charCodeAt(at) !== 0x0a) continue;
      line++;
      lineStart = at + 1;
    }
    return { line, column: offset - lineStart + 1 };
  });
}

/** An element or one of its attributes. */
export interface Place {
  readonly element: XmlElement;
  readonly attribute?: string | undefined;
}

/** Places of one document with their positions. */
export function located<P extends Place>(places: readonly P[]): (P & Position)[] {
  const source = places[0]?.element.source ?? "";
  const offsets = places.map(offsetOf);
  const ascending = [...new Set(offsets)].sort((a, b) => a - b);
  const positions = positionsAt(source, ascending);
  const byOffset = new Map(ascending.map((offset, index) => [offset, positions[index] as Position]));
  return places.map((place, index) => ({ ...place, ...(byOffset.get(offsets[index] as number) as Position) }));
}

/** Where an element, or one of its attributes, starts. */
export function positionOf(element: XmlElement, attribute?: string): Position {
  return positionAt(element.source, offsetOf({ element, attribute }));
}

function offsetOf({ element, attribute }: Place): number {
  return attribute === undefined ? element.offset : attributeOffset(element, attribute);
}

const attributeInTag = /([^\s=<>/"']+)\s*=\s*(?:"[^"]*"|'[^']*')/gy;
const blanks = /[\s/]*/gy;

/** Finds an attribute in the start tag's text again: worth the work only when there is something to report. */
function attributeOffset(element: XmlElement, wanted: string): number {
  const { source } = element;
  let at = element.offset + 1 + element.sourceName.length;
  for (;;) {
    blanks.lastIndex = at;
    blanks.test(source);
    attributeInTag.lastIndex = blanks.lastIndex;
    const found = attributeInTag.exec(source);
    if (found === null) return element.offset;
    const [, name = ""] = found;
    if (name === wanted || name.slice(name.indexOf(":") + 1) === wanted) return found.index;
    at = attributeInTag.lastIndex;
  }
}

/** The path to an element, `/domain/devices/disk[2]`: numbered where siblings share the name. */
export function pathOf(element: XmlElement, attribute?: string): string {
  let path = attribute === undefined ? "" : `/@${attribute}`;
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) path = `/${step(at)}${path}`;
  return path;
}

function step(element: XmlElement): string {
  if (element.parent === undefined) return element.name;
  const { numbers, counts } = numbered(element.parent);
  return (counts.get(element.name) ?? 1) > 1 ? `${element.name}[${numbers.get(element)}]` : element.name;
}

/** Which number each child has among those that share its name, and how many of them there are. */
interface Numbered {
  readonly numbers: ReadonlyMap<XmlElement, number>;
  readonly counts: ReadonlyMap<string, number>;
}

/** Counted once: a report of many places would count the same siblings again and again. */
const numberings = new WeakMap<XmlElement, Numbered>();

function numbered(parent: XmlElement): Numbered {
  const known = numberings.get(parent);
  if (known !== undefined) return known;
  const numbers = new Map<XmlElement, number>();
  const counts = new Map<string, number>();
  for (const child of parent.elements()) {
    const number = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, number);
    numbers.set(child, number);
  }
  const result = { numbers, counts };
  numberings.set(parent, result);
  return result;
}
