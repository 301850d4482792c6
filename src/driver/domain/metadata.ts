/** Titles, descriptions and applications' metadata of domains (virDomainSetMetadata, virDomainGetMetadata). */
import { LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { DomainMetadataType } from "../../protocol/index.ts";
import { metadataElement, withMetadataElement, withoutMetadataElement } from "../metadata.ts";

/** What a client wants a domain's texts to say. */
export interface MetadataChange {
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

function withElement(definition: Definition, { metadata, key, uri }: MetadataChange): Definition {
  if (uri === null) throw invalidArg("uri in virDomainSetMetadata must not be NULL");
  if (metadata === null) return { ...definition, metadata: withoutMetadataElement(definition.metadata, uri) };
  if (key === null) throw invalidArg("key in virDomainSetMetadata must not be NULL");
  return { ...definition, metadata: withMetadataElement(definition.metadata, { key, uri, xml: metadata }, "DOMAIN") };
}

/** The definition with the change, or INVALID_ARG. */
export function withMetadata(definition: Definition, change: MetadataChange): Definition {
  const { type, metadata, key, uri } = change;
  if (type === DomainMetadataType.ELEMENT) return withElement(definition, change);
  if (key !== null || uri !== null) throw invalidArg("key and uri in virDomainSetMetadata must be NULL");
  if (type === DomainMetadataType.DESCRIPTION) return withText(definition, "description", metadata);
  if (type !== DomainMetadataType.TITLE) throw unknownType(type);
  if (metadata?.includes("\n")) throw invalidArg("metadata title can't contain newlines");
  return withText(definition, "title", metadata);
}

/** What is asked for, or NO_DOMAIN_METADATA. */
export function readMetadata(definition: Definition, type: number, uri: string | null): string {
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
