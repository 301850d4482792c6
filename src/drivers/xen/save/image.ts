/**
 * Save files: what the tool stack wrote, which it reads to its own end mark, and behind it what this driver adds.
 *
 *     memory and devices, as xl writes them | the domain's document | its length (8) | running (4) | version (4) | mark (16)
 */
import { type FileHandle, open } from "node:fs/promises";
import { LibvirtError, systemError } from "../../../errors.ts";
import { type Domain as Definition, formatDomain } from "../../../model/domain/index.ts";
import { readDefinition } from "../definitions.ts";

const mark = Buffer.from("tsvirt-xen-save\n");
const footerLength = 16 + mark.length;
const version = 1;
/** The longest document that is read back, in bytes. */
const maxDocument = 16 * 1024 * 1024;

/** What a save file says of the guest. */
export interface Saved {
  readonly definition: Definition;
  readonly uuid: Uint8Array;
  /** Whether it ran when it was saved, or shall run when it comes back. */
  readonly running: boolean;
}

interface Addition {
  readonly xml: string;
  readonly running: boolean;
  /** Where it begins. */
  readonly start: number;
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, flags);
  } catch (error) {
    throw systemError("XEN", `cannot open save file '${path}'`, error);
  }
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function readAddition(file: FileHandle, path: string): Promise<Addition> {
  const { size } = await file.stat();
  const footer = Buffer.alloc(footerLength);
  if (size > footerLength) await file.read(footer, 0, footerLength, size - footerLength);
  const length = Number(footer.readBigUInt64LE(0));
  const start = size - footerLength - length;
  if (!footer.subarray(16).equals(mark) || footer.readUInt32LE(12) !== version || length > maxDocument || start < 0) {
    throw new LibvirtError("OPERATION_FAILED", "XEN", `'${path}' is not a save file of this driver`);
  }
  const text = Buffer.alloc(length);
  await file.read(text, 0, length, start);
  return { xml: text.toString("utf8"), running: footer.readUInt32LE(8) !== 0, start };
}

async function writeAddition(file: FileHandle, start: number, definition: Definition, running: boolean): Promise<void> {
  const text = Buffer.from(formatDomain(definition, { inactive: true, secure: true }));
  const footer = Buffer.alloc(16);
  footer.writeBigUInt64LE(BigInt(text.length), 0);
  footer.writeUInt32LE(Number(running), 8);
  footer.writeUInt32LE(version, 12);
  const addition = Buffer.concat([text, footer, mark]);
  await file.write(addition, 0, addition.length, start);
  await file.truncate(start + addition.length);
  await file.sync();
}

/** Adds to what the tool stack has written. */
export function completeSaved(path: string, definition: Definition, running: boolean): Promise<void> {
  return withFile(path, "r+", async (file) => writeAddition(file, (await file.stat()).size, definition, running));
}

/** @throws {LibvirtError} OPERATION_FAILED for what is no save file */
export function readSaved(path: string): Promise<Saved> {
  return withFile(path, "r", async (file) => {
    const { xml, running } = await readAddition(file, path);
    return { ...readDefinition(xml, { accepted: true }), running };
  });
}

/** Gives a save file another document, which must be of the same domain, or another state. */
export function replaceSaved(path: string, xml: string | null, running: boolean | undefined): Promise<void> {
  return withFile(path, "r+", async (file) => {
    const before = await readAddition(file, path);
    const { definition, uuid } = readDefinition(before.xml, { accepted: true });
    const changed = xml === null ? definition : changedDefinition(definition, uuid, xml);
    await writeAddition(file, before.start, changed, running ?? before.running);
  });
}

/** The document that a client wants instead of a saved one. @throws {LibvirtError} when it is another domain's */
export function changedDefinition(saved: Definition, uuid: Uint8Array, xml: string): Definition {
  const { definition, uuid: other } = readDefinition(xml, { accepted: true });
  if (!Buffer.from(uuid).equals(other)) {
    const detail = `the document is of another domain: its UUID is ${definition.uuid}, that of the save file ${saved.uuid}`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", "XEN", detail);
  }
  return definition;
}
