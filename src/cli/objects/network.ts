/** How commands name networks. */
import type { Connection, Network } from "../../api/index.ts";
import type { Completer } from "../completer.ts";
import { data, type Option } from "../option.ts";
import { firstFound, isUuid } from "./lookup.ts";

export const networkNames: Completer = async ({ connection }) =>
  (await (await connection()).listAllNetworks(0)).map((network) => network.name()).sort();

export const networkUuids: Completer = async ({ connection }) =>
  (await (await connection()).listAllNetworks(0)).map((network) => network.uuidString());

export function networkOption(help = "name or UUID of the network"): Option<string> {
  return data(help, { complete: networkNames });
}

interface Asking {
  readonly connection: Connection;
  readonly options: { readonly network: string };
}

/** The network that a command was given: by UUID, else by name. @throws {CommandError} */
export function networkOf({ connection, options }: Asking, by: "both" | "uuid" | "name" = "both"): Promise<Network> {
  return lookupNetwork(connection, options.network, by);
}

export function lookupNetwork(
  connection: Connection,
  key: string,
  by: "both" | "uuid" | "name" = "both",
): Promise<Network> {
  const lookups: (() => Promise<Network>)[] = [];
  if (by !== "name" && isUuid(key)) lookups.push(() => connection.networkLookupByUuidString(key));
  if (by !== "uuid") lookups.push(() => connection.networkLookupByName(key));
  return firstFound(`failed to get network '${key}'`, lookups);
}
