/** Domains that others started: described by what can be seen of them. */
import { formatUuid } from "../../../driver/object-list.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { readDefinition } from "../definitions.ts";
import type { XenHost } from "../host.ts";
import type { Seen } from "../roads.ts";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A definition of a domain that says no more than is known. */
export async function describeForeign(host: XenHost, { id, uuid }: Seen, name: string): Promise<Definition> {
  const info = host.roads.hypervisor?.domain(id);
  const target = await host.roads.store.read(`/local/domain/${id}/memory/target`);
  const current = target !== null && /^\d{1,15}$/.test(target) ? BigInt(target) : (info?.memory ?? 0n);
  const most = info && info.maxMemory < unlimited ? info.maxMemory : current;
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

/** The host's own domain has no limit: the hypervisor says so by a number that no machine's memory reaches. KiB. */
const unlimited = 1n << 50n;
