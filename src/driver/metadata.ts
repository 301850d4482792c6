/** Applications' own elements below `<metadata>`, one for each namespace (VIR_DOMAIN_METADATA_ELEMENT). */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { formatMarkup, type Markup, parseTree, toMarkup } from "../xml/index.ts";

/** An element to keep: without namespace as the application gives it, with one in the document. */
export interface MetadataElement {
  /** The namespace's prefix in the document. */
  readonly key: string;
  readonly uri: string;
  readonly xml: string;
}

const prefixForm = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** The metadata with the element in the place of the one with its namespace, or after all others. */
export function withMetadataElement(
  metadata: Markup | undefined,
  { key, uri, xml }: MetadataElement,
  domain: ErrorDomainName,
): Markup {
  if (!prefixForm.test(key)) {
    throw new LibvirtError("INTERNAL_ERROR", "XML", `failed to validate prefix for a new XML namespace: '${key}'`);
  }
  const bare = toMarkup(parseTree(xml, { title: "metadata_xml", domain }));
  const prefixed = withPrefix(bare, key, uri);
  const element: Markup = { ...prefixed, namespaces: [...prefixed.namespaces, [key, uri]] };
  return { ...withoutMetadataElement(metadata, uri), nodes: [...others(metadata, uri), element] };
}

/** The metadata without the element of a namespace. */
export function withoutMetadataElement(metadata: Markup | undefined, uri: string): Markup {
  return { ...(metadata ?? empty), nodes: others(metadata, uri) };
}

/** The element of a namespace, as its application gave it; undefined when there is none. */
export function metadataElement(metadata: Markup | undefined, uri: string): string | undefined {
  const element = metadata?.nodes.find((node) => node.kind === "element" && node.uri === uri);
  return element?.kind === "element" ? formatMarkup(withoutPrefix(element, uri)).trimEnd() : undefined;
}

const empty: Markup = { kind: "element", name: "metadata", uri: "", namespaces: [], attributes: [], nodes: [] };

function others(metadata: Markup | undefined, uri: string): Markup["nodes"] {
  return (metadata ?? empty).nodes.filter((node) => node.kind !== "element" || node.uri !== uri);
}

function withPrefix(markup: Markup, key: string, uri: string): Markup {
  const nodes = markup.nodes.map((node) => (node.kind === "element" ? withPrefix(node, key, uri) : node));
  return markup.uri === "" ? { ...markup, name: `${key}:${markup.name}`, uri, nodes } : { ...markup, nodes };
}

function withoutPrefix(markup: Markup, uri: string): Markup {
  const nodes = markup.nodes.map((node) => (node.kind === "element" ? withoutPrefix(node, uri) : node));
  const namespaces = markup.namespaces.filter(([, declared]) => declared !== uri);
  const name = markup.uri === uri ? markup.name.replace(/^[^:]*:/, "") : markup.name;
  return { ...markup, name, namespaces, nodes };
}
