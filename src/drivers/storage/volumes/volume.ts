/** One volume of a pool, as it was found or made. */
import type { Volume } from "../../../model/storage/index.ts";
import { StorageVolType, type StorageVol as VolumeRef } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";

export class FileVolume {
  readonly name: string;
  readonly path: string;
  definition: Volume;
  /** Whether it is being made: then nothing else can be done with it. */
  building: boolean;
  /** Transfers and the like that are under way. */
  users = 0;

  constructor(path: string, definition: Volume, building = false) {
    this.name = definition.name;
    this.path = path;
    this.definition = definition;
    this.building = building;
  }

  /** What it is known by across pools of this host. */
  get key(): string {
    return this.path;
  }

  get type(): StorageVolType {
    return { file: StorageVolType.FILE, block: StorageVolType.BLOCK, dir: StorageVolType.DIR }[
      this.definition.type as "file" | "block" | "dir"
    ];
  }

  ref(pool: string): VolumeRef {
    return { pool, name: this.name, key: this.key };
  }

  requireBuilt(): this {
    if (!this.building) return this;
    throw failure("OPERATION_INVALID", `volume '${this.name}' is still being allocated.`);
  }

  requireUnused(): this {
    if (this.users === 0) return this;
    throw failure("OPERATION_INVALID", `volume '${this.name}' is still in use.`);
  }

  /** Runs work during which the volume can neither go nor change. */
  async use<T>(run: () => Promise<T>): Promise<T> {
    this.users++;
    try {
      return await run();
    } finally {
      this.users--;
    }
  }
}
