/**
 * A client of the Xen Store's daemon. When the daemon goes away, what was asked fails; it is connected to anew when it is
 * back, and the watches are registered again, each of which then tells of a change, for there may have been one.
 */
import { type FSWatcher, watch as watchFolder } from "node:fs";
import { basename, dirname } from "node:path";
import type { Duplex } from "node:stream";
import { LibvirtError, systemError } from "../../../errors.ts";
import { connectUnix } from "../../../host/unix.ts";
import { StoreConnection, StoreError } from "./connection.ts";
import { MessageType, maxPath, words, wordsOf } from "./wire.ts";

/** Who may do what to a node: `n0` is owned by domain 0 and nobody else's, `r3` lets domain 3 read, `w`, `b` for both. */
export type Permission = `${"n" | "r" | "w" | "b"}${number}`;

/** Reading and writing, within a transaction or without one. */
export interface StoreAccess {
  /** The value at a path; null when there is none. */
  read(path: string): Promise<string | null>;
  write(path: string, value: string): Promise<void>;
  /** Makes a node without a value, unless it is there. */
  make(path: string): Promise<void>;
  /** Removes a node and all below it; one that is not there is fine. */
  remove(path: string): Promise<void>;
  /** The names below a path; none when there is no such path. */
  list(path: string): Promise<string[]>;
  permissions(path: string): Promise<Permission[]>;
  setPermissions(path: string, permissions: readonly Permission[]): Promise<void>;
}

interface Watch {
  readonly path: string;
  readonly changed: (path: string) => void;
}

/** How often a transaction is tried that others' changes undo. */
const maxAttempts = 50;

export class StoreClient implements StoreAccess {
  readonly #path: string;
  readonly #watches = new Map<string, Watch>();
  #connection: StoreConnection | null = null;
  #connecting: Promise<StoreConnection> | null = null;
  #folder: FSWatcher | null = null;
  #closed = false;
  #lastToken = 0;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Connects to a daemon.
   * @throws {LibvirtError} SYSTEM_ERROR when it is not there or does not let us in
   */
  static async open(path: string): Promise<StoreClient> {
    const client = new StoreClient(path);
    await client.#connected();
    return client;
  }

  read(path: string): Promise<string | null> {
    return this.#access(0).read(path);
  }
  write(path: string, value: string): Promise<void> {
    return this.#access(0).write(path, value);
  }
  make(path: string): Promise<void> {
    return this.#access(0).make(path);
  }
  remove(path: string): Promise<void> {
    return this.#access(0).remove(path);
  }
  list(path: string): Promise<string[]> {
    return this.#access(0).list(path);
  }
  permissions(path: string): Promise<Permission[]> {
    return this.#access(0).permissions(path);
  }
  setPermissions(path: string, permissions: readonly Permission[]): Promise<void> {
    return this.#access(0).setPermissions(path, permissions);
  }

  /**
   * Does all or nothing: what `work` writes appears at once when it is done, and not at all when it fails. It is done
   * again when others have changed meanwhile what it saw.
   */
  async transaction<T>(work: (access: StoreAccess) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const [text = ""] = wordsOf(await this.#ask(MessageType.TRANSACTION_START, words("")));
      const id = Number(text);
      let result: T;
      try {
        result = await work(this.#access(id));
      } catch (error) {
        await this.#ask(MessageType.TRANSACTION_END, words("F"), id).catch(() => {});
        throw error;
      }
      try {
        await this.#ask(MessageType.TRANSACTION_END, words("T"), id);
        return result;
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== "EAGAIN" || attempt >= maxAttempts)
          throw failed("commit", error);
      }
    }
  }

