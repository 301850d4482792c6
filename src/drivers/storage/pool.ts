/** One storage pool: what it is, whether it runs, and which volumes were found in it. */
import { JobQueue } from "../../driver/jobs.ts";
import type { Pool } from "../../model/storage/index.ts";
import type { Backend } from "./backends/backend.ts";
import { failure } from "./failure.ts";
import type { FileVolume } from "./volumes/volume.ts";

/** How much there is on a pool's storage, in bytes. */
export interface Space {
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

export class StoragePool {
  readonly name: string;
  readonly uuid: Uint8Array;
  readonly backend: Backend;
  /** What it is now. */
  definition: Pool;
  /** What it will be at its next start, when it was defined anew while it ran. */
  next: Pool | null = null;
  persistent = false;
  autostart = false;
  active = false;
  readonly volumes = new Map<string, FileVolume>();
  /** Whether its storage has been looked through since it became active here. */
  scanned = false;
  /** Work on volumes that is under way, during which it cannot be stopped. */
  working = 0;
  /** Changes of the pool itself, and of which volumes there are. */
  readonly jobs = new JobQueue("STORAGE");

  constructor(name: string, uuid: Uint8Array, definition: Pool, backend: Backend) {
    this.name = name;
    this.uuid = uuid;
    this.definition = definition;
    this.backend = backend;
  }

  /** Where its volumes are. */
  get path(): string {
    return this.definition.target?.path ?? "";
  }

  set space({ capacity, allocation, available }: Space) {
    this.definition = { ...this.definition, capacity, allocation, available };
  }

  requireActive(): this {
    if (this.active) return this;
    throw failure("OPERATION_INVALID", `storage pool '${this.name}' is not active`);
  }

  requireInactive(how = "still active"): this {
    if (!this.active) return this;
    throw failure("OPERATION_INVALID", `storage pool '${this.name}' is ${how}`);
  }

  /** Refuses to touch the pool while something is made, moved or wiped in it. */
  requireIdle(): this {
    if (this.working === 0) return this;
    throw failure("INTERNAL_ERROR", `pool '${this.name}' has asynchronous jobs running.`);
  }

  /** Runs work on the pool's volumes that takes its time: the pool stays active until it is done. */
  async work<T>(run: () => Promise<T>): Promise<T> {
    this.working++;
    try {
      return await run();
    } finally {
      this.working--;
    }
  }
}
