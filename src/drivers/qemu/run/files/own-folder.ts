/** Folders of a guest's own, which belong to whom its QEMU runs as. */
import { chown, mkdir } from "node:fs/promises";
import { systemError } from "../../../../errors.ts";
import type { Identity } from "../../../../host/users.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";

/** Makes a folder that nobody else looks into. */
export async function makeOwnFolder(path: string, identity: Identity | null): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700, recursive: true });
    if (identity) await chown(path, identity.uid, identity.gid);
  } catch (error) {
    throw systemError("QEMU", `cannot create directory '${path}'`, error);
  }
}

/** Whether a guest has channels whose sockets lie in the folder. */
export function usesChannelFolder({ devices }: Pick<Definition, "devices">, folder: string): boolean {
  const isOwn = (path: string | undefined): boolean => path?.startsWith(`${folder}/`) === true;
  return devices.channels.some(({ backend }) => backend.type === "unix" && isOwn(backend.source?.path));
}
