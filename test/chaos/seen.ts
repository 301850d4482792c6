/** What can be seen of one domain from outside: the same question before and after a crash. */
import { type Connection, type Domain, DomainXMLFlags, isLibvirtError } from "../../src/api/index.ts";

/** The stored half of a domain, as far as the tests change it. */
export interface Stored {
  readonly name: string;
  readonly title: string;
  /** KiB. */
  readonly memory: string;
  readonly autostart: boolean;
  readonly managedSave: boolean;
}

export interface Seen {
  readonly name: string;
  /** Its stored definition; null for a transient domain. */
  readonly xml: string | null;
  readonly stored: Stored | null;
  /** -1 when it is off. */
  readonly id: number;
  readonly state: number;
  readonly reason: number;
}

/** Looks at a domain; null when there is none with that UUID. */
export async function see(conn: Connection, uuid: string): Promise<Seen | null> {
  try {
    return await look(await conn.lookupByUuidString(uuid));
  } catch (error) {
    if (isLibvirtError(error, "NO_DOMAIN")) return null;
    throw error;
  }
}

async function look(dom: Domain): Promise<Seen> {
  const persistent = await dom.isPersistent();
  const { INACTIVE, SECURE } = DomainXMLFlags;
  const xml = persistent ? await dom.xmlDesc(INACTIVE | SECURE) : null;
  const { state, reason } = await dom.state();
  return {
    name: dom.name(),
    xml,
    stored: xml === null ? null : await storedHalf(dom, xml),
    id: dom.id(),
    state,
    reason,
  };
}

async function storedHalf(dom: Domain, xml: string): Promise<Stored> {
  return {
    name: dom.name(),
    title: /<title>(.*)<\/title>/.exec(xml)?.[1] ?? "",
    memory: /<currentMemory unit='KiB'>(\d+)</.exec(xml)?.[1] ?? "",
    autostart: await dom.autostart(),
    managedSave: await dom.hasManagedSaveImage(),
  };
}
