/** Save files on the disk: reading them, replacing their document. */
import { constants } from "node:fs";
import { copyFile, type FileHandle, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LibvirtError, systemError } from "../../../errors.ts";
import { syncFolder } from "../../../host/durable.ts";
import { documentOf, headerLength, parseHeader, replacePreamble, type SaveHeader } from "./image.ts";

/** A save file that is open and stands at the beginning of its stream. */
export interface OpenImage extends SaveHeader, AsyncDisposable {
  readonly path: string;
  readonly xml: string;
  readonly fd: number;
}

/** Opens a save file. What is read of it moves its position, which QEMU shares when it inherits the descriptor. */
export async function openImage(path: string): Promise<OpenImage> {
  const file = await open(path, "r").catch((error) => {
    throw systemError("QEMU", `Failed to open file '${path}'`, error);
  });
  try {
    const header = parseHeader(await readExactly(file, headerLength, path), path);
    const xml = documentOf(await readExactly(file, header.length, path), path);
    return { ...header, path, xml, fd: file.fd, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readExactly(file: FileHandle, length: number, path: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, null).catch((error) => {
      throw systemError("QEMU", `failed to read domain image '${path}'`, error);
    });
    if (bytesRead === 0) throw new LibvirtError("OPERATION_FAILED", "QEMU", `save image '${path}' is cut short`);
    filled += bytesRead;
  }
  return buffer;
}

/** Puts another document into a save file: whole, or the file stays as it is. */
export async function replaceDocument(image: OpenImage, xml: string, running: boolean): Promise<void> {
  const preamble = replacePreamble(image, xml, running);
  await replaceFile(image.path, async (temporary) => {
    await copyFile(image.path, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const file = await open(temporary, "r+");
    try {
      await file.write(preamble, 0, preamble.length, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

let temporaries = 0;

/** Lets `write` make a file beside the path and puts it in its place, for good; after a failure nothing has changed. */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${temporaries++}.new`);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    if (error instanceof LibvirtError) throw error;
    const opening = (error as NodeJS.ErrnoException).syscall === "open";
    throw systemError(
      "QEMU",
      opening ? `Failed to create file '${path}'` : `failed to write domain image '${path}'`,
      error,
    );
  }
  await syncFolder(folder);
}
