/** How commands name domains. */
import type { Connection, Domain } from "../../api/index.ts";
import { ConnectListAllDomainsFlags as DomainFilter } from "../../protocol/constants/index.ts";
import type { Completer } from "../completer.ts";
import { CommandError } from "../error.ts";
import { data, type Option } from "../option.ts";
import { firstFound, isNotFound, isUuid } from "./lookup.ts";

export { DomainFilter };

/** Completes names of the domains that pass a filter of `listAllDomains`. */
export function domainNames(filter = 0): Completer {
  return async ({ connection }) => {
    const domains = await (await connection()).listAllDomains(filter);
    return domains.map((domain) => domain.name()).sort();
  };
}

interface DomainOptionSettings {
  readonly help?: string;
  /** Which domains completion offers. */
  readonly filter?: number;
}

/** The word that names the domain. */
export function domainOption({
  help = "name, ID or UUID of the domain",
  filter = 0,
}: DomainOptionSettings = {}): Option<string> {
  return data(help, { complete: domainNames(filter) });
}

/** The identities by which a domain may be named. */
export type DomainKey = "id" | "uuid" | "name";

const allKeys: readonly DomainKey[] = ["id", "uuid", "name"];

/** What is needed to find the domain that a command was given. */
interface Asking {
  readonly connection: Connection;
  readonly options: { readonly domain: string };
}

/** The domain that a command was given. @throws {CommandError} */
export function domainOf({ connection, options }: Asking, keys: readonly DomainKey[] = allKeys): Promise<Domain> {
  return lookupDomain(connection, options.domain, keys);
}

/** The domain with that ID, else UUID, else name. @throws {CommandError} */
export async function lookupDomain(
  connection: Connection,
  key: string,
  keys: readonly DomainKey[] = allKeys,
): Promise<Domain> {
  const lookups: (() => Promise<Domain>)[] = [];
  if (keys.includes("id") && /^[0-9]{1,9}$/.test(key)) lookups.push(() => connection.lookupById(Number(key)));
  if (keys.includes("uuid") && isUuid(key)) lookups.push(() => connection.lookupByUuidString(key));
  if (keys.includes("name")) lookups.push(() => connection.lookupByName(key));
  try {
    return await firstFound(`failed to get domain '${key}'`, lookups);
  } catch (error) {
    // Like virsh, and unlike for other objects, only that it was not found.
    if (error instanceof CommandError && isNotFound(error.cause)) throw new CommandError(error.lines);
    throw error;
  }
}
