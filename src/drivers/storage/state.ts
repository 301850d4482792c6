/**
 * All pools of a root, and what is kept of them on disk:
 *
 *     storage/NAME.xml              a defined pool
 *     storage/autostart/NAME.xml    a link to it: the pool starts with the driver
 *     storage/run/NAME.xml          an active pool as it is now
 *     storage/started/UUID          the pool has been started since the host came up (holds the kernel's boot id)
 *     storage/secrets/              passphrases, while qemu-img needs them
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EventHub } from "../../driver/events.ts";
import { formatUuid, ObjectList, parseUuid } from "../../driver/object-list.ts";
import { Reservations } from "../../driver/reservations.ts";
import type { Caller } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder } from "../../host/document-folder.ts";
import { StartMarks } from "../../host/start-marks.ts";
import { formatPool, type Pool, parsePool } from "../../model/storage/index.ts";
import type { StoragePoolEventLifecycleType } from "../../protocol/index.ts";
import { backendFor } from "./backends/index.ts";
import { StoragePool } from "./pool.ts";

interface Folders {
  readonly definitions: DocumentFolder;
  readonly running: DocumentFolder;
  readonly started: StartMarks;
}

export class StorageState {
  readonly hub = new EventHub();
  readonly pools = new ObjectList<StoragePool>();
  /** One change of which pools there are at a time, by name and UUID. */
  readonly reserved = new Reservations();
  readonly call: Caller;
  /** Where passphrases are while they are used. */
  readonly scratch: string;
  readonly #folders: Folders;
  readonly #closing = new AbortController();
  readonly #tasks = new Set<Promise<unknown>>();

  private constructor(folders: Folders, scratch: string, call: Caller) {
    this.#folders = folders;
    this.scratch = scratch;
    this.call = call;
  }

  /** Opens the pools of a root: those that were active are so again if their storage is still there. */
  static async open(root: string, call: Caller): Promise<StorageState> {
    const base = join(root, "storage");
    const folders: Folders = {
      definitions: await DocumentFolder.open(base, "STORAGE"),
      running: await DocumentFolder.open(join(base, "run"), "STORAGE"),
      started: await StartMarks.open(join(base, "started"), "STORAGE"),
    };
    const state = new StorageState(folders, join(base, "secrets"), call);
    // What a crash left there opens somebody's disks.
    await rm(state.scratch, { recursive: true, force: true });
    await state.#loadDefined();
    await state.#loadRunning();
    return state;
  }

  /** Fires when the driver closes: what still works on volumes ends then. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Lets work go on beside the call that began it; closing waits for it. */
  background(task: Promise<unknown>): void {
    this.#tasks.add(task);
    const done = () => void this.#tasks.delete(task);
    task.then(done, done);
  }

  /** The pools that start by themselves and have not yet been started since the host came up. */
  waitingForStart(): StoragePool[] {
    const { started } = this.#folders;
    return [...this.pools].filter(
      ({ autostart, active, uuid }) => autostart && !active && !started.has(formatUuid(uuid)),
    );
  }

  /** Tells those who listen what became of a pool. */
  emit({ name, uuid }: StoragePool, event: StoragePoolEventLifecycleType): void {
    this.hub.emit("storagePoolEventLifecycle", { pool: { name, uuid }, event, detail: 0 });
  }

  emitRefresh({ name, uuid }: StoragePool): void {
    this.hub.emit("storagePoolEventRefresh", { pool: { name, uuid } });
  }

  /** Keeps a definition, on the disk first. */
  async store(pool: StoragePool, definition: Pool): Promise<void> {
    await this.#folders.definitions.save(pool.name, formatStored(definition));
    pool.persistent = true;
  }

  /** Forgets a pool's definition, on the disk first. */
  async unstore(pool: StoragePool): Promise<void> {
    await this.#folders.definitions.remove(pool.name);
    pool.persistent = false;
    pool.autostart = false;
    await this.#folders.started.remove(formatUuid(pool.uuid));
  }

  async setAutostart(pool: StoragePool, on: boolean): Promise<void> {
    await this.#folders.definitions.setAutostart(pool.name, on);
    pool.autostart = on;
  }

  /** Notes that a pool is active, for whoever opens the root next. */
  async noteActive(pool: StoragePool): Promise<void> {
    await this.#folders.started.add(formatUuid(pool.uuid));
    await this.#folders.running.save(pool.name, formatPool(pool.definition));
    pool.active = true;
  }

  async noteInactive(pool: StoragePool): Promise<void> {
    await this.#folders.running.remove(pool.name);
    pool.active = false;
    pool.scanned = false;
    pool.volumes.clear();
    if (pool.next) pool.definition = pool.next;
    pool.next = null;
    if (!pool.persistent) await this.#folders.started.remove(formatUuid(pool.uuid));
  }

  /** Ends what still works on volumes, and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort(new LibvirtError("OPERATION_ABORTED", "STORAGE", "the storage driver closes"));
    await Promise.allSettled(this.#tasks);
  }

  async #loadDefined(): Promise<void> {
    for (const { name, text, autostart } of await this.#folders.definitions.readAll()) {
      await this.#load(name, () => {
        const pool = loadPool(name, text);
        pool.persistent = true;
        pool.autostart = autostart;
        this.pools.add(pool);
      });
    }
  }

  async #loadRunning(): Promise<void> {
    for (const { name, text } of await this.#folders.running.readAll()) {
      await this.#load(name, async () => {
        const now = loadPool(name, text);
        const known = this.pools.byUuid(now.uuid);
        const isThere = this.#folders.started.has(formatUuid(now.uuid)) && (await now.backend.isThere(now.definition));
        if (!isThere || (known && known.name !== name)) return this.#folders.running.remove(name);
        if (known) takeOver(known, now);
        else this.pools.add(now);
        (known ?? now).active = true;
      });
    }
  }

  /** A document that cannot be read is left as it is, and harms no other. */
  async #load(name: string, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      process.emitWarning(`storage pool '${name}': ${String(error)}`, "TsvirtWarning");
    }
  }
}

/** A defined pool that runs with another definition than the one that is kept. */
function takeOver(known: StoragePool, { definition: now }: StoragePool): void {
  const stored = known.definition;
  // Whose the directory turned out to be is no other definition.
  const alike = { ...now, ...(now.target && { target: { ...now.target } }) };
  if (alike.target && stored.target?.permissions) alike.target.permissions = stored.target.permissions;
  else if (alike.target) delete alike.target.permissions;
  if (formatStored(alike) !== formatStored(stored)) known.next = stored;
  known.definition = now;
}

function loadPool(file: string, text: string): StoragePool {
  const definition = parsePool(text);
  const uuid = parseUuid(definition.uuid ?? "");
  if (uuid === null || definition.name !== file) {
    throw new LibvirtError("XML_ERROR", "STORAGE", `the file holds the pool '${definition.name}'`);
  }
  return new StoragePool(file, uuid, definition, backendFor(definition.type));
}

/** A definition as it is kept: how full the pool is, and what its directory turned out to be, is found out again. */
function formatStored(definition: Pool): string {
  return formatPool({ ...definition, capacity: 0n, allocation: 0n, available: 0n });
}
