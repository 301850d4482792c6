/** A part of a document, changed here and there, and written as libxml2 writes a node: all else as it stood. */
import type { XmlCharacters, XmlElement } from "../../xml/tree.ts";

/** A copy of an element that may be changed. */
export interface Draft {
  readonly kind: "element";
  readonly name: string;
  readonly attributes: Map<string, string>;
  nodes: (Draft | XmlCharacters)[];
}

export function draftOf(element: XmlElement): Draft {
  return {
    kind: "element",
    name: element.sourceName,
    attributes: new Map(element.attributes.map(({ name, value }) => [name, value])),
    nodes: element.nodes.map((node) => (node.kind === "element" ? draftOf(node) : node)),
  };
}

export function newDraft(name: string, attributes: Readonly<Record<string, string>> = {}): Draft {
  return { kind: "element", name, attributes: new Map(Object.entries(attributes)), nodes: [] };
}

/** The first child element of that name. */
export function childDraft(parent: Draft, name: string): Draft | undefined {
  return parent.nodes.find((node): node is Draft => node.kind === "element" && node.name === name);
}

export function removeChild(parent: Draft, child: Draft): void {
  parent.nodes = parent.nodes.filter((node) => node !== child);
}

/** Puts an attribute's value into a child element, which is added at the end if there is none. */
export function setChildAttribute(parent: Draft, name: string, attribute: string, value: string): void {
  let child = childDraft(parent, name);
  if (child === undefined) {
    child = newDraft(name);
    parent.nodes.push(child);
  }
  child.attributes.set(attribute, value);
}

export function setText(draft: Draft, text: string): void {
  draft.nodes = [{ kind: "text", text }];
}

export function formatDraft({ name, attributes, nodes }: Draft): string {
  let start = `<${name}`;
  for (const [key, value] of attributes) start += ` ${key}="${escaped(value).replaceAll('"', "&quot;")}"`;
  if (nodes.length === 0) return `${start}/>`;
  return `${start}>${nodes.map(formatNode).join("")}</${name}>`;
}

function formatNode(node: Draft | XmlCharacters): string {
  switch (node.kind) {
    case "element":
      return formatDraft(node);
    case "text":
      return escaped(node.text);
    case "cdata":
      return `<![CDATA[${node.text}]]>`;
    case "comment":
      return `<!--${node.text}-->`;
    case "instruction":
      return `<?${node.text}?>`;
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
