/** A domain's document (virDomainGetXMLDesc): as it runs, unless the next start is asked for. */
import { type Domain as Definition, formatDomain } from "../../../model/domain/index.ts";
import { DomainXMLFlags } from "../../../protocol/index.ts";
import type { XenHost } from "../host.ts";
import type { LiveDomain, XenDomain } from "./domain.ts";
import { toldOfForeign } from "./foreign.ts";

const { SECURE, INACTIVE, MIGRATABLE } = DomainXMLFlags;

export async function describeDomain(host: XenHost, domain: XenDomain, flags: number): Promise<string> {
  const { live, persistent, current } = domain;
  const mode = { secure: (flags & SECURE) !== 0, migratable: (flags & MIGRATABLE) !== 0 };
  if (!live || (flags & INACTIVE) !== 0) return formatDomain(persistent ?? current, { ...mode, inactive: true });
  await refresh(host, domain, live);
  if (mode.migratable) return formatDomain(live.definition, { ...mode, inactive: true });
  return formatDomain({ ...(await asSeen(host, live)), id: live.id }, mode);
}

/** What only this driver's clients say of a domain. */
const ours = ["title", "description", "metadata", "cputune"] as const;

/** Others plug devices into the domains that they made, and say nothing. */
async function refresh(host: XenHost, domain: XenDomain, live: LiveDomain): Promise<void> {
  if (live.isOurs || domain.isHost) return;
  const before = live.definition;
  const told = await toldOfForeign(host, { id: live.id, uuid: domain.uuid }, domain.name);
  // What was changed meanwhile is newer.
  if (!told || live.definition !== before) return;
  const kept = Object.fromEntries(ours.map((key) => [key, before[key]]).filter(([, value]) => value !== undefined));
  live.definition = { ...told, ...kept };
}

/** The definition with what the guest got at its start. */
async function asSeen(host: XenHost, { id, definition }: LiveDomain): Promise<Definition> {
  const tty = await host.roads.store.read(`/local/domain/${id}/console/tty`);
  const [console, ...others] = definition.devices.consoles;
  if (tty === null || tty === "" || console?.backend.type !== "pty") return definition;
  const source = { seclabels: [], ...console.backend.source, path: tty };
  const shown = { ...console, backend: { ...console.backend, source } };
  return { ...definition, devices: { ...definition.devices, consoles: [shown, ...others] } };
}
