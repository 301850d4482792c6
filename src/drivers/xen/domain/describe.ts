/** A domain's document (virDomainGetXMLDesc): as it runs, unless the next start is asked for. */
import { type Domain as Definition, formatDomain } from "../../../model/domain/index.ts";
import { DomainXMLFlags } from "../../../protocol/index.ts";
import type { XenHost } from "../host.ts";
import { cardName } from "./card-name.ts";
import type { LiveDomain, XenDomain } from "./domain.ts";
import { toldOfForeign } from "./foreign.ts";
import { consoleTty, isOnSerial, serialTty } from "./terminals.ts";

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

/** The definition with what the guest got at its start: terminals, the port of its screen, the names of its cards. */
async function asSeen({ roads: { store } }: XenHost, { id, definition }: LiveDomain): Promise<Definition> {
  const place = `/local/domain/${id}`;
  const { serials, consoles, graphics, interfaces } = definition.devices;
  const [console, port, ...ttys] = await Promise.all([
    store.read(consoleTty(id)),
    store.read(`${place}/console/vnc-port`),
    ...serials.map((_, number) => store.read(serialTty(id, number))),
  ]);
  const [first, ...others] = consoles;
  // That of a guest whose console is its serial port is the port's.
  const shown = first && withTty(first, isOnSerial(first) ? (ttys[0] ?? null) : console);
  const devices = {
    ...definition.devices,
    interfaces: interfaces.map((card, index) => ({
      ...card,
      target: { ...card.target, dev: cardName(id, card, index) },
    })),
    serials: serials.map((serial, number) => withTty(serial, ttys[number] ?? null)),
    consoles: shown ? [shown, ...others] : consoles,
    graphics: graphics.map((one) => (one.type === "vnc" && isPort(port) ? { ...one, port: Number(port) } : one)),
  };
  return { ...definition, devices };
}

type Terminals = Definition["devices"];

function withTty<T extends Terminals["serials"][number] | Terminals["consoles"][number]>(
  one: T,
  tty: string | null,
): T {
  if (!tty || one.backend.type !== "pty") return one;
  const source = { seclabels: [], ...one.backend.source, path: tty };
  return { ...one, backend: { ...one.backend, source } };
}

const isPort = (text: string | null): boolean => text !== null && /^[1-9]\d{0,4}$/.test(text);