  /**
   * Tells of changes at a path and below it, with the path that changed; once at the beginning too, and once after each
   * time that the daemon was away. `@introduceDomain` and `@releaseDomain` tell of domains that come and go.
   * @returns a function that ends it
   */
  async watch(path: string, changed: (path: string) => void): Promise<() => Promise<void>> {
    const token = `tsvirt-${++this.#lastToken}`;
    const connection = await this.#connected();
    this.#watches.set(token, { path, changed });
    try {
      await connection.ask(MessageType.WATCH, words(path, token));
    } catch (error) {
      this.#watches.delete(token);
      throw failed(`watch '${path}'`, error);
    }
    return async () => {
      if (!this.#watches.delete(token) || this.#closed) return;
      await this.#connection?.ask(MessageType.UNWATCH, words(path, token)).catch(() => {});
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watches.clear();
    this.#folder?.close();
    await this.#connecting?.catch(() => {});
    this.#connection?.close();
  }

  #access(transaction: number): StoreAccess {
    const ask = (type: MessageType, payload: Buffer) => this.#ask(type, payload, transaction);
    const tell = async (what: string, type: MessageType, payload: () => Buffer): Promise<void> => {
      await doing(what, () => ask(type, payload()));
    };
    return {
      read: (path) =>
        orWithout(null, `read '${path}'`, async () => (await ask(MessageType.READ, place(path))).toString("utf8")),
      write: (path, value) =>
        tell(`write '${path}'`, MessageType.WRITE, () => Buffer.concat([place(path), Buffer.from(value)])),
      make: (path) => tell(`make '${path}'`, MessageType.MKDIR, () => place(path)),
      remove: (path) =>
        orWithout(undefined, `remove '${path}'`, async () => void (await ask(MessageType.RM, place(path)))),
      list: (path) => orWithout([], `list '${path}'`, () => listAll(path, ask)),
      async permissions(path) {
        const all = await doing(`tell permissions of '${path}'`, () => ask(MessageType.GET_PERMS, place(path)));
        return wordsOf(all).filter((word): word is Permission => /^[nrwb]\d+$/.test(word));
      },
      setPermissions: (path, permissions) =>
        tell(`set permissions of '${path}'`, MessageType.SET_PERMS, () =>
          Buffer.concat([place(path), words(...permissions)]),
        ),
    };
  }

  async #ask(type: MessageType, payload: Buffer, transaction = 0): Promise<Buffer> {
    return (await this.#connected()).ask(type, payload, transaction);
  }

  /** The connection to the daemon, made anew when it was lost. */
  #connected(): Promise<StoreConnection> {
    if (this.#closed)
      return Promise.reject(new LibvirtError("INTERNAL_ERROR", "XENSTORE", "the store's client is closed"));
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connect(): Promise<StoreConnection> {
    const socket: Duplex = await connectUnix(this.#path).catch((error) => {
      throw systemError("XENSTORE", `cannot connect to the Xen Store's daemon at '${this.#path}'`, error);
    });
    const connection = new StoreConnection(socket, {
      onEvent: (path, token) => this.#watches.get(token)?.changed(path),
      onEnd: () => this.#lost(connection),
    });
    this.#connection = connection;
    this.#folder?.close();
    this.#folder = null;
    for (const [token, { path }] of this.#watches) await connection.ask(MessageType.WATCH, words(path, token));
    return connection;
  }

  /** The daemon has gone: its socket appears again with the next one. */
  #lost(connection: StoreConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.#closed || this.#folder) return;
    const name = basename(this.#path);
    try {
      this.#folder = watchFolder(dirname(this.#path), { persistent: false }, (_, file) => {
        if (file === name || file === null) void this.#connected().catch(() => {});
      });
      this.#folder.on("error", () => {});
    } catch {
      // Without the folder there is nothing to wait for: whoever asks next tries.
    }
  }
}

/** A path as a request holds it. @throws {LibvirtError} INVALID_ARG for what cannot be one */
function place(path: string): Buffer {
  if (path === "" || path.includes("\0") || Buffer.byteLength(path) > maxPath) {
    throw new LibvirtError("INVALID_ARG", "XENSTORE", `'${path.slice(0, 100)}' cannot be a path of the Xen Store`);
  }
  return words(path);
}

/** Names below a path; long lists come in parts, and anew when they change meanwhile. */
async function listAll(path: string, ask: (type: MessageType, payload: Buffer) => Promise<Buffer>): Promise<string[]> {
  try {
    return wordsOf(await ask(MessageType.DIRECTORY, place(path)));
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "E2BIG") throw error;
  }
  for (;;) {
    const parts: Buffer[] = [];
    let offset = 0;
    let generation: string | undefined;
    for (;;) {
      const answer = await ask(MessageType.DIRECTORY_PART, Buffer.concat([place(path), words(String(offset))]));
      const end = answer.indexOf(0);
      const now = answer.toString("utf8", 0, end);
      generation ??= now;
      if (now !== generation) break;
      const part = answer.subarray(end + 1);
      // The last part ends with an empty name.
      const isLast = part.length < 2 || (part.at(-1) === 0 && part.at(-2) === 0);
      parts.push(isLast ? part.subarray(0, Math.max(0, part.length - 1)) : part);
      if (isLast) return wordsOf(Buffer.concat(parts));
      offset += part.length;
    }
  }
}

async function doing<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(what, error);
  }
}

/** The same, where what is not there is an answer. */
async function orWithout<T>(nothing: T, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError && error.code === "ENOENT") return nothing;
    throw failed(what, error);
  }
}

function failed(what: string, error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  return new LibvirtError("OPERATION_FAILED", "XENSTORE", `the Xen Store does not ${what}: ${error.code}`, {
    cause: error,
  });
}
