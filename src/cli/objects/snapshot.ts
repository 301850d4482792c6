/** Snapshots and checkpoints of a domain: finding one, and drawing their trees. */
import type { Completer } from "../completer.ts";
import { lookupDomain } from "./domain.ts";

export const snapshotNames: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  return (await domain.listAllSnapshots(0)).map((snapshot) => snapshot.name()).sort();
};

export const checkpointNames: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  return (await domain.listAllCheckpoints(0)).map((checkpoint) => checkpoint.name()).sort();
};
