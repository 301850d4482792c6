/** The files of the host that a guest uses, found and made ready for whom QEMU runs as. */
import { chown, constants, open, stat } from "node:fs/promises";
import { Reservations } from "../../../../driver/reservations.ts";
import { type ErrorName, LibvirtError, systemError } from "../../../../errors.ts";
import { type Obstacle, obstacleTo } from "../../../../host/permission.ts";
import type { Identity } from "../../../../host/users.ts";
import { backingStoresOf, type Domain as Definition, type Storage } from "../../../../model/domain/index.ts";
import type { FormerOwner } from "../../state/status.ts";

/** A file that QEMU opens by its path. */
export interface NeededFile {
  readonly path: string;
  readonly write: boolean;
}

/** Files that QEMU writes what comes out of the guest to; it makes those that are not there. */
export function outputFiles({ devices }: Definition): string[] {
  const { serials, parallels, consoles, channels } = devices;
  return [...serials, ...parallels, ...consoles, ...channels].flatMap(({ backend }) => {
    const path = backend.type === "file" ? backend.source?.path : undefined;
    return path === undefined ? [] : [path];
  });
}

/** Makes them, so that they can be given to whom QEMU runs as. */
export async function makeOutputFiles(definition: Definition): Promise<void> {
  for (const path of new Set(outputFiles(definition))) {
    try {
      const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
      await file.close();
    } catch (error) {
      throw systemError("QEMU", `Cannot open '${path}' for the guest's output`, error);
    }
  }
}

/** All files that QEMU opens by their paths, images below images among them. */
export function neededFiles(definition: Definition): NeededFile[] {
  const { os, devices } = definition;
  const files: NeededFile[] = [];
  const add = (path: string | undefined, write = false) => {
    if (path !== undefined) files.push({ path, write });
  };
  add(os.kernel);
  add(os.initrd);
  add(os.dtb);
  add(os.loader?.value, os.loader?.type === "pflash" && os.loader.readonly === false);
  add(os.nvram?.value, true);
  for (const path of outputFiles(definition)) add(path, true);
  for (const disk of devices.disks) {
    const { storage, readonly, device } = disk;
    add(pathOf(storage), readonly !== true && device !== "cdrom");
    for (const below of backingStoresOf(disk)) {
      if (below.storage) add(pathOf(below.storage));
    }
  }
  return files;
}

/** Where an image is that is a file or a block device of this host. */
export function pathOf(storage: Storage): string | undefined {
  if (storage.type === "file") return storage.source?.fdgroup === undefined ? storage.source?.file : undefined;
  if (storage.type === "volume") return storage.source?.found?.type === "dir" ? undefined : storage.source?.found?.path;
  return storage.type === "block" ? storage.source?.dev : undefined;
}

/** Refuses a folder that QEMU cannot come to. */
export async function refuseUnreachable(folder: string, identity: Identity | null): Promise<void> {
  if (identity === null) return;
  const obstacle = await obstacleTo(folder, identity, { write: false }, "QEMU");
  if (obstacle) throw refused({ path: folder, write: false }, obstacle, identity);
}

/** Files that changed hands, and how many guests use each: the last one gives it back. */
export class Ownership {
  readonly #held = new Map<string, { readonly former: FormerOwner; users: number }>();
  readonly #turns = new Reservations();

  /** Runs work on files that nobody else surveys, takes or gives back meanwhile: between, a file's owner means nothing. */
  alone<T>(files: readonly { readonly path: string }[], work: () => Promise<T>): Promise<T> {
    return this.#turns.run([...new Set(files.map(({ path }) => path))], work);
  }

  /**
   * Finds out which of the files QEMU may not use as it is, and whose they are.
   * @throws LibvirtError for what a change of the owner does not help, before anything is changed.
   */
  async survey(files: readonly NeededFile[], identity: Identity | null, change: boolean): Promise<FormerOwner[]> {
    const runsAs = identity ?? ourselves();
    const former: FormerOwner[] = [];
    for (const file of files) {
      const held = this.#held.get(file.path);
      if (held) {
        former.push(held.former);
        continue;
      }
      const obstacle = await obstacleTo(file.path, runsAs, file, "QEMU");
      if (obstacle === null) continue;
      if (obstacle.missing === "search" || !change || identity === null) throw refused(file, obstacle, runsAs);
      const { uid, gid } = await stat(obstacle.path);
      former.push({ path: file.path, uid, gid });
    }
    return former;
  }

  /** Gives the files to whom QEMU runs as; who they were taken from is on the disk already. */
  async take(former: readonly FormerOwner[], files: readonly NeededFile[], { uid, gid }: Identity): Promise<void> {
    for (const owner of former) {
      const held = this.#held.get(owner.path);
      this.#held.set(owner.path, { former: owner, users: (held?.users ?? 0) + 1 });
      if (held) continue;
      await change({ path: owner.path, uid, gid });
    }
    for (const file of files) {
      if (!former.some(({ path }) => path === file.path)) continue;
      const obstacle = await obstacleTo(file.path, { uid, gid }, file, "QEMU");
      if (obstacle) throw refused(file, obstacle, { uid, gid });
    }
  }

  /** Files that a guest of before had been given, and still has. */
  taken(former: readonly FormerOwner[]): void {
    for (const owner of former) {
      this.#held.set(owner.path, { former: owner, users: (this.#held.get(owner.path)?.users ?? 0) + 1 });
    }
  }

  /** Gives the files back that no other guest uses. One that has gone meanwhile is fine. */
  async giveBack(former: readonly FormerOwner[]): Promise<void> {
    for (const owner of former) await this.alone([owner], () => this.#giveBackOne(owner));
  }

  async #giveBackOne(owner: FormerOwner): Promise<void> {
    const held = this.#held.get(owner.path);
    if (held && --held.users > 0) return;
    this.#held.delete(owner.path);
    try {
      await change(owner);
    } catch (error) {
      process.emitWarning(String(error), "TsvirtWarning");
    }
  }
}

async function change({ path, uid, gid }: FormerOwner): Promise<void> {
  try {
    await chown(path, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw systemError("QEMU", `unable to set user and group to '${uid}:${gid}' on '${path}'`, error);
  }
}

function ourselves(): Identity {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/** What to do about each obstacle. */
const remedies = {
  search: (path: string) => `let that user pass through '${path}' (chmod o+x), or move the file`,
  read: (path: string) => `let that user read '${path}'`,
  write: (path: string) => `let that user write '${path}', or make the disk <readonly/>`,
};

function refused({ path }: NeededFile, obstacle: Obstacle, { uid, gid }: Identity): LibvirtError {
  const where = obstacle.missing === "search" ? `: no search permission for folder '${obstacle.path}'` : "";
  const code: ErrorName = "SYSTEM_ERROR";
  return new LibvirtError(
    code,
    "QEMU",
    `Cannot access '${path}' (as uid:${uid}, gid:${gid}): Permission denied${where}; ` +
      remedies[obstacle.missing](obstacle.path),
    { int1: 13 },
  );
}
