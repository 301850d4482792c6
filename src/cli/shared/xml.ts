/** Reading what a command needs from a document, and writing the small ones that commands make. */
import { parseTree } from "../../xml/parse.ts";
import type { XmlElement } from "../../xml/tree.ts";
import { escapeXml } from "../../xml/writer.ts";

/** The root element of a document. @throws {LibvirtError} when it is not well-formed */
export function readDocument(text: string, title = "domain_definition"): XmlElement {
  return parseTree(text, { title, domain: "NONE" });
}

/** Elements below `element` along `path` (`devices/disk`). */
export function elementsAt(element: XmlElement, path: string): XmlElement[] {
  let found = [element];
  for (const name of path.split("/")) {
    found = found.flatMap((parent) => [...parent.elements()].filter((child) => child.name === name));
  }
  return found;
}

/** The first element along `path`. */
export function elementAt(element: XmlElement, path: string): XmlElement | undefined {
  return elementsAt(element, path)[0];
}

/** An attribute of the first element along `path`. */
export function attributeAt(element: XmlElement, path: string, name: string): string | undefined {
  return elementAt(element, path)?.attribute(name);
}

/** The text of the first element along `path`. */
export function textAt(element: XmlElement, path: string): string | undefined {
  return elementAt(element, path)?.takeText();
}

/** Attributes of an element that is written; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | bigint | undefined>>;

/**
 * An element as lines, two spaces a level, in libvirt's style.
 * @param content text, or elements made by this function; none leaves `<name/>`
 */
export function element(
  name: string,
  attributes: Attributes = {},
  content: string | readonly (string | undefined)[] = [],
): string {
  const start = Object.entries(attributes).reduce(
    (tag, [key, value]) => (value === undefined ? tag : `${tag} ${key}='${escapeXml(String(value))}'`),
    `<${name}`,
  );
  if (typeof content === "string") return `${start}>${escapeXml(content)}</${name}>\n`;
  const children = content.filter((child) => child !== undefined);
  if (children.length === 0) return `${start}/>\n`;
  return `${start}>\n${children.map(indented).join("")}</${name}>\n`;
}

/** An element with text, or nothing when there is no text. */
export function optionalElement(name: string, content: string | undefined): string | undefined {
  return content === undefined ? undefined : element(name, {}, content);
}

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, "  ");
}
