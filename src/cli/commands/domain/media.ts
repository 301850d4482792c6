/** The command `change-media`. */
import { DomainXMLFlags, DomainDeviceModifyFlags as Modify } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { diskTargets, sourceOf } from "../../objects/disk.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text } from "../../option.ts";
import { impactFlags } from "../../shared/impact.ts";
import { childDraft, type Draft, draftOf, formatDraft, newDraft, removeChild } from "../../shared/rewrite.ts";
import { exclusive } from "../../shared/rules.ts";
import { attributeAt, elementsAt, readDocument } from "../../shared/xml.ts";

export const changeMedia = command({
  name: "change-media",
  summary: "the disc in a CD or floppy drive",
  description: "Puts a medium into a CD or floppy drive, takes it out, or changes it.",
  options: {
    domain: domainOption(),
    path: data("target or source of the drive", { complete: diskTargets }),
    source: text("the new medium"),
    eject: flag("take it out"),
    insert: flag("put one in"),
    update: flag("put another one in"),
    current: flag("in the running guest, or if it is off, from the next start on"),
    live: flag("in the running guest"),
    config: flag("from the next start on"),
    force: flag("even if the guest holds on to it"),
    printXml: flag("print the drive's XML, and change nothing"),
    block: flag("the medium is a block device"),
  },
  async run(context) {
    const { options, print, notice } = context;
    exclusive(options, ["eject", "insert"], ["eject", "update"], ["insert", "update"], ["eject", "block"]);
    const flags = impactFlags(options) | (options.force ? Modify.FORCE : 0);
    const action = options.eject ? "eject" : options.insert ? "insert" : "update";
    const domain = await domainOf(context);
    const drive = findDrive(await domain.xmlDesc(options.config ? DomainXMLFlags.INACTIVE : 0), options.path);
    const xml = formatDraft(changed(drive, options.path, action, options));
    if (options.printXml) {
      print(xml);
      return;
    }
    await attempt(`Failed to complete action ${action} on media`, () => domain.updateDeviceFlags(xml, flags));
    notice(`Successfully ${action === "eject" ? "ejected" : action === "insert" ? "inserted" : "updated"} media.`);
  },
});

interface Drive {
  readonly draft: Draft;
  readonly source: string | null;
}

/** @throws {CommandError} when there is no such drive */
function findDrive(xml: string, path: string): Drive {
  for (const disk of elementsAt(readDocument(xml), "devices/disk")) {
    const device = disk.attribute("device");
    const source = sourceOf(disk);
    const isDrive = device === "cdrom" || device === "floppy";
    if (isDrive && (attributeAt(disk, "target", "dev") === path || source === path))
      return { draft: draftOf(disk), source };
  }
  throw new CommandError(`No disk found whose source path or target is ${path}`);
}

function changed(
  { draft, source }: Drive,
  path: string,
  action: "eject" | "insert" | "update",
  options: { readonly source: string | undefined; readonly block: boolean },
): Draft {
  if (action === "eject" && source === null) throw new CommandError(`The disk device '${path}' doesn't have media`);
  if (action === "insert" && source !== null) throw new CommandError(`The disk device '${path}' already has media`);
  if (action !== "eject" && options.source === undefined) {
    throw new CommandError("New disk media source was not specified");
  }
  const old = childDraft(draft, "source");
  if (old !== undefined) removeChild(draft, old);
  if (action === "eject" || options.source === undefined) return draft;
  draft.attributes.set("type", options.block ? "block" : "file");
  const medium = newDraft("source", { [options.block ? "dev" : "file"]: options.source });
  const target = draft.nodes.findIndex((node) => node.kind === "element" && node.name === "target");
  draft.nodes.splice(Math.max(0, target), 0, medium, { kind: "text", text: "\n      " });
  return draft;
}
