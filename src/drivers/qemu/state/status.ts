/**
 * Status of running domains: all that is needed to take a guest over again, one file each.
 *
 * It means nothing once the host has gone down, for the guest went with it, except for one thing: whose the images were
 * before the guest got them. So a status is on the disk before an image changes hands, and not waited for otherwise.
 */

import { readdir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { StateWithReason } from "../../../driver/domain/kept/domain.ts";
import { LibvirtError } from "../../../errors.ts";
import { isTemporary, writeAtomically, writeDurably } from "../../../host/durable.ts";
import { makeFolder, readBounded } from "../../../host/files.ts";
import type { ProcessId } from "../../../host/proc.ts";
import { type Domain as Definition, domainDocument } from "../../../model/domain/index.ts";
import { parseJson, stringifyJson } from "../monitor/json.ts";
import { array, boolean, fields, int, int64, nullable, type Of, optional, string } from "../monitor/shape.ts";

/** To be raised when a status of today cannot be understood tomorrow. */
const format = 1;

/** The largest status that is read back, in bytes. */
const maxBytes = 32 * 1024 * 1024;

const statusShape = fields({
  format: int,
  id: int,
  name: string,
  uuid: string,
  /** Whether the start has come to its end: a guest that nobody was told of is not kept. */
  started: boolean,
  state: int,
  reason: int,
  /** Whether a guest that shuts down now is meant to come up again. */
  rebooting: boolean,
  /** Null before QEMU runs. */
  process: nullable(fields({ pid: int, startTime: int64 })),
  emulator: string,
  folder: string,
  /** Files that QEMU got for its run, with their owners of before. */
  owners: array(fields({ path: string, uid: int, gid: int })),
  /** Whether the run came from the domain's managed save, which is to go as soon as the run is known. */
  savedSpent: boolean,
  /** A file that is half written on the guest's behalf, such as a save; it goes when nobody writes it any more. */
  writing: nullable(string),
  /** Devices of the definition that QEMU was just being given, by alias; those of before have none. */
  plugging: optional(array(string)),
  /** Which kinds of command were passed on as they were; not in a status from before they were noted. */
  commanded: optional(array(string)),
  definition: string,
});

/** Whose a file was before a guest got it. */
export interface FormerOwner {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Status extends StateWithReason {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  readonly started: boolean;
  readonly rebooting: boolean;
  readonly process: ProcessId | null;
  readonly emulator: string;
  readonly folder: string;
  readonly owners: readonly FormerOwner[];
  readonly savedSpent: boolean;
  readonly writing: string | null;
  readonly plugging: readonly string[];
  readonly commanded: readonly string[];
  readonly definition: Definition;
}

export class StatusFolder {
  readonly #path: string;
  /** Writes of one file follow each other, and those that were overtaken are left out. */
  readonly #writing = new Map<string, { text: string | null; done: Promise<void> }>();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<StatusFolder> {
    await makeFolder(path, 0o700, "QEMU");
    for (const name of await readdir(path)) if (isTemporary(name)) await unlink(join(path, name));
    return new StatusFolder(path);
  }

  /** The status of every domain that ran; null for one that the host took with it when it went down. */
  async readAll(): Promise<{ readonly name: string; readonly status: Status | null }[]> {
    const files = (await readdir(this.#path)).filter((file) => file.endsWith(".json")).sort();
    return Promise.all(
      files.map(async (file) => {
        const text = await readBounded(join(this.#path, file), maxBytes, "QEMU");
        return { name: file.slice(0, -".json".length), status: parseStatus(text ?? "") };
      }),
    );
  }

  /** Writes a status so that it outlives this program. */
  write(status: Status): Promise<void> {
    const { name } = status;
    const text = formatStatus(status);
    const waiting = this.#writing.get(name);
    if (waiting && waiting.text !== null) {
      waiting.text = text;
      return waiting.done;
    }
    const turn: { text: string | null; done: Promise<void> } = { text, done: Promise.resolve() };
    turn.done = (waiting?.done ?? Promise.resolve())
      .catch(() => {})
      .then(() => {
        const latest = turn.text ?? text;
        turn.text = null;
        return writeAtomically(this.#pathOf(name), latest, { domain: "QEMU" });
      })
      .finally(() => {
        if (this.#writing.get(name) === turn) this.#writing.delete(name);
      });
    this.#writing.set(name, turn);
    return turn.done;
  }

  /** Writes a status so that it outlives the host. */
  async writeDurably(status: Status): Promise<void> {
    await this.#settled(status.name);
    await writeDurably(this.#pathOf(status.name), formatStatus(status), { domain: "QEMU" });
  }

  /** Removes a status; one that a crash of the host brings back says nothing that does harm. */
  async remove(name: string): Promise<void> {
    await this.#settled(name);
    await rm(this.#pathOf(name), { force: true });
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#writing.values()].map(({ done }) => done));
  }

  async #settled(name: string): Promise<void> {
    await this.#writing.get(name)?.done.catch(() => {});
  }

  #pathOf(name: string): string {
    if (name.includes("/") || name.includes("\0")) {
      throw new LibvirtError("INTERNAL_ERROR", "QEMU", `'${name}' cannot be the name of a file`);
    }
    return join(this.#path, `${name}.json`);
  }
}

function formatStatus({ definition, ...rest }: Status): string {
  const { process } = rest;
  const text = domainDocument.format(definition, { secure: true, status: true });
  return `${stringifyJson({
    format,
    ...rest,
    process: process && { pid: process.pid, startTime: process.startTime },
    owners: rest.owners.map((owner) => ({ ...owner })),
    plugging: [...rest.plugging],
    commanded: [...rest.commanded],
    definition: text,
  })}\n`;
}

/** Null for a text that is not whole. */
function parseStatus(text: string): Status | null {
  let status: Of<typeof statusShape>;
  try {
    status = statusShape(parseJson(text), "");
  } catch {
    return null;
  }
  if (status.format !== format) return null;
  const { format: _, ...rest } = status;
  const definition = domainDocument.parse(status.definition, { status: true }) as Definition;
  const { plugging = [], commanded = [] } = rest;
  return { ...rest, plugging, commanded, state: status.state as Status["state"], definition };
}
