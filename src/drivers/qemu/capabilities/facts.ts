/** What an emulator says of itself when it is asked: the ground on which capability flags are decided. */
import { isJsonObject, type Json, type JsonObject } from "../monitor/json.ts";
import { QmpSchema } from "./schema.ts";

/**
 * Asks the emulator one thing. Gives null when it refuses: a question that an emulator does not know is an answer.
 * A broken connection throws.
 */
export type Ask = (command: string, args?: JsonObject) => Promise<Json | null>;

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
}

/** A property of a device type. */
export interface PropertyFact {
  /** What stands before anybody sets it; undefined where QEMU does not tell. */
  readonly defaultValue: Json | undefined;
}

/** Which types' properties are asked for: devices, objects (memory back ends, CPUs) and machines by their usual name. */
export interface WantedProperties {
  readonly devices: readonly string[];
  readonly objects: readonly string[];
  readonly machines: readonly string[];
}

export interface ProbeFacts {
  readonly version: Version;
  readonly package: string;
  /** QEMU's name of the guest architecture. */
  readonly arch: string;
  readonly schema: QmpSchema;
  readonly kvm: { readonly present: boolean; readonly enabled: boolean };
  /** Names of all device and object types. */
  readonly types: ReadonlySet<string>;
  /** Properties by type; machines stand under the name they are asked by, `machine:virt`. */
  readonly properties: ReadonlyMap<string, ReadonlyMap<string, PropertyFact>>;
  /** Options of the command line with their parameters. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>;
  readonly migrationCapabilities: ReadonlySet<string>;
  readonly tpmModels: ReadonlySet<string>;
  readonly tpmTypes: ReadonlySet<string>;
  /** Names that query-cpu-definitions lists. */
  readonly cpuModels: ReadonlySet<string>;
}

/** Asks all that the flags need. Questions that do not depend on each other are asked at once. */
export async function collectFacts(ask: Ask, wanted: WantedProperties): Promise<ProbeFacts> {
  const [version, target, schema, kvm, types, machines, cpus, tpmModels, tpmTypes, options, migration] =
    await Promise.all([
      ask("query-version"),
      ask("query-target"),
      ask("query-qmp-schema"),
      ask("query-kvm"),
      ask("qom-list-types"),
      ask("query-machines"),
      ask("query-cpu-definitions"),
      ask("query-tpm-models"),
      ask("query-tpm-types"),
      ask("query-command-line-options"),
      ask("query-migrate-capabilities"),
    ]);
  const typeNames = names(types, "name");
  return {
    ...versionOf(version),
    arch: textOf(target, "arch"),
    schema: new QmpSchema(schema),
    kvm: { present: flagOf(kvm, "present"), enabled: flagOf(kvm, "enabled") },
    types: typeNames,
    properties: await collectProperties(ask, wanted, typeNames, machines),
    options: optionsOf(options),
    migrationCapabilities: names(migration, "capability"),
    tpmModels: strings(tpmModels),
    tpmTypes: strings(tpmTypes),
    cpuModels: names(cpus, "name"),
  };
}

async function collectProperties(
  ask: Ask,
  wanted: WantedProperties,
  types: ReadonlySet<string>,
  machines: Json | null,
) {
  const found = new Map<string, ReadonlyMap<string, PropertyFact>>();
  const list = async (command: string, typename: string, key: string) => {
    if (types.has(typename)) found.set(key, propertiesOf(await ask(command, { typename })));
  };
  await Promise.all([
    ...wanted.devices.map((type) => list("device-list-properties", type, type)),
    ...wanted.objects.map((type) => list("qom-list-properties", type, type)),
    ...wanted.machines.map((machine) =>
      list("qom-list-properties", `${canonicalMachine(machines, machine)}-machine`, machineKey(machine)),
    ),
  ]);
  return found;
}

/** Where a machine's properties stand in {@link ProbeFacts.properties}. */
export function machineKey(machine: string): string {
  return `machine:${machine}`;
}

/** `virt` is an alias of the newest `virt-N.M`; the type is named after the latter. */
function canonicalMachine(machines: Json | null, name: string): string {
  const machine = items(machines).find((m) => m.alias === name);
  return typeof machine?.name === "string" ? machine.name : name;
}

function propertiesOf(answer: Json | null): ReadonlyMap<string, PropertyFact> {
  return new Map(items(answer).map((p) => [String(p.name), { defaultValue: p["default-value"] }]));
}

function versionOf(answer: Json | null): { readonly version: Version; readonly package: string } {
  const qemu = isJsonObject(answer) && isJsonObject(answer.qemu) ? answer.qemu : {};
  const part = (name: string) => (typeof qemu[name] === "number" ? qemu[name] : 0);
  return {
    version: { major: part("major"), minor: part("minor"), micro: part("micro") },
    package: textOf(answer, "package"),
  };
}

function optionsOf(answer: Json | null): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(items(answer).map((o) => [String(o.option), names(o.parameters ?? null, "name")]));
}

function textOf(answer: Json | null, member: string): string {
  const text = isJsonObject(answer) ? answer[member] : undefined;
  return typeof text === "string" ? text : "";
}

function flagOf(answer: Json | null, member: string): boolean {
  return isJsonObject(answer) && answer[member] === true;
}

/** The objects in a list; anything else that stands there is passed over. */
export function items(answer: Json | null): readonly JsonObject[] {
  return Array.isArray(answer) ? answer.filter(isJsonObject) : [];
}

function names(answer: Json | null, member: string): ReadonlySet<string> {
  return strings(items(answer).map((item) => item[member] ?? null));
}

function strings(answer: Json | null): ReadonlySet<string> {
  return new Set(Array.isArray(answer) ? answer.filter((s): s is string => typeof s === "string") : []);
}
