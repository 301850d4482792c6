/** How commands name secrets. */
import type { Connection, Secret } from "../../api/index.ts";
import type { Completer } from "../completer.ts";
import { firstFound } from "./lookup.ts";

export const secretUuids: Completer = async ({ connection }) =>
  (await (await connection()).listAllSecrets(0)).map((secret) => secret.uuidString()).sort();

/** The secret with that UUID. @throws {CommandError} */
export function lookupSecret(connection: Connection, key: string): Promise<Secret> {
  return firstFound(`failed to get secret '${key}'`, [() => connection.secretLookupByUuidString(key)]);
}
