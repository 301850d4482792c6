/** What an example is, and what those of both languages have in common. */
import type { EnumEntry, FunctionEntry } from "../../api/document.ts";
import { argumentOf, type Reference } from "../model/reference.ts";
import { parametersOf, type Value, valueNamed } from "./values.ts";

/** A few lines of a program: what it imports stands before them. */
export interface Example {
  readonly imports: readonly string[];
  readonly code: string;
  /** Whether it was written by hand, and runs on the test driver. */
  readonly isWritten: boolean;
}

/** An example as it is shown. */
export function textOf({ imports, code }: Example): string {
  return imports.length === 0 ? code : `${imports.join("\n")}\n\n${code}`;
}

/** What an object of a class is called in examples. */
export const receivers: Readonly<Record<string, { readonly typescript: string; readonly python: string }>> = {
  Connection: { typescript: "conn", python: "conn" },
  Domain: { typescript: "domain", python: "dom" },
  DomainSnapshot: { typescript: "snapshot", python: "snap" },
  DomainCheckpoint: { typescript: "checkpoint", python: "checkpoint" },
  Network: { typescript: "network", python: "net" },
  NetworkPort: { typescript: "port", python: "port" },
  Interface: { typescript: "iface", python: "iface" },
  StoragePool: { typescript: "pool", python: "pool" },
  StorageVol: { typescript: "volume", python: "vol" },
  NodeDevice: { typescript: "device", python: "dev" },
  Secret: { typescript: "secret", python: "secret" },
  NWFilter: { typescript: "filter", python: "nwfilter" },
  NWFilterBinding: { typescript: "binding", python: "binding" },
  Stream: { typescript: "stream", python: "stream" },
  AdminConnection: { typescript: "admin", python: "admin" },
  AdminServer: { typescript: "server", python: "server" },
  AdminClient: { typescript: "client", python: "client" },
};

/** What examples have beside the objects. */
export const variables = { destination: "Connection", callbackID: null } as const;

/** An argument that an example gives, or does not. */
export interface Asked {
  readonly functions: readonly FunctionEntry[];
  readonly name: string;
  readonly isNumber: boolean;
  readonly isTable: boolean;
  /** What its doc comment says. */
  readonly doc: string;
}

/** A plausible value; undefined where nothing is known. */
export function plausible(reference: Reference, { functions, name, isNumber, isTable, doc }: Asked): Value | undefined {
  const argument = argumentOf(functions, name);
  if (isTable) {
    const group = argument?.names ?? functions[0]?.arguments.find(({ names }) => names !== null)?.names;
    const named = group === undefined || group === null ? undefined : reference.enums.get(group);
    if (named) return parametersOf(named.name, named.values);
  }
  const said = enumSaid(reference, doc) ?? (argument?.enum ? reference.enums.get(argument.enum) : undefined);
  if (isNumber && said && said.kind !== "strings") return constantOf(said);
  return functions.length === 0
    ? undefined
    : (valueNamed(functions[0]?.name ?? "", argument?.name ?? name) ?? valueNamed(functions[0]?.name ?? "", name));
}

/** The enum that a doc comment names first. */
export function enumSaid(reference: Reference, doc: string): EnumEntry | undefined {
  const names = [...doc.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  return names.map((name) => reference.enums.get(name)).find((each) => each !== undefined);
}

/** Constants that say more than the first one of their group. */
const tellingConstants: Readonly<Record<string, string>> = {
  ConnectBaselineCPUFlags: "EXPAND_FEATURES",
  ConnectListAllNodeDeviceFlags: "CAP_NET",
  ConnectListAllNetworksFlags: "ACTIVE",
  ConnectListAllStoragePoolsFlags: "ACTIVE",
  DomainEventID: "LIFECYCLE",
  DomainMetadataType: "ELEMENT",
  DomainMigrateFlags: "LIVE",
  DomainSnapshotCreateFlags: "ATOMIC",
  KeycodeSet: "LINUX",
  NetworkMetadataType: "ELEMENT",
  NetworkUpdateCommand: "ADD_LAST",
  NetworkUpdateSection: "IP_DHCP_HOST",
  StoragePoolEventID: "LIFECYCLE",
  NodeDeviceEventID: "LIFECYCLE",
  SecretEventID: "LIFECYCLE",
  StorageVolWipeAlgorithm: "RANDOM",
};

/** A constant that says something: no zero, and no name that means nothing special. */
function constantOf({ name, values }: EnumEntry): Value | undefined {
  const told = values.find(({ key }) => key === tellingConstants[name]);
  const telling =
    told ?? values.find(({ key, value }) => value !== 0 && !/^(NONE|DEFAULT|NOSTATE|ABSENT)$/.test(key)) ?? values[0];
  return telling && { is: "constant", enum: name, key: telling.key, name: telling.name };
}

/** Whether an argument that may be left out is worth showing. */
export function isTelling(name: string, value: Value | undefined): boolean {
  return value !== undefined && (value.is === "constant" || value.is === "table" || name === "dconnuri");
}

/** A call on one line, or where that is too long an argument a line. */
export function callText(head: string, values: readonly string[], tail: string, comma: string): string {
  const line = `${head}(${values.join(", ")})${tail}`;
  if (line.length <= 88) return line;
  const indent = comma === "" ? "    " : "  ";
  return `${head}(\n${values.map((value) => `${indent}${value},`).join("\n")}\n)${tail}`;
}
