/** What can be done with a snapshot. */

import type { Connection, Domain, DomainSnapshot } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import {
  DomainSnapshotCreateFlags as Create,
  DomainSnapshotDeleteFlags as Delete,
  DomainSnapshotXMLFlags,
  DomainSnapshotListFlags as List,
  DomainSnapshotRevertFlags as Revert,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { snapshotNames } from "../../objects/snapshot.ts";
import { data, flag, text } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { editObject } from "../../shared/edit-object.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { attributeAt, elementAt, readDocument, textAt } from "../../shared/xml.ts";
import { xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const domain = domainOption();
const snapshotname = text("name of the snapshot", { complete: snapshotNames });
const current = flag("the current snapshot");
const securityInfo = flag("with passwords and the like");

interface Asking {
  readonly connection: Connection;
  readonly options: {
    readonly domain: string;
    readonly snapshotname?: string | undefined;
    readonly current: boolean;
  };
}

/** The snapshot by its name, or the current one. @throws {CommandError} when neither was asked for */
async function snapshotOf(context: Asking): Promise<{ domain: Domain; snapshot: DomainSnapshot; name: string }> {
  const { options } = context;
  exclusive({ ...options }, ["current", "snapshotname"]);
  const target = await domainOf(context);
  if (!options.current && options.snapshotname === undefined) {
    throw new CommandError("--snapshotname or --current is required");
  }
  const snapshot =
    options.snapshotname === undefined
      ? await target.snapshotCurrent(0)
      : await target.snapshotLookupByName(options.snapshotname, 0);
  return { domain: target, snapshot, name: snapshot.name() };
}

export const snapshotCurrent = command({
  name: "snapshot-current",
  summary: "the current snapshot",
  description: "Prints the XML of a domain's current snapshot, or makes another one the current.",
  options: {
    domain,
    name: flag("print its name only"),
    securityInfo,
    snapshotname: text("the snapshot that shall be current", { complete: snapshotNames }),
  },
  async query(context) {
    const { options, notice } = context;
    exclusive(options, ["name", "snapshotname"]);
    const target = await domainOf(context);
    if (options.snapshotname !== undefined) {
      const chosen = await target.snapshotLookupByName(options.snapshotname, 0);
      const xml = await chosen.xmlDesc(DomainSnapshotXMLFlags.SECURE);
      await target.snapshotCreateXML(xml, Create.REDEFINE | Create.CURRENT);
      notice(`Snapshot ${options.snapshotname} set as current`);
      return undefined;
    }
    if (!(await target.hasCurrentSnapshot(0))) {
      throw new CommandError(`domain '${target.name()}' has no current snapshot`);
    }
    const snapshot = await target.snapshotCurrent(0);
    if (options.name) return { name: snapshot.name() };
    const flags = options.securityInfo ? DomainSnapshotXMLFlags.SECURE : 0;
    return { name: snapshot.name(), xml: await snapshot.xmlDesc(flags) };
  },
  print: ({ name, xml }) => xml ?? name,
});

export const snapshotDumpxml = command({
  name: "snapshot-dumpxml",
  summary: "a snapshot's XML",
  description: "Prints the XML of a domain's snapshot.",
  options: {
    domain,
    snapshotname: data("name of the snapshot", { complete: snapshotNames }),
    securityInfo,
    ...xpathOptions,
  },
  async query(context) {
    const { options } = context;
    const snapshot = await (await domainOf(context)).snapshotLookupByName(options.snapshotname, 0);
    return xmlAnswer(await snapshot.xmlDesc(options.securityInfo ? DomainSnapshotXMLFlags.SECURE : 0), options);
  },
  print: printXml,
});

export const snapshotEdit = command({
  name: "snapshot-edit",
  summary: "edit a snapshot's XML",
  description: "Opens the XML of a domain's snapshot in your editor.",
  options: {
    domain,
    snapshotname,
    current: flag("make it the current one; without a name, the one that is"),
    rename: flag("its name may be changed"),
    clone: flag("with another name, it becomes another snapshot"),
  },
  async run(context) {
    const { options, shell } = context;
    exclusive(options, ["rename", "clone"]);
    const target = await domainOf(context);
    if (!options.current && options.snapshotname === undefined) {
      throw new CommandError("--snapshotname or --current is required");
    }
    const snapshot =
      options.snapshotname === undefined
        ? await target.snapshotCurrent(0)
        : await target.snapshotLookupByName(options.snapshotname, 0);
    const name = snapshot.name();
    const makeCurrent = options.current && options.snapshotname !== undefined;
    let edited = name;
    await editObject({
      shell,
      fetch: () => snapshot.xmlDesc(DomainSnapshotXMLFlags.SECURE),
      async store(xml) {
        const wanted = textAt(readDocument(xml, "domain_snapshot"), "name") ?? name;
        if (wanted !== name && !options.rename && !options.clone) {
          throw new CommandError(`Must use --rename or --clone to change ${name} to ${wanted}`);
        }
        const stored = await target.snapshotCreateXML(xml, Create.REDEFINE | (makeCurrent ? Create.CURRENT : 0));
        edited = stored.name();
        if (edited !== name && options.rename) await snapshot.delete(Delete.METADATA_ONLY);
      },
      unchanged: `Snapshot ${name} XML configuration not changed.\n`,
      edited: () => (edited === name ? `Snapshot ${name} edited.\n` : `Snapshot ${name} cloned to ${edited}.\n`),
    });
  },
});

export const snapshotInfo = command({
  name: "snapshot-info",
  summary: "basic facts of a snapshot",
  description: "Shows state, place and relatives of a domain's snapshot.",
  options: { domain, snapshotname, current },
  async query(context) {
    const { domain: target, snapshot, name } = await snapshotOf(context);
    const xml = readDocument(await snapshot.xmlDesc(0), "domain_snapshot");
    return {
      name,
      domain: target.name(),
      current: await snapshot.isCurrent(0),
      state: textAt(xml, "state") ?? "",
      location: locationOf(xml),
      parent: textAt(xml, "parent/name") ?? null,
      children: await snapshot.numChildren(0),
      descendants: await snapshot.numChildren(List.DESCENDANTS),
      metadata: await snapshot.hasMetadata(0),
    };
  },
  print: (info) =>
    formatFields([
      ["Name", info.name],
      ["Domain", info.domain],
      ["Current", info.current ? "yes" : "no"],
      ["State", info.state],
      ["Location", info.location],
      ["Parent", info.parent ?? "-"],
      ["Children", String(info.children)],
      ["Descendants", String(info.descendants)],
      ["Metadata", info.metadata ? "yes" : "no"],
    ]),
});

/** External when its memory, or all there is of it, is in files of its own. */
function locationOf(xml: ReturnType<typeof readDocument>): "internal" | "external" {
  if (textAt(xml, "state") === "disk-snapshot") return "external";
  const memory = attributeAt(xml, "memory", "snapshot");
  if (memory !== undefined) return memory === "external" ? "external" : "internal";
  const disks = elementAt(xml, "disks");
  const external = [...(disks?.elements() ?? [])].some((disk) => disk.attribute("snapshot") === "external");
  return external ? "external" : "internal";
}

export const snapshotParent = command({
  name: "snapshot-parent",
  summary: "the snapshot that a snapshot was taken from",
  description: "Prints the name of a snapshot's parent.",
  options: { domain, snapshotname, current },
  async query(context) {
    const { snapshot, name } = await snapshotOf(context);
    try {
      return { name: (await snapshot.parent(0)).name() };
    } catch (error) {
      if (!isLibvirtError(error, "NO_DOMAIN_SNAPSHOT")) throw error;
      throw new CommandError(`snapshot '${name}' has no parent`);
    }
  },
  print: ({ name }) => name,
});

export const snapshotRevert = command({
  name: "snapshot-revert",
  summary: "go back to a snapshot",
  description: "Makes a domain what it was when a snapshot was taken.",
  options: {
    domain,
    snapshotname,
    current,
    running: flag("let it run then"),
    paused: flag("leave it paused then"),
    force: flag("even where that may go wrong"),
    resetNvram: flag("begin with fresh NVRAM"),
  },
  async run(context) {
    const { options, notice } = context;
    const flags = flagsOf(options, {
      running: Revert.RUNNING,
      paused: Revert.PAUSED,
      force: Revert.FORCE,
      resetNvram: Revert.RESET_NVRAM,
    });
    const { domain: target, snapshot, name } = await snapshotOf(context);
    await attempt(`Failed to revert snapshot ${name}`, () => target.revertToSnapshot(snapshot, flags));
    notice(`Domain snapshot ${name} reverted\n`);
  },
});

export const snapshotDelete = command({
  name: "snapshot-delete",
  summary: "delete a snapshot",
  description: "Deletes a domain's snapshot, with its children if asked.",
  options: {
    domain,
    snapshotname,
    current,
    children: flag("and all that were taken from it"),
    childrenOnly: flag("only those that were taken from it"),
    metadata: flag("only what libvirt knows of it"),
  },
  async run(context) {
    const { options, notice } = context;
    const { snapshot, name } = await snapshotOf(context);
    const flags = flagsOf(options, {
      children: Delete.CHILDREN,
      childrenOnly: Delete.CHILDREN_ONLY,
      metadata: Delete.METADATA_ONLY,
    });
    await attempt(`Failed to delete snapshot ${name}`, () => snapshot.delete(flags));
    notice(options.childrenOnly ? `Domain snapshot ${name} children deleted\n` : `Domain snapshot ${name} deleted\n`);
  },
});
