/** Checkpoints: moments from which incremental backups can be made. */

import type { Connection, Domain, DomainCheckpoint } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import {
  DomainCheckpointCreateFlags as Create,
  DomainCheckpointDeleteFlags as Delete,
  DomainCheckpointListFlags as List,
  DomainCheckpointXMLFlags as XmlFlags,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { compareNames } from "../../objects/lookup.ts";
import { checkpointNames } from "../../objects/snapshot.ts";
import { flag, text, words } from "../../option.ts";
import { column, formatFields, formatTable } from "../../output/table.ts";
import { formatTrees } from "../../output/tree.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { localTimeWithZone } from "../../shared/time.ts";
import { element, optionalElement, readDocument, textAt } from "../../shared/xml.ts";
import { fileNames, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";
import { checkpointDisk } from "../snapshot/spec.ts";

const domain = domainOption();
const checkpointname = text("name of the checkpoint", { complete: checkpointNames });
const quiesce = flag("have the guest's agent freeze file systems meanwhile");

interface Asking {
  readonly connection: Connection;
  readonly options: { readonly domain: string; readonly checkpointname: string | undefined };
}

interface Found {
  readonly target: Domain;
  readonly checkpoint: DomainCheckpoint;
  readonly name: string;
}

async function checkpointOf(context: Asking): Promise<Found> {
  const target = await domainOf(context);
  const { checkpointname: name } = context.options;
  if (name === undefined) throw new CommandError("--checkpointname is required");
  return { target, checkpoint: await target.checkpointLookupByName(name, 0), name };
}

export const checkpointCreate = command({
  name: "checkpoint-create",
  summary: "make a checkpoint from XML",
  description: "Makes a checkpoint, from which incremental backups can be made, as a file describes it.",
  options: {
    domain,
    xmlfile: text("file with the XML of the checkpoint", { complete: fileNames }),
    redefine: flag("only remember one that was made before"),
    redefineValidate: flag("with --redefine: see whether it is really there"),
    quiesce,
  },
  async run(context) {
    const { options, notice } = context;
    requires(options, "redefineValidate", "redefine");
    const flags = flagsOf(options, {
      redefine: Create.REDEFINE,
      redefineValidate: Create.REDEFINE_VALIDATE,
      quiesce: Create.QUIESCE,
    });
    const target = await domainOf(context);
    const file = options.xmlfile;
    const xml = file === undefined ? "<domaincheckpoint/>" : await readXmlFile(file);
    const checkpoint = await target.checkpointCreateXML(xml, flags);
    notice(`Domain checkpoint ${checkpoint.name()} created${file === undefined ? "" : ` from '${file}'`}`);
  },
});

export const checkpointCreateAs = command({
  name: "checkpoint-create-as",
  summary: "make a checkpoint by options",
  description: "Makes a checkpoint, from which incremental backups can be made, by options instead of XML.",
  options: {
    domain,
    name: text("its name"),
    description: text("its description"),
    printXml: flag("print its XML, and change nothing"),
    quiesce,
    diskspec: words("a disk: DISK[,checkpoint=TYPE][,bitmap=NAME]"),
  },
  async run(context) {
    const { options, print, notice } = context;
    const target = await domainOf(context);
    const xml = element("domaincheckpoint", {}, [
      optionalElement("name", options.name),
      optionalElement("description", options.description),
      options.diskspec.length === 0 ? undefined : element("disks", {}, options.diskspec.map(checkpointDisk)),
    ]);
    if (options.printXml) {
      print(`${xml}\n`);
      return;
    }
    const checkpoint = await target.checkpointCreateXML(xml, options.quiesce ? Create.QUIESCE : 0);
    notice(`Domain checkpoint ${checkpoint.name()} created`);
  },
});

export const checkpointDumpxml = command({
  name: "checkpoint-dumpxml",
  summary: "a checkpoint's XML",
  description: "Prints the XML of a domain's checkpoint.",
  options: {
    domain,
    checkpointname,
    securityInfo: flag("with passwords and the like"),
    noDomain: flag("without the domain's XML"),
    size: flag("with how large a backup since then would be"),
    ...xpathOptions,
  },
  async query(context) {
    const { options } = context;
    const { checkpoint } = await checkpointOf(context);
    const flags = flagsOf(options, {
      securityInfo: XmlFlags.SECURE,
      noDomain: XmlFlags.NO_DOMAIN,
      size: XmlFlags.SIZE,
    });
    return xmlAnswer(await checkpoint.xmlDesc(flags), options);
  },
  print: printXml,
});

export const checkpointEdit = command({
  name: "checkpoint-edit",
  summary: "edit a checkpoint's XML",
  description: "Opens the XML of a domain's checkpoint in your editor.",
  options: { domain, checkpointname },
  async run(context) {
    const { target, checkpoint, name } = await checkpointOf(context);
    await editObject({
      shell: context.shell,
      fetch: () => checkpoint.xmlDesc(XmlFlags.SECURE),
      async store(xml) {
        const wanted = textAt(readDocument(xml, "domain_checkpoint"), "name") ?? name;
        if (wanted !== name) throw new CommandError(`Cannot rename checkpoint ${name} to ${wanted}`);
        await target.checkpointCreateXML(xml, Create.REDEFINE);
      },
      unchanged: `Checkpoint ${name} XML configuration not changed.\n`,
      edited: () => `Checkpoint ${name} edited.\n`,
    });
  },
});

export const checkpointInfo = command({
  name: "checkpoint-info",
  summary: "basic facts of a checkpoint",
  description: "Shows the relatives of a domain's checkpoint.",
  options: { domain, checkpointname },
  async query(context) {
    const { target, checkpoint, name } = await checkpointOf(context);
    const parent = await parentOf(checkpoint);
    return {
      name,
      domain: target.name(),
      parent: parent ?? null,
      children: (await checkpoint.listAllChildren(0)).length,
      descendants: (await checkpoint.listAllChildren(List.DESCENDANTS)).length,
    };
  },
  print: (info) =>
    formatFields([
      ["Name", info.name],
      ["Domain", info.domain],
      ["Parent", info.parent ?? "-"],
      ["Children", String(info.children)],
      ["Descendants", String(info.descendants)],
    ]),
});

async function parentOf(checkpoint: DomainCheckpoint): Promise<string | undefined> {
  try {
    return (await checkpoint.parent(0)).name();
  } catch (error) {
    if (isLibvirtError(error, "NO_DOMAIN_CHECKPOINT")) return undefined;
    throw error;
  }
}

export const checkpointParent = command({
  name: "checkpoint-parent",
  summary: "the checkpoint before a checkpoint",
  description: "Prints the name of a checkpoint's parent.",
  options: { domain, checkpointname },
  async query(context) {
    const { checkpoint, name } = await checkpointOf(context);
    const parent = await parentOf(checkpoint);
    if (parent === undefined) throw new CommandError(`checkpoint '${name}' has no parent`);
    return { name: parent };
  },
  print: ({ name }) => name,
});

export const checkpointDelete = command({
  name: "checkpoint-delete",
  summary: "delete a checkpoint",
  description: "Deletes a domain's checkpoint, with its children if asked.",
  options: {
    domain,
    checkpointname,
    children: flag("and all that were made after it"),
    childrenOnly: flag("only those that were made after it"),
    metadata: flag("only what libvirt knows of it"),
  },
  async run(context) {
    const { options, notice } = context;
    const { checkpoint, name } = await checkpointOf(context);
    const flags = flagsOf(options, {
      children: Delete.CHILDREN,
      childrenOnly: Delete.CHILDREN_ONLY,
      metadata: Delete.METADATA_ONLY,
    });
    await attempt(`Failed to delete checkpoint ${name}`, () => checkpoint.delete(flags));
    notice(
      options.childrenOnly ? `Domain checkpoint ${name} children deleted\n` : `Domain checkpoint ${name} deleted\n`,
    );
  },
});

interface Row {
  readonly name: string;
  readonly created: number;
  readonly parent: string | null;
}

export const checkpointList = command({
  name: "checkpoint-list",
  summary: "which checkpoints a domain has",
  description: "Lists a domain's checkpoints.",
  options: {
    domain,
    parent: flag("with each one's parent"),
    roots: flag("those without a parent"),
    leaves: flag("those without children"),
    noLeaves: flag("those with children"),
    tree: flag("draw a tree"),
    from: text("those that were made after this one", { complete: checkpointNames }),
    descendants: flag("with --from: and after those, and so on"),
    name: flag("print names only"),
    topological: flag("parents before their children, instead of by name"),
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["tree", "name"], ["parent", "roots"], ["parent", "tree"], ["roots", "tree"], ["roots", "from"]);
    requires(options, "descendants", "from");
    const target = await domainOf(context);
    const filter = flagsOf(options, {
      leaves: List.LEAVES,
      noLeaves: List.NO_LEAVES,
      topological: List.TOPOLOGICAL,
      roots: List.ROOTS,
    });
    const checkpoints = await listOf(target, options.from, filter, options.tree, options.descendants);
    const rows = await Promise.all(checkpoints.map(describe));
    return options.topological ? rows : rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { options, shell }) {
    if (options.tree) return formatTrees(rows.map(({ name, parent }) => ({ name, parent: parent ?? undefined })));
    if (options.name) return rows.map(({ name }) => `${name}\n`).join("");
    const columns = [
      column<Row>("Name", ({ name }) => name),
      column<Row>("Creation Time", ({ created }) => localTimeWithZone(created)),
    ];
    if (options.parent) columns.push(column<Row>("Parent", ({ parent }) => parent ?? ""));
    return formatTable(columns, rows, shell.settings.quiet);
  },
});

async function listOf(
  target: Domain,
  from: string | undefined,
  filter: number,
  tree: boolean,
  descendants: boolean,
): Promise<readonly DomainCheckpoint[]> {
  if (from === undefined) return target.listAllCheckpoints(filter);
  const start = await target.checkpointLookupByName(from, 0);
  const below = await start.listAllChildren(filter | (descendants || tree ? List.DESCENDANTS : 0));
  return tree ? [start, ...below] : below;
}

async function describe(checkpoint: DomainCheckpoint): Promise<Row> {
  const xml = readDocument(await checkpoint.xmlDesc(0), "domain_checkpoint");
  return {
    name: checkpoint.name(),
    created: Number(textAt(xml, "creationTime") ?? 0),
    parent: textAt(xml, "parent/name") ?? null,
  };
}
