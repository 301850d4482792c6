/**
 * What is kept of things that run, so that another program finds them again: one file each.
 *
 * A status means little once the host has gone down, for what ran went with it: it outlives this program, and the host only
 * where that is asked for.
 */
import { readdir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { isTemporary, writeAtomically, writeDurably } from "./durable.ts";
import { makeFolder, readBounded } from "./files.ts";

/** The largest status that is read back, in bytes. */
const maxBytes = 32 * 1024 * 1024;

/** How a kind of status is written and read. */
export interface StatusKind<S> {
  /** Whose errors they are. */
  readonly domain: ErrorDomainName;
  nameOf(status: S): string;
  format(status: S): string;
  /** Null for a text that is not a whole status. */
  parse(text: string): S | null;
}

/** Work on one file that waits or is under way. */
interface Turn {
  /** What is to be written and has not been yet. */
  text: string | null;
  done: Promise<void>;
}

export class StatusFolder<S> {
  readonly #path: string;
  readonly #kind: StatusKind<S>;
  /** The last turn of each file: turns follow each other. */
  readonly #turns = new Map<string, Turn>();

  private constructor(path: string, kind: StatusKind<S>) {
    this.#path = path;
    this.#kind = kind;
  }

  /** Opens a folder, made where it is missing; what a crash left half written is removed. */
  static async open<S>(path: string, kind: StatusKind<S>): Promise<StatusFolder<S>> {
    await makeFolder(path, 0o700, kind.domain);
    for (const name of await readdir(path)) if (isTemporary(name)) await unlink(join(path, name));
    return new StatusFolder(path, kind);
  }

  /** The status of everything that ran; null for a file that says nothing. */
  async readAll(): Promise<{ readonly name: string; readonly status: S | null }[]> {
    const files = (await readdir(this.#path)).filter((file) => file.endsWith(".json")).sort();
    return Promise.all(
      files.map(async (file) => {
        const text = await readBounded(join(this.#path, file), maxBytes, this.#kind.domain);
        return { name: file.slice(0, -".json".length), status: this.#kind.parse(text ?? "") };
      }),
    );
  }

  /** Writes a status so that it outlives this program; one that was overtaken before its turn is left out. */
  write(status: S): Promise<void> {
    const { domain, nameOf, format } = this.#kind;
    const name = nameOf(status);
    const waiting = this.#turns.get(name);
    if (waiting && waiting.text !== null) {
      waiting.text = format(status);
      return waiting.done;
    }
    const turn = this.#inTurn(name, () => {
      const text = turn.text ?? "";
      turn.text = null;
      return writeAtomically(this.#pathOf(name), text, { domain });
    });
    turn.text = format(status);
    return turn.done;
  }

  /** Writes a status so that it outlives the host. */
  writeDurably(status: S): Promise<void> {
    const { domain, nameOf, format } = this.#kind;
    const name = nameOf(status);
    const text = format(status);
    return this.#inTurn(name, () => writeDurably(this.#pathOf(name), text, { domain })).done;
  }

  /** Removes a status; one that a crash of the host brings back says nothing that does harm. */
  remove(name: string): Promise<void> {
    return this.#inTurn(name, () => rm(this.#pathOf(name), { force: true })).done;
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#turns.values()].map(({ done }) => done));
  }

  #inTurn(name: string, work: () => Promise<void>): Turn {
    const before = this.#turns.get(name)?.done.catch(() => {}) ?? Promise.resolve();
    const turn: Turn = { text: null, done: before.then(work) };
    this.#turns.set(name, turn);
    turn.done = turn.done.finally(() => {
      if (this.#turns.get(name) === turn) this.#turns.delete(name);
    });
    return turn;
  }

  #pathOf(name: string): string {
    if (!name.includes("/") && !name.includes("\0")) return join(this.#path, `${name}.json`);
    throw new LibvirtError("INTERNAL_ERROR", this.#kind.domain, `'${name}' cannot be the name of a file`);
  }
}
