/**
 * A client of the Xen Store's daemon. When the daemon goes away, what was asked fails; it is connected to anew when it is
 * back, and the watches are registered again, each of which then tells of a change, for there may have been one.
 */
import type { Duplex } from "node:stream";
import { LibvirtError, systemError } from "../../../errors.ts";
import { connectUnix } from "../../../host/unix.ts";
import { failed, type Permission, place, type StoreAccess, storeAccess } from "./access.ts";
import { Comeback } from "./comeback.ts";
import { StoreConnection, StoreError } from "./connection.ts";
import { MessageType, words, wordsOf } from "./wire.ts";

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
  #comeback: Comeback | null = null;
  #closed = false;
  #lastToken = 0;
  readonly #access = storeAccess(async (type, payload) => (await this.#connected()).ask(type, payload));

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
    return this.#access.read(path);
  }
  write(path: string, value: string): Promise<void> {
    return this.#access.write(path, value);
  }
  make(path: string): Promise<void> {
    return this.#access.make(path);
  }
  remove(path: string): Promise<void> {
    return this.#access.remove(path);
  }
  list(path: string): Promise<string[]> {
    return this.#access.list(path);
  }
  permissions(path: string): Promise<Permission[]> {
    return this.#access.permissions(path);
  }
  setPermissions(path: string, permissions: readonly Permission[]): Promise<void> {
    return this.#access.setPermissions(path, permissions);
  }

  /**
   * Does all or nothing: what `work` writes appears at once when it is done, and not at all when it fails. It is done
   * again when others have changed meanwhile what it saw.
   */
  async transaction<T>(work: (access: StoreAccess) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      // All of it goes over one connection: with the next one the same number may be another transaction's.
      const connection = await this.#connected();
      const id = await startTransaction(connection);
      const end = (word: "T" | "F") => connection.ask(MessageType.TRANSACTION_END, words(word), id);
      let result: T;
      try {
        result = await work(storeAccess((type, payload) => connection.ask(type, payload, id)));
      } catch (error) {
        await end("F").catch(() => {});
        throw error;
      }
      try {
        await end("T");
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
    place(path);
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
    this.#comeback?.end();
    await this.#connecting?.catch(() => {});
    this.#connection?.close();
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
    this.#comeback?.end();
    this.#comeback = null;
    // Asked at once, before anybody else can: a watch that is made meanwhile is registered by whoever makes it.
    await Promise.all([...this.#watches].map(([token, { path }]) => watchAgain(connection, path, token)));
    return connection;
  }

  #lost(connection: StoreConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    // Without a watch nothing is missed: whoever asks next connects.
    if (this.#closed || this.#watches.size === 0) return;
    this.#comeback ??= new Comeback(this.#path, () => this.#connected());
  }
}

/** Begins a transaction and gives its number. */
async function startTransaction(connection: StoreConnection): Promise<number> {
  try {
    const [text = ""] = wordsOf(await connection.ask(MessageType.TRANSACTION_START, words("")));
    const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    // 0 means that there is none: what is written would be seen at once.
    if (id === 0 || id > 0xffff_ffff) throw new StoreError("EIO");
    return id;
  } catch (error) {
    throw failed("begin a transaction", error);
  }
}

/** A daemon that takes this watch no more takes the others all the same. */
async function watchAgain(connection: StoreConnection, path: string, token: string): Promise<void> {
  try {
    await connection.ask(MessageType.WATCH, words(path, token));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    process.emitWarning(`the Xen Store tells no more of '${path}': ${error.code}`, "TsvirtWarning");
  }
}
