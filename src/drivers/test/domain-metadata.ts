/** Titles, descriptions and applications' metadata of domains. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { metadataElement, withMetadataElement, withoutMetadataElement } from "../../driver/metadata.ts";
import { LibvirtError } from "../../errors.ts";
import { DomainMetadataType } from "../../protocol/index.ts";
import type { Definition } from "./definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "./domain-impact.ts";
import { domainRef, findDomain } from "./domain-state.ts";
import type { TestNode } from "./state.ts";

interface Change {
  readonly type: number;
  readonly metadata: string | null;
  readonly key: string | null;
  readonly uri: string | null;
}

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "DOMAIN", detail);
}

function unknownType(type: number): LibvirtError {
  return invalidArg(`unknown metadata type '${type}'`);
}

/** The definition with a text set, or without it when the text is empty. */
function withText(definition: Definition, name: "title" | "description", text: string | null): Definition {
  const { [name]: _, ...others } = definition;
  return text ? { ...others, [name]: text } : others;
}

function withElement(definition: Definition, { metadata, key, uri }: Change): Definition {
  if (uri === null) throw invalidArg("uri in virDomainSetMetadata must not be NULL");
  if (metadata === null) return { ...definition, metadata: withoutMetadataElement(definition.metadata, uri) };
  if (key === null) throw invalidArg("key in virDomainSetMetadata must not be NULL");
  return { ...definition, metadata: withMetadataElement(definition.metadata, { key, uri, xml: metadata }, "DOMAIN") };
}

function withChange(definition: Definition, change: Change): Definition {
  const { type, metadata, key, uri } = change;
  if (type === DomainMetadataType.ELEMENT) return withElement(definition, change);
  if (key !== null || uri !== null) throw invalidArg("key and uri in virDomainSetMetadata must be NULL");
  if (type === DomainMetadataType.DESCRIPTION) return withText(definition, "description", metadata);
  if (type !== DomainMetadataType.TITLE) throw unknownType(type);
  if (metadata?.includes("\n")) throw invalidArg("metadata title can't contain newlines");
  return withText(definition, "title", metadata);
}

function read(definition: Definition, type: number, uri: string | null): string {
  const found = lookUp(definition, type, uri);
  if (found !== undefined) return found;
  throw new LibvirtError("NO_DOMAIN_METADATA", "DOMAIN", "Requested metadata element is not present");
}

function lookUp(definition: Definition, type: number, uri: string | null): string | undefined {
  if (type === DomainMetadataType.TITLE) return definition.title;
  if (type === DomainMetadataType.DESCRIPTION) return definition.description;
  if (type !== DomainMetadataType.ELEMENT) throw unknownType(type);
  if (uri === null) throw invalidArg("uri in virDomainGetMetadata must not be NULL");
  return metadataElement(definition.metadata, uri);
}

export function domainMetadataHandlers(node: TestNode): Handlers<"domainSetMetadata" | "domainGetMetadata"> {
  return {
    domainSetMetadata({ dom, flags, ...change }) {
      checkFlags(flags, impactFlags, "domainSetMetadata", "TEST");
      const domain = findDomain(node, dom);
      changeDefinition(domain, flags, (definition) => withChange(definition, change));
      const { type, uri: nsuri } = change;
      node.events.emit("domainEventCallbackMetadataChange", { dom: domainRef(domain), type, nsuri });
    },
    domainGetMetadata({ dom, type, uri, flags }) {
      checkFlags(flags, impactFlags, "domainGetMetadata", "TEST");
      return { metadata: read(definitionFor(findDomain(node, dom), flags), type, uri) };
    },
  };
}
