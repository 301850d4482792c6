/**
 * A folder of documents, one file a named object, with marks for those that start with the host: how definitions of
 * domains, networks and pools are kept.
 *
 *     FOLDER/NAME.xml              the document
 *     FOLDER/autostart/NAME.xml    a link to it, for objects that start by themselves
 *
 * The folders are made when something is written to them.
 */
import { symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { isTemporary, removeDurably, renameDurably, syncFolder, writeDurably } from "./durable.ts";
import { listFolder, makeFolder, readBounded } from "./files.ts";

const suffix = ".xml";

/** The largest document that is read back, in bytes. */
const maxDocument = 16 * 1024 * 1024;

/** What a folder held when it was read. */
export interface StoredDocument {
  readonly name: string;
  readonly text: string;
  readonly autostart: boolean;
}

export class DocumentFolder {
  readonly #path: string;
  readonly #autostart: string;
  readonly #domain: ErrorDomainName;
  readonly #made = new Set<string>();

  private constructor(path: string, domain: ErrorDomainName) {
    this.#path = path;
    this.#autostart = join(path, "autostart");
    this.#domain = domain;
  }

  /** Opens a folder, which need not be there yet, and clears what a crash left half written. */
  static async open(path: string, domain: ErrorDomainName): Promise<DocumentFolder> {
    const folder = new DocumentFolder(path, domain);
    const names = new Set(await listFolder(path, domain));
    for (const name of names) if (isTemporary(name)) await unlink(join(path, name));
    // A mark whose document is gone would be the mark of the next one with that name.
    for (const mark of await listFolder(folder.#autostart, domain)) {
      if (!names.has(mark)) await unlink(join(folder.#autostart, mark));
    }
    return folder;
  }

  /** Every document, ordered by name. */
  async readAll(): Promise<StoredDocument[]> {
    const marks = new Set(await listFolder(this.#autostart, this.#domain));
    const files = (await listFolder(this.#path, this.#domain)).filter((file) => file.endsWith(suffix)).sort();
    const documents = await Promise.all(
      files.map(async (file): Promise<StoredDocument | null> => {
        const text = await readBounded(join(this.#path, file), maxDocument, this.#domain);
        return text === null ? null : { name: file.slice(0, -suffix.length), text, autostart: marks.has(file) };
      }),
    );
    return documents.filter((document) => document !== null);
  }

  /** Where the document of an object is, whether it is there or not. */
  pathOf(name: string): string {
    return join(this.#path, this.#file(name));
  }

  /** Writes a document; it is on the disk when the promise resolves. */
  save(name: string, text: string): Promise<void> {
    const path = this.pathOf(name);
    return this.#make(this.#path).then(() => writeDurably(path, text, { domain: this.#domain }));
  }

  /** Removes a document and its mark. */
  async remove(name: string): Promise<void> {
    // In this order: a crash in between leaves a mark that means nothing, not a document that has lost its mark.
    await removeDurably(this.pathOf(name), this.#domain);
    await this.setAutostart(name, false);
  }

  /**
   * Gives an object another name; `text` is its document under the new one. A crash on the way leaves the new document
   * under the old name: {@link finishRename} goes on from there.
   */
  async rename(from: string, to: string, text: string): Promise<void> {
    // What needs room on the disk comes first: without it, everything is as before.
    const marked = (await listFolder(this.#autostart, this.#domain)).includes(this.#file(from));
    if (marked) await this.setAutostart(to, true);
    try {
      await this.save(from, text);
    } catch (error) {
      if (marked) await this.setAutostart(to, false);
      throw error;
    }
    await this.finishRename(from, to);
  }

  /** The second half of {@link rename}. */
  async finishRename(from: string, to: string): Promise<void> {
    const marks = await listFolder(this.#autostart, this.#domain);
    // A mark without a document means nothing, so the new one comes first and the old one goes last.
    if (marks.includes(this.#file(from))) await this.setAutostart(to, true);
    await renameDurably(this.pathOf(from), this.pathOf(to), this.#domain);
    await this.setAutostart(from, false);
  }

  /** Marks an object to start by itself, or takes the mark away. */
  async setAutostart(name: string, on: boolean): Promise<void> {
    const mark = join(this.#autostart, this.#file(name));
    if (!on) return removeDurably(mark, this.#domain);
    await this.#make(this.#autostart);
    try {
      await symlink(join("..", this.#file(name)), mark);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
      throw systemError(this.#domain, `failed to create symlink '${mark}'`, error);
    }
    await syncFolder(this.#autostart);
  }

  async #make(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await makeFolder(path, 0o700, this.#domain);
    this.#made.add(path);
  }

  #file(name: string): string {
    // The model refuses such names; a path built from one must be impossible all the same.
    if (name === "" || name.includes("/") || name.includes("\0")) {
      throw new LibvirtError("XML_ERROR", this.#domain, `'${name}' cannot be a name: it is empty or holds '/'`);
    }
    return `${name}${suffix}`;
  }
}
