/** Making volumes. */
import type { Connection, StoragePool } from "../../../api/index.ts";
import { StorageVolCreateFlags as Create } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { firstFound } from "../../objects/lookup.ts";
import { inPool, lookupVolume, poolNames, poolOf, poolOption, volumeOf, volumeOption } from "../../objects/pool.ts";
import { data, flag, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { childDraft, draftOf, formatDraft, setText } from "../../shared/rewrite.ts";
import { flagsOf } from "../../shared/rules.ts";
import { parseSize } from "../../shared/size.ts";
import { element, readDocument } from "../../shared/xml.ts";
import { validate, xmlFile } from "../../shared/xml-options.ts";

const preallocMetadata = flag("reserve the image's own tables, though not its data");
const reflink = flag("share blocks with the original, where the file system can");
const formats = oneOf("raw", "bochs", "qcow", "qcow2", "qed", "vmdk");

const flagBits = {
  preallocMetadata: Create.PREALLOC_METADATA,
  reflink: Create.REFLINK,
  validate: Create.VALIDATE,
};

export const volCreate = command({
  name: "vol-create",
  summary: "make a volume from XML",
  description: "Makes the volume that a file describes.",
  options: { pool: poolOption("name of the pool"), file: xmlFile("a volume"), preallocMetadata, validate },
  async run(context) {
    const { options, notice, shell } = context;
    const pool = await poolOf(context, "name");
    const xml = await readXmlFile(options.file);
    const volume = await attempt(`Failed to create vol from ${options.file}`, () =>
      pool.createXML(xml, flagsOf(options, flagBits)),
    );
    notice(`Vol ${volume.name()} created from ${options.file}\n`);
    await noteIgnored(shell, "volume", xml);
  },
});

export const volCreateFrom = command({
  name: "vol-create-from",
  summary: "make a volume from XML, with another's data",
  description: "Makes the volume that a file describes, and copies another volume's data into it.",
  options: {
    pool: poolOption(),
    file: xmlFile("a volume"),
    vol: volumeOption("name, key or path of the volume to copy"),
    inputpool: text("name or UUID of that volume's pool", { complete: poolNames }),
    preallocMetadata,
    reflink,
    validate,
  },
  async run(context) {
    const { connection, options, notice } = context;
    const pool = await poolOf(context);
    const original = await lookupVolume(connection, options.vol, options.inputpool, "inputpool");
    const xml = await readXmlFile(options.file);
    const volume = await attempt(`Failed to create vol from ${options.file}`, () =>
      pool.createXMLFrom(xml, original, flagsOf(options, flagBits)),
    );
    notice(`Vol ${volume.name()} created from input vol ${original.name()}\n`);
  },
});

export const volCreateAs = command({
  name: "vol-create-as",
  summary: "make a volume by options",
  description: "Makes a volume by options instead of XML.",
  options: {
    pool: poolOption("name of the pool"),
    name: data("name of the volume"),
    capacity: data("its size; bytes when no unit is given"),
    allocation: text("what is reserved at first; bytes when no unit is given"),
    format: text("its format: raw, bochs, qcow, qcow2, qed, vmdk", { complete: formats }),
    backingVol: text("name, key or path of the volume below it"),
    backingVolFormat: text("format of the volume below it", { complete: formats }),
    preallocMetadata,
    printXml: flag("print its XML, and change nothing"),
  },
  async run(context) {
    const { connection, options, print, notice } = context;
    const pool = await poolOf(context, "name");
    const capacity = parseSize(options.capacity);
    const allocation = options.allocation === undefined ? undefined : parseSize(options.allocation);
    const backing = options.backingVol && (await backingPath(connection, pool, options.backingVol));
    const xml = element("volume", {}, [
      element("name", {}, options.name),
      element("capacity", {}, String(capacity)),
      allocation === undefined ? undefined : element("allocation", {}, String(allocation)),
      formatElement("target", options.format, undefined),
      backing ? formatElement("backingStore", options.backingVolFormat, backing) : undefined,
    ]);
    if (options.printXml) {
      print(xml);
      return;
    }
    await attempt(`Failed to create vol ${options.name}`, () => pool.createXML(xml, flagsOf(options, flagBits)));
    notice(`Vol ${options.name} created\n`);
  },
});

/** An element with a path and a format, or nothing when it has neither. */
function formatElement(name: string, format: string | undefined, path: string | undefined): string | undefined {
  if (format === undefined && path === undefined) return undefined;
  return element(name, {}, [
    path === undefined ? undefined : element("path", {}, path),
    format === undefined ? undefined : element("format", { type: format }),
  ]);
}

/** The path of a volume in this pool, or in any other by its key or path. */
async function backingPath(connection: Connection, pool: StoragePool, key: string): Promise<string> {
  const volume = await firstFound(`failed to get vol '${key}'`, [
    () => pool.storageVolLookupByName(key),
    () => connection.storageVolLookupByKey(key),
    () => connection.storageVolLookupByPath(key),
  ]);
  return volume.path();
}

export const volClone = command({
  name: "vol-clone",
  summary: "copy a volume",
  description: "Copies a volume within its pool.",
  options: {
    vol: volumeOption(),
    newname: data("name of the copy"),
    pool: inPool,
    preallocMetadata,
    reflink,
    printXml: flag("print the copy's XML, and change nothing"),
  },
  async run(context) {
    const { options, print, notice } = context;
    const original = await volumeOf(context);
    const pool = await attempt("failed to get parent pool", () => original.storagePoolLookupByVolume());
    const xml = renamed(await original.xmlDesc(0), options.newname);
    if (options.printXml) {
      print(xml);
      return;
    }
    const copy = await attempt(`Failed to clone vol from ${original.name()}`, () =>
      pool.createXMLFrom(xml, original, flagsOf(options, flagBits)),
    );
    notice(`Vol ${copy.name()} cloned from ${original.name()}\n`);
  },
});

/** The volume's XML under another name. */
function renamed(xml: string, name: string): string {
  const draft = draftOf(readDocument(xml, "volume_definition"));
  const nameElement = childDraft(draft, "name");
  if (nameElement === undefined) throw new CommandError("the volume's XML has no <name>");
  setText(nameElement, name);
  return formatDraft(draft);
}
