/** Files that QEMU writes on our order, in the guest's own folder, and that we read and remove. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtError, systemError } from "../../../../errors.ts";
import type { LiveDomain } from "../../domain/live.ts";

const prefix = "written-";

/** Whether a file of a guest's folder is one of these. */
export const isWritten = (name: string): boolean => name.startsWith(prefix);

/**
 * Lets QEMU write a file and opens it; it has no name any more then. QEMU may be in the guest's hands: what stands
 * there is taken only when it is a plain file.
 */
export async function writtenFile(live: LiveDomain, write: (path: string) => Promise<void>): Promise<FileHandle> {
  const path = join(live.folder, `${prefix}${randomUUID()}`);
  try {
    await write(path);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
      throw systemError("QEMU", `unable to open ${path}`, error);
    });
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `QEMU did not write a plain file at '${path}'`);
  } finally {
    await unlink(path).catch(() => {});
  }
}
