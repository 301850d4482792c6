/** Applications' metadata of networks (virNetworkSetMetadata). */
import { metadataElement, withMetadataElement, withoutMetadataElement } from "../../driver/metadata.ts";
import { LibvirtError } from "../../errors.ts";
import type { Network } from "../../model/network/index.ts";
import { NetworkMetadataType } from "../../protocol/index.ts";

/** What a client wants the metadata to say. */
export interface MetadataChange {
  readonly type: number;
  readonly metadata: string | null;
  readonly key: string | null;
  readonly uri: string | null;
}

function requireElement(type: number): void {
  if (type === NetworkMetadataType.ELEMENT) return;
  const detail = `metadata type '${type}': titles and descriptions of networks are not supported yet`;
  throw new LibvirtError("ARGUMENT_UNSUPPORTED", "NETWORK", detail);
}

function missing(argument: string, cFunction: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "NETWORK", `${argument} in ${cFunction} must not be NULL`);
}

/** The definition with the change. */
export function withMetadata(definition: Network, { type, metadata, key, uri }: MetadataChange): Network {
  requireElement(type);
  if (uri === null) throw missing("uri", "virNetworkSetMetadata");
  if (metadata === null) return { ...definition, metadata: withoutMetadataElement(definition.metadata, uri) };
  if (key === null) throw missing("key", "virNetworkSetMetadata");
  return { ...definition, metadata: withMetadataElement(definition.metadata, { key, uri, xml: metadata }, "NETWORK") };
}

/** What is asked for, or NO_NETWORK_METADATA. */
export function readMetadata(definition: Network, type: number, uri: string | null): string {
  requireElement(type);
  if (uri === null) throw missing("uri", "virNetworkGetMetadata");
  const found = metadataElement(definition.metadata, uri);
  if (found !== undefined) return found;
  throw new LibvirtError("NO_NETWORK_METADATA", "NETWORK", "Requested metadata element is not present");
}
