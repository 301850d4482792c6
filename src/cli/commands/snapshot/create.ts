/** Taking snapshots. */

import type { DomainSnapshot } from "../../../api/index.ts";
import { DomainSnapshotCreateFlags as Create } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text, words } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { element, optionalElement } from "../../shared/xml.ts";
import { fileNames } from "../../shared/xml-options.ts";
import { snapshotDisk, snapshotMemory } from "./spec.ts";

const domain = domainOption();

const manner = {
  noMetadata: flag("take it, and forget about it"),
  halt: flag("stop the domain afterwards"),
  diskOnly: flag("of its disks, not of its memory"),
  reuseExternal: flag("the new images are there already"),
  quiesce: flag("have the guest's agent freeze file systems meanwhile"),
  atomic: flag("all disks or none"),
  live: flag("while the guest runs"),
  validate: flag("check the XML against its schema, too"),
};

const flagBits = {
  noMetadata: Create.NO_METADATA,
  halt: Create.HALT,
  diskOnly: Create.DISK_ONLY,
  reuseExternal: Create.REUSE_EXT,
  quiesce: Create.QUIESCE,
  atomic: Create.ATOMIC,
  live: Create.LIVE,
  validate: Create.VALIDATE,
};

export const snapshotCreate = command({
  name: "snapshot-create",
  summary: "take a snapshot from XML",
  description: "Takes a snapshot of a domain's disks and memory, as a file describes it.",
  options: {
    domain,
    xmlfile: text("file with the XML of the snapshot", { complete: fileNames }),
    redefine: flag("only remember one that was taken before"),
    current: flag("with --redefine: make it the current one"),
    ...manner,
  },
  async run(context) {
    const { options, notice } = context;
    requires(options, "current", "redefine");
    const flags = flagsOf(options, { ...flagBits, redefine: Create.REDEFINE, current: Create.CURRENT });
    const target = await domainOf(context);
    const xml = options.xmlfile === undefined ? "<domainsnapshot/>" : await readXmlFile(options.xmlfile);
    const snapshot = await target.snapshotCreateXML(xml, flags);
    notice(created(snapshot, options.xmlfile));
  },
});

function created(snapshot: DomainSnapshot, file: string | undefined): string {
  const name = snapshot.name();
  return file === undefined ? `Domain snapshot ${name} created` : `Domain snapshot ${name} created from '${file}'`;
}

export const snapshotCreateAs = command({
  name: "snapshot-create-as",
  summary: "take a snapshot by options",
  description: "Takes a snapshot of a domain's disks and memory, by options instead of XML.",
  options: {
    domain,
    name: text("its name"),
    description: text("its description"),
    printXml: flag("print its XML, and change nothing"),
    ...manner,
    memspec: text("how its memory is kept: [file=]NAME[,snapshot=TYPE]", { named: true }),
    diskspec: words("how a disk is kept: DISK[,snapshot=TYPE][,driver=TYPE][,stype=TYPE][,file=NAME]"),
  },
  async run(context) {
    const { options, print, notice } = context;
    exclusive(options, ["printXml", "noMetadata"]);
    const target = await domainOf(context);
    const xml = element("domainsnapshot", {}, [
      optionalElement("name", options.name),
      optionalElement("description", options.description),
      options.memspec === undefined ? undefined : snapshotMemory(options.memspec),
      options.diskspec.length === 0 ? undefined : element("disks", {}, options.diskspec.map(snapshotDisk)),
    ]);
    if (options.printXml) {
      print(`${xml}\n`);
      return;
    }
    notice(created(await target.snapshotCreateXML(xml, flagsOf(options, flagBits)), undefined));
  },
});
