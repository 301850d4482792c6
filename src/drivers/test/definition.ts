/** Domain definitions as this driver reads, completes, changes and prints them. Definitions are values: changes make new ones. */
import { randomBytes } from "node:crypto";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import { type Domain, domainDocument, type ParsedDomain } from "../../model/domain/domain.ts";
import type { Mode, ReadOptions } from "../../xml/index.ts";
import { guestArchitecture } from "./settings.ts";

export type Definition = Domain;
export type LifecycleAction = Domain["on_poweroff"];

/** Reads a definition and completes it as this driver's guests need it. */
export function parseDefinition(xml: string, options: ReadOptions = {}): { definition: Definition; uuid: Uint8Array } {
  return completeDefinition(domainDocument.parse(xml, { inactive: true, ...options }));
}

/** Fills in what a definition leaves open, and refuses what cannot be. */
export function completeDefinition(given: ParsedDomain): { definition: Definition; uuid: Uint8Array } {
  const { name, os, memory, maxMemory } = given;
  if (name.includes("/")) throw new LibvirtError("XML_ERROR", "DOMAIN", `name ${name} cannot contain '/'`);
  if (os.type.value === "") throw new LibvirtError("XML_ERROR", "DOMAIN", "an os <type> must be specified");
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const total = memory.value || maxMemory?.value || 0n;
  const definition: Definition = {
    ...given,
    uuid: formatUuid(uuid),
    memory: { ...memory, value: total },
    currentMemory: given.currentMemory === 0n || given.currentMemory > total ? total : given.currentMemory,
    os: completeOs(os),
  };
  delete definition.id;
  return { definition, uuid };
}

function completeOs(os: Definition["os"]): Definition["os"] {
  const type = { arch: guestArchitecture, ...os.type };
  const boots = os.boots.length === 0 && type.value === "hvm" ? [{ dev: "hd" as const }] : os.boots;
  return { ...os, type, boots };
}

/** Prints a definition; `id` is null for one that does not run. */
export function formatDefinition(definition: Definition, id: number | null, mode: Mode = {}): string {
  if (id === null) return domainDocument.format(definition, { ...mode, inactive: true });
  return domainDocument.format({ ...definition, id }, mode);
}

/** The definition under another name. */
export function renamed(definition: Definition, name: string): Definition {
  return { ...definition, name };
}

/** Memory in KiB: the most there can be, and what the guest has. */
export function memoryOf({ memory, currentMemory }: Definition): { maximum: bigint; current: bigint } {
  return { maximum: memory.value, current: currentMemory };
}

export function withCurrentMemory(definition: Definition, kib: bigint): Definition {
  return { ...definition, currentMemory: kib };
}

/** A smaller maximum takes the current amount down with it. */
export function withMaximumMemory(definition: Definition, kib: bigint): Definition {
  const { memory, currentMemory } = definition;
  return { ...definition, memory: { ...memory, value: kib }, currentMemory: currentMemory > kib ? kib : currentMemory };
}

/** Virtual processors: the most there can be, and how many there are. */
export function vcpusOf({ vcpu }: Definition): { maximum: number; current: number } {
  return { maximum: vcpu.value, current: vcpu.current ?? vcpu.value };
}

export function withVcpus(
  definition: Definition,
  { maximum, current }: { maximum: number; current: number },
): Definition {
  const { current: _, ...vcpu } = definition.vcpu;
  return { ...definition, vcpu: { ...vcpu, value: maximum, ...(current < maximum && { current }) } };
}

/** A completed definition's UUID as bytes. */
export function uuidOf({ uuid }: Definition): Uint8Array {
  const bytes = parseUuid(uuid);
  if (bytes) return bytes;
  throw new LibvirtError("INTERNAL_ERROR", "TEST", `'${uuid}' is no UUID`);
}
