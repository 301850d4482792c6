/** Domains that others started: described by what the tool stack knows of them, or by what else can be seen. */
import { formatUuid } from "../../../driver/object-list.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { readDefinition } from "../definitions.ts";
import type { XenHost } from "../host.ts";
import type { Seen } from "../roads.ts";
import type { XenDomain } from "./domain.ts";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * What the tool stack says of a domain that others made, with its devices; null when it cannot tell, as while the domain
 * is still being built.
 */
export async function toldOfForeign(
  { roads: { tools } }: XenHost,
  { id, uuid }: Pick<Seen, "id" | "uuid">,
  name: string,
): Promise<Definition | null> {
  const told = await tools.describe?.(id).catch((error) => {
    process.emitWarning(`domain '${name}': ${String(error)}`, "TsvirtWarning");
    return null;
  });
  return told ? { ...told, name, uuid: formatUuid(uuid) } : null;
}

/** A definition of a domain that says no more than is known; of one that is stored here, that at least. */
export async function describeForeign(host: XenHost, seen: Seen, { name, persistent }: XenDomain): Promise<Definition> {
  // Nobody built the host's own domain.
  const told = seen.id === 0 ? null : await toldOfForeign(host, seen, name);
  const definition = told ?? persistent ?? (await guessedFrom(host, seen, name));
  return seen.id === 0 ? withoutDevices(definition) : definition;
}

/** The host's own domain has the machine itself, and nothing of it is Xen's. */
function withoutDevices(definition: Definition): Definition {
  const devices = Object.entries(definition.devices).map(([key, value]) => [
    key,
    Array.isArray(value) ? [] : undefined,
  ]);
  return { ...definition, on_reboot: "destroy", devices: Object.fromEntries(devices) as Definition["devices"] };
}

/** By what hypervisor and store say. */
async function guessedFrom(host: XenHost, { id, uuid }: Seen, name: string): Promise<Definition> {
  const info = host.roads.hypervisor?.domain(id);
  const target = await host.roads.store.read(`/local/domain/${id}/memory/target`);
  const current = target !== null && /^\d{1,15}$/.test(target) ? BigInt(target) : (info?.memory ?? 0n);
  const most =
    info && info.maxMemory < unlimited ? info.maxMemory : (host.roads.hypervisor?.host().totalMemory ?? current);
  const vcpus = Math.max(1, info?.maxVcpus ?? 1);
  const type = info?.isHvm === true ? "hvm" : "linux";
  const xml = `<domain type='xen'>
  <name>${escaped(name)}</name>
  <uuid>${formatUuid(uuid)}</uuid>
  <memory>${most > current ? most : current}</memory>
  <currentMemory>${current}</currentMemory>
  <vcpu current='${Math.min(vcpus, Math.max(1, info?.vcpus ?? vcpus))}'>${vcpus}</vcpu>
  <os><type>${type}</type></os>
</domain>`;
  return readDefinition(xml, { accepted: true }).definition;
}

/** The host's own domain has no limit: the hypervisor says so by the largest number of pages. KiB. */
const unlimited = (2n ** 32n - 1n) * 4n;
