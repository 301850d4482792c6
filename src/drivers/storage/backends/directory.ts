/** Pools of type `dir`: a directory that is there. */
import { chmod, chown, mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemError } from "../../../errors.ts";
import type { Pool } from "../../../model/storage/index.ts";
import { failure } from "../failure.ts";
import type { Backend } from "./backend.ts";

/** Whoever is let through finds a volume by its name, and sees no others. */
const defaultMode = 0o711;

export const pathOf = ({ target }: Pool): string => target?.path ?? "";

/** Makes the directory of a pool and those above it, with the owner and mode that the pool asks for. */
export async function makeTarget(pool: Pool): Promise<void> {
  const path = pathOf(pool);
  const { mode, owner, group } = pool.target?.permissions ?? {};
  try {
    await mkdir(dirname(path), { recursive: true });
    const isNew = await makeOne(path);
    if (owner !== undefined || group !== undefined) await chown(path, owner ?? -1, group ?? -1);
    if (mode !== undefined || isNew) await chmod(path, mode ?? defaultMode);
  } catch (error) {
    throw systemError("STORAGE", `cannot create path '${path}'`, error);
  }
}

/** False when it was there before. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: defaultMode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(path)).isDirectory()) return false;
    throw error;
  }
}

/** Removes the directory of a pool, which must be empty. */
export async function removeTarget(pool: Pool): Promise<void> {
  await rmdir(pathOf(pool)).catch((error) => {
    throw systemError("STORAGE", `failed to remove pool '${pathOf(pool)}'`, error);
  });
}

export const directory: Backend = {
  isThere: (pool) =>
    stat(pathOf(pool)).then(
      (found) => found.isDirectory(),
      () => false,
    ),
  async start() {
    // Looking through it is what tells whether it is there.
  },
  async stop() {
    // It stays where it is.
  },
  async build(pool, flags) {
    if (flags !== 0)
      throw failure("OPERATION_INVALID", `No source device specified when formatting pool '${pool.name}'`);
    await makeTarget(pool);
  },
  remove: removeTarget,
};
