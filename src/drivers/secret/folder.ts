/**
 * Secrets on disk, as libvirt keeps them:
 *
 *     secrets/UUID.xml       what it is for
 *     secrets/UUID.base64    its value
 *
 * Both are for their owner alone. What is ephemeral is kept in memory only.
 */
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { EventHub } from "../../driver/events.ts";
import { JobQueue } from "../../driver/jobs.ts";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import type { KeptSecret, SecretKeeper } from "../../driver/secrets.ts";
import { LibvirtError } from "../../errors.ts";
import { isTemporary, removeDurably, writeDurably } from "../../host/durable.ts";
import { listFolder, makeFolder, readBounded } from "../../host/files.ts";
import { formatSecret, parseSecret } from "../../model/secret.ts";

/** The largest document that is read back, in bytes. */
const maxDocument = 1024 * 1024;
/** The largest value, in bytes, as base64 and with a line's end: libvirt's wire carries 64 KiB. */
const maxValue = 128 * 1024;

export class SecretFolder implements SecretKeeper {
  readonly hub = new EventHub();
  readonly secrets = new Map<string, KeptSecret>();
  readonly #path: string;
  readonly #jobs = new JobQueue("SECRET");

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens the secrets of a root; one that cannot be read is left as it is. */
  static async open(root: string): Promise<SecretFolder> {
    const folder = new SecretFolder(join(root, "secrets"));
    const files = await folder.#files();
    for (const file of files) {
      const id = file.endsWith(".xml") ? file.slice(0, -".xml".length) : null;
      if (id === null) continue;
      try {
        folder.secrets.set(id, await folder.#load(id));
      } catch (error) {
        process.emitWarning(`secret '${id}': ${String(error)}`, "TsvirtWarning");
      }
    }
    return folder;
  }

  async keep(secret: KeptSecret): Promise<void> {
    const id = formatUuid(secret.uuid);
    if (secret.definition.ephemeral) await this.#remove(id);
    else await this.#write(id, secret);
    this.secrets.set(id, secret);
  }

  async forget({ uuid }: KeptSecret): Promise<void> {
    const id = formatUuid(uuid);
    await this.#remove(id);
    this.secrets.delete(id);
  }

  change<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#jobs.run(name, work);
  }

  async #write(id: string, { definition, value }: KeptSecret): Promise<void> {
    await makeFolder(this.#path, 0o700, "SECRET");
    // A value without its document means nothing, and is removed; so the document comes first.
    await writeDurably(this.#document(id), formatSecret(definition), { domain: "SECRET" });
    if (value === null) return;
    await writeDurably(this.#value(id), Buffer.from(value).toString("base64"), { domain: "SECRET" });
  }

  async #remove(id: string): Promise<void> {
    await removeDurably(this.#document(id), "SECRET");
    await removeDurably(this.#value(id), "SECRET");
  }

  /** The names of the files, without what a crash left behind. */
  async #files(): Promise<string[]> {
    const names = await listFolder(this.#path, "SECRET");
    const known = new Set(names);
    const left = (name: string) =>
      isTemporary(name) || (name.endsWith(".base64") && !known.has(name.replace(/\.base64$/, ".xml")));
    await Promise.all(names.filter(left).map((name) => unlink(join(this.#path, name))));
    return names.filter((name) => !left(name)).sort();
  }

  async #load(id: string): Promise<KeptSecret> {
    const definition = parseSecret((await readBounded(this.#document(id), maxDocument, "SECRET")) ?? "");
    const uuid = parseUuid(definition.uuid ?? "");
    if (uuid === null || formatUuid(uuid) !== id) {
      throw new LibvirtError("XML_ERROR", "SECRET", `the file holds the UUID '${definition.uuid ?? ""}'`);
    }
    const value = await readBounded(this.#value(id), maxValue, "SECRET");
    return { uuid, definition, value: value === null ? null : new Uint8Array(Buffer.from(value, "base64")) };
  }

  #document(id: string): string {
    return join(this.#path, `${id}.xml`);
  }

  #value(id: string): string {
    return join(this.#path, `${id}.base64`);
  }
}
