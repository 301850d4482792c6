/** What a domain's XML says of its network interfaces. */
import type { XmlElement } from "../../xml/tree.ts";
import type { Completer } from "../completer.ts";
import { attributeAt, elementsAt, readDocument } from "../shared/xml.ts";
import { lookupDomain } from "./domain.ts";

export interface NicSummary {
  /** The name of the host's end; null when it has none. */
  readonly interface: string | null;
  readonly type: string;
  readonly source: string | null;
  readonly model: string | null;
  readonly mac: string | null;
}

/** The `<interface>` elements of a domain. */
export function nicElements(domainXml: string): XmlElement[] {
  return elementsAt(readDocument(domainXml), "devices/interface");
}

export function nicsOf(domainXml: string): NicSummary[] {
  return nicElements(domainXml).map((nic) => ({
    interface: attributeAt(nic, "target", "dev") ?? null,
    type: nic.attribute("type") ?? "",
    source: sourceOf(nic),
    model: attributeAt(nic, "model", "type") ?? null,
    mac: attributeAt(nic, "mac", "address") ?? null,
  }));
}

const sourceNames: ReadonlySet<string> = new Set(["bridge", "dev", "network", "name", "path"]);

/** What `<source>` says first of where the other end is: of a card on a network, the network and not its bridge. */
function sourceOf(nic: XmlElement): string | null {
  const [source] = elementsAt(nic, "source");
  return source?.attributes.find(({ name }) => sourceNames.has(name))?.value ?? null;
}

/** Whether an `<interface>` is the one named by its host end or its MAC address. */
export function isNic(nic: XmlElement, key: string): boolean {
  const mac = attributeAt(nic, "mac", "address");
  return attributeAt(nic, "target", "dev") === key || mac?.toLowerCase() === key.toLowerCase();
}

/** Whether a word is a MAC address. */
export function isMac(word: string): boolean {
  return /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(word);
}

/** Completes host ends of the given domain's interfaces, or their MAC addresses where there is none. */
export const nicKeys: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  return nicsOf(await domain.xmlDesc()).flatMap((nic) => nic.interface ?? nic.mac ?? []);
};

/** Completes MAC addresses of the given domain's interfaces. */
export const nicMacs: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  return nicsOf(await domain.xmlDesc()).flatMap(({ mac }) => mac ?? []);
};
