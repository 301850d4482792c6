/**
 * What has been started since the host came up, so that what starts by itself does so once: a guest that was shut down,
 * or a pool that was stopped, stays so when the next program opens the root.
 *
 *     FOLDER/UUID    holds the number that the kernel gave the host's present run
 */
import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorDomainName, systemError } from "../errors.ts";
import { listFolder, makeFolder } from "./files.ts";

export class StartMarks {
  readonly #folder: string;
  readonly #boot: string;
  readonly #marks: Set<string>;
  readonly #domain: ErrorDomainName;

  private constructor(folder: string, boot: string, marks: Set<string>, domain: ErrorDomainName) {
    this.#folder = folder;
    this.#boot = boot;
    this.#marks = marks;
    this.#domain = domain;
  }

  /** Reads the marks, and removes those of earlier runs of the host. */
  static async open(folder: string, domain: ErrorDomainName): Promise<StartMarks> {
    const boot = await bootId();
    const marks = new Set<string>();
    for (const name of await listFolder(folder, domain)) {
      const path = join(folder, name);
      if ((await readFile(path, "utf8").catch(() => "")) === boot) marks.add(name);
      else await unlink(path).catch(() => {});
    }
    return new StartMarks(folder, boot, marks, domain);
  }

  has(uuid: string): boolean {
    return this.#marks.has(uuid);
  }

  /** Not waited for by the disk: it means nothing when the host has gone down. */
  async add(uuid: string): Promise<void> {
    if (this.#marks.has(uuid)) return;
    this.#marks.add(uuid);
    try {
      await makeFolder(this.#folder, 0o700, this.#domain);
      await writeFile(join(this.#folder, uuid), this.#boot, { mode: 0o600 });
    } catch (error) {
      this.#marks.delete(uuid);
      throw systemError(this.#domain, `cannot write '${join(this.#folder, uuid)}'`, error);
    }
  }

  /** A mark that stays behind does no harm but takes room, until the host goes down. */
  async remove(uuid: string): Promise<void> {
    if (this.#marks.delete(uuid)) await unlink(join(this.#folder, uuid)).catch(() => {});
  }
}

/** The number that the kernel gave the host's present run. */
export async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
}
