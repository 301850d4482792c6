/** What a domain's XML says of its disks. */
import type { XmlElement } from "../../xml/tree.ts";
import type { Completer } from "../completer.ts";
import { CommandError } from "../error.ts";
import { attributeAt, elementsAt, readDocument } from "../shared/xml.ts";
import { lookupDomain } from "./domain.ts";

export interface DiskSummary {
  /** How its source is given: file, block, volume, network, ... */
  readonly type: string;
  /** What the guest sees: disk, cdrom, floppy, lun. */
  readonly device: string;
  readonly target: string;
  /** Null for an empty drive. */
  readonly source: string | null;
}

/** The disks of a domain, in order. */
export function disksOf(domainXml: string): DiskSummary[] {
  return elementsAt(readDocument(domainXml), "devices/disk").map((disk) => ({
    type: disk.attribute("type") ?? "file",
    device: disk.attribute("device") ?? "disk",
    target: attributeAt(disk, "target", "dev") ?? "",
    source: sourceOf(disk),
  }));
}

/** The one attribute of a `<source>` that tells people which it is. */
export function sourceOf(disk: XmlElement): string | null {
  for (const name of ["file", "dev", "dir", "name", "volume"]) {
    const value = attributeAt(disk, "source", name);
    if (value !== undefined) return value;
  }
  return null;
}

/** The `<disk>` with that target or source. @throws {CommandError} */
export function findDisk(domainXml: string, key: string): XmlElement {
  const disks = elementsAt(readDocument(domainXml), "devices/disk");
  const found = disks.find((disk) => attributeAt(disk, "target", "dev") === key || sourceOf(disk) === key);
  if (found === undefined) throw new CommandError(`No disk found whose source path or target is ${key}`);
  return found;
}

/** Completes targets of the given domain's disks. */
export const diskTargets: Completer = async ({ connection, given }) => {
  const domain = await lookupDomain(await connection(), given.get("domain") ?? "");
  return disksOf(await domain.xmlDesc()).map(({ target }) => target);
};
