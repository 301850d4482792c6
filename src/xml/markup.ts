/**
 * Content that is kept as it came: an application's own elements below `<metadata>`. libvirt keeps them as a libxml2
 * tree and prints that with libxml2's serializer, so this is what the rules here describe: double quotes, its
 * escapes, its idea of which blanks matter.
 */
import type { Kind } from "./field.ts";
import { Field } from "./field.ts";
import type { XmlCharacters, XmlElement, XmlNode } from "./tree.ts";

type Pair = readonly [name: string, value: string];

/** An element of unknown meaning, with names as the source writes them. */
export interface Markup {
  readonly kind: "element";
  readonly name: string;
  /** The namespace of the element; "" for none. */
  readonly uri: string;
  /** Declarations on this element: prefix ("" for the default namespace) and URI. */
  readonly namespaces: readonly Pair[];
  readonly attributes: readonly Pair[];
  readonly nodes: readonly (Markup | XmlCharacters)[];
}

/** Takes an element out of its document: namespaces declared further up become declarations of its own. */
export function toMarkup(element: XmlElement): Markup {
  const borrowed = new Map<string, string>();
  const copy = copyElement(element, new Set(), borrowed, element);
  return { ...copy, namespaces: [...copy.namespaces, ...borrowed] };
}

function copyElement(
  element: XmlElement,
  inScope: ReadonlySet<string>,
  borrowed: Map<string, string>,
  top: XmlElement,
): Markup {
  const declared = element.namespaces;
  const scope = declared.length === 0 ? inScope : new Set([...inScope, ...declared.map(([prefix]) => prefix)]);
  const need = (name: string): void => {
    const prefix = prefixOf(name);
    if (prefix === "xml" || scope.has(prefix)) return;
    const uri = inherited(top.parent, prefix);
    if (uri !== undefined) borrowed.set(prefix, uri);
  };
  need(element.sourceName);
  const attributes = element.attributes.map(({ name, value }): Pair => {
    if (name.includes(":")) need(name);
    return [name, value];
  });
  const nodes = significant(element).map((node) =>
    node.kind === "element" ? copyElement(node, scope, borrowed, top) : { ...node },
  );
  return { kind: "element", name: element.sourceName, uri: element.uri, namespaces: declared, attributes, nodes };
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(":")));
}

function inherited(from: XmlElement | undefined, prefix: string): string | undefined {
  for (let at = from; at !== undefined; at = at.parent) {
    for (const [declared, uri] of at.namespaces) if (declared === prefix) return uri;
  }
  return undefined;
}

const blank = /^[ \t\r\n]*$/;

/** Drops the blanks that only indent: all, unless they are the whole content or follow text. */
function significant(element: XmlElement): readonly XmlNode[] {
  const { nodes } = element;
  if (nodes.length === 1) return nodes;
  let inText = false;
  return nodes.filter((node) => {
    if (node.kind !== "text") return true;
    inText ||= !blank.test(node.text);
    return inText;
  });
}

/** The element as lines of text, each ending in a line feed, at a depth of two spaces a level. */
export function formatMarkup(markup: Markup, depth = 0): string {
  const indent = "  ".repeat(depth);
  return `${indent}${formatElement(markup, depth, true)}\n`;
}

function formatElement(markup: Markup, depth: number, layout: boolean): string {
  let start = `<${markup.name}`;
  for (const [prefix, uri] of markup.namespaces) start += ` xmlns${prefix && ":"}${prefix}="${escapeAttribute(uri)}"`;
  for (const [name, value] of markup.attributes) start += ` ${name}="${escapeAttribute(value)}"`;
  if (markup.nodes.length === 0) return `${start}/>`;
  const laidOut = layout && !markup.nodes.some(({ kind }) => kind === "text" || kind === "cdata");
  const before = laidOut ? `\n${"  ".repeat(depth + 1)}` : "";
  const after = laidOut ? `\n${"  ".repeat(depth)}` : "";
  let body = "";
  for (const node of markup.nodes) {
    body += before + (node.kind === "element" ? formatElement(node, depth + 1, laidOut) : formatCharacters(node));
  }
  return `${start}>${body}${after}</${markup.name}>`;
}

function formatCharacters({ kind, text }: XmlCharacters): string {
  if (kind === "cdata") return `<![CDATA[${text}]]>`;
  if (kind === "comment") return `<!--${text}-->`;
  if (kind === "instruction") return `<?${text}?>`;
  return text.replace(/[<>&\r]/g, (character) => escapes[character] ?? "");
}

const escapes: { readonly [character: string]: string } = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escapeAttribute(value: string): string {
  return value.replace(
    /[<>&"\n\r\t]|[^\0-\x7f]/gu,
    (character) => escapes[character] ?? `&#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()};`,
  );
}

/**
 * What libvirt keeps of `<metadata>`: child elements that have a namespace, the first of each; nothing else.
 * Undefined when nothing is left.
 */
export function sanitizeMetadata(metadata: Markup): Markup {
  const seen = new Set<string>();
  const nodes = metadata.nodes.filter((node) => {
    if (node.kind !== "element" || node.uri === "" || seen.has(node.uri)) return false;
    seen.add(node.uri);
    return true;
  });
  return { ...metadata, nodes };
}

function claimAll(element: XmlElement): void {
  element.claimed = true;
  element.textClaimed = true;
  for (const attribute of element.attributes) attribute.claimed = true;
  for (const below of element.elements()) claimAll(below);
}

const verbatimKind: Kind<Markup> = {
  label: (name) => `element '${name}'`,
  read(element, name) {
    const found = element.takeChild(name);
    if (found === undefined) return undefined;
    claimAll(found);
    return sanitizeMetadata(toMarkup(found));
  },
  printBody: (value, _name, writer) => writer.raw(formatMarkup(value, writer.depth)),
};

/** An application's own markup (`<metadata>`), kept as it came. */
export function verbatim(): Field<Markup> {
  return new Field(verbatimKind);
}
