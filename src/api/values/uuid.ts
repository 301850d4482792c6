/** UUIDs: text for people, 16 bytes for the wire. */
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import type { ErrorDomainName } from "../../errors.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";

export { formatUuid };

/** A UUID as text, with or without hyphens, or as its 16 bytes. */
export type Uuid = string | Uint8Array;

/** Who is given the UUID: names for its error. */
export interface UuidTaker {
  readonly domain: ErrorDomainName;
  /** The function that takes bytes; the one that takes text has "String" at the end of its name. */
  readonly cFunction: string;
}

/** The bytes of a UUID. @throws {LibvirtError} INVALID_ARG */
export function uuidBytes(uuid: Uuid, { domain, cFunction }: UuidTaker): Uint8Array {
  const bytes = typeof uuid === "string" ? parseUuid(uuid) : uuid.length === 16 ? uuid : null;
  if (bytes) return bytes;
  // Of domains, libvirt says it in other words than of everything else.
  const taker = `${cFunction}String`;
  const message = domain === "DOMAIN" ? "Invalid UUID" : `uuidstr in ${taker} must be a valid UUID`;
  throw invalidArgument({ domain, cFunction: taker, argument: "uuidstr", message });
}
