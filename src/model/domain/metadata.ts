/** Title, description and applications' own elements of a domain (virDomainSetMetadata, virDomainGetMetadata). */
import { LibvirtError } from "../../errors.ts";
import { formatMarkup, type Markup, parseTree, toMarkup } from "../../xml/index.ts";
import type { ParsedDomain } from "./domain.ts";
import { refuse } from "./refuse.ts";

/** Which part of a domain's metadata; an element is told apart by its namespace. */
export type MetadataPart =
  | { readonly kind: "title" | "description" }
  | { readonly kind: "element"; readonly uri: string };

type WithMetadata = Pick<ParsedDomain, "title" | "description" | "metadata">;

/** @throws LibvirtError NO_DOMAIN_METADATA when there is none. */
export function getMetadata(domain: WithMetadata, part: MetadataPart): string {
  const found = part.kind === "element" ? elementText(domain.metadata, part.uri) : domain[part.kind];
  return found ?? refuse("NO_DOMAIN_METADATA", "Requested metadata element is not present");
}

function elementText(metadata: Markup | undefined, uri: string): string | undefined {
  const element = elementsOf(metadata).find((one) => one.uri === uri);
  return element && formatMarkup(withoutNamespace(element, uri)).trimEnd();
}

function elementsOf(metadata: Markup | undefined): Markup[] {
  return (metadata?.nodes ?? []).filter((node) => node.kind === "element");
}

/**
 * Changes the title or the description; an empty text or null takes it away.
 * @throws LibvirtError INVALID_ARG for a title of several lines.
 */
export function setText(domain: WithMetadata, kind: "title" | "description", text: string | null): void {
  if (kind === "title" && text?.includes("\n")) {
    refuse("INVALID_ARG", "metadata title can't contain newlines");
  }
  if (text) domain[kind] = text;
  else delete domain[kind];
}

/**
 * Replaces the element of a namespace; null takes it away. Elements without a namespace of their own get this one.
 * @param key the prefix that is printed for the namespace.
 * @throws LibvirtError XML_DETAIL for text that is not one element, INTERNAL_ERROR for a key that cannot be a prefix.
 */
export function setElement(domain: WithMetadata, uri: string, key: string, text: string | null): void {
  const added = text === null ? [] : [withNamespace(parseElement(text), key, uri)];
  const others = elementsOf(domain.metadata).filter((element) => element.uri !== uri);
  const nodes = [...others, ...added];
  if (nodes.length === 0) delete domain.metadata;
  else domain.metadata = { kind: "element", name: "metadata", uri: "", namespaces: [], attributes: [], nodes };
}

function parseElement(text: string): Markup {
  return toMarkup(parseTree(text, { title: "metadata_xml", domain: "DOMAIN" }));
}

/** Names that XML allows as a prefix. */
const prefixForm = /^[\p{L}_][\p{L}\p{N}_.\u00b7-]*$/u;

function withNamespace(element: Markup, key: string, uri: string): Markup {
  if (!prefixForm.test(key)) {
    throw new LibvirtError("INTERNAL_ERROR", "XML", "failed to validate prefix for a new XML namespace");
  }
  const inNamespace = qualify(element, key, uri);
  const others = element.namespaces.filter(([prefix]) => prefix !== key);
  return { ...inNamespace, namespaces: [...others, [key, uri]] };
}

function qualify(element: Markup, key: string, uri: string): Markup {
  const nodes = element.nodes.map((node) => (node.kind === "element" ? qualify(node, key, uri) : node));
  if (element.uri !== "") return { ...element, nodes };
  return { ...element, name: `${key}:${element.name}`, uri, nodes };
}

/** What {@link withNamespace} did, undone: how the application wrote it. */
function withoutNamespace(element: Markup, uri: string): Markup {
  const [prefix = ""] = element.name.includes(":") ? element.name.split(":") : [""];
  const namespaces = element.namespaces.filter(([declared]) => declared !== prefix);
  return { ...unqualify(element, prefix, uri), namespaces };
}

function unqualify(element: Markup, prefix: string, uri: string): Markup {
  const local = (name: string): string => (name.startsWith(`${prefix}:`) ? name.slice(prefix.length + 1) : name);
  return {
    ...element,
    name: element.uri === uri ? element.name.slice(element.name.indexOf(":") + 1) : element.name,
    uri: element.uri === uri ? "" : element.uri,
    attributes: element.attributes.map(([name, value]) => [local(name), value] as const),
    nodes: element.nodes.map((node) => (node.kind === "element" ? unqualify(node, prefix, uri) : node)),
  };
}
