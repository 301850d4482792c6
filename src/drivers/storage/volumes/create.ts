/** Making volumes: plain files, images through qemu-img, directories, and copies of other volumes. */
import { constants } from "node:fs";
import { chmod, chown, copyFile, lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { checkFlags } from "../../../driver/flags.ts";
import type { Caller } from "../../../driver/session.ts";
import { systemError } from "../../../errors.ts";
import { runTool } from "../../../host/tool.ts";
import type { Volume } from "../../../model/storage/index.ts";
import { StorageVolCreateFlags } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";
import { formatOf, imageCommands } from "../plan/qemu-img.ts";
import { withPassphrase } from "./passphrases.ts";
import { makeRawFile, truncateFile } from "./raw-file.ts";

/** What a volume is made with. */
export interface Making {
  readonly definition: Volume;
  /** The volume whose content it gets. */
  readonly from?: Volume;
  readonly preallocate: boolean;
  /** Whether the copy shares the bytes of the original until one of them is written to. */
  readonly reflink: boolean;
  readonly call: Caller;
  /** A folder for passphrases, for their owner alone. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

const pathOf = ({ target }: Volume): string => target.path ?? "";

/** Refuses a name that leads out of the pool, and a path that is taken. */
export async function checkPlace({ definition }: Making): Promise<void> {
  const { name } = definition;
  if (name.includes("/")) throw failure("OPERATION_INVALID", `volume name '${name}' cannot contain '/'`);
  const path = pathOf(definition);
  const taken = await lstat(path).then(
    () => true,
    () => false,
  );
  if (taken) throw failure("OPERATION_INVALID", `volume target path '${path}' already exists`);
}

/** Makes the volume's file or directory. What was begun is removed again when it fails or its caller gives up. */
export async function makeVolume(making: Making): Promise<void> {
  const { definition, from } = making;
  const path = pathOf(definition);
  await checkSources(making);
  const format = formatOf(definition);
  // From here on the path is ours, for each way begins with making what is not there yet.
  if (format === "ploop") throw failure("INTERNAL_ERROR", "unable to find ploop, please install ploop tools");
  if (format === "dir") {
    await mkdir(path, { mode: 0o700 }).catch((error) => {
      throw systemError("STORAGE", `Failed to create directory '${path}'`, error);
    });
  } else if (!isPlain(definition, from) || from !== undefined) await reserve(path);
  try {
    if (isPlain(definition, from)) await makePlain(making, from);
    else if (format !== "dir") await makeImage(making);
    await settle(definition);
  } catch (error) {
    if (!isTaken(error)) await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** Whether the file was somebody else's before we came. */
function isTaken(error: unknown): boolean {
  return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === "EEXIST";
}

/** Makes the file, so that it is nobody else's and for its owner alone while it is filled. */
async function reserve(path: string): Promise<void> {
  const file = await open(path, "wx", 0o600).catch((error) => {
    throw systemError("STORAGE", `Failed to create file '${path}'`, error);
  });
  await file.close();
}

/** Whether no image format is between the file and what a guest sees, here and in the original. */
function isPlain(definition: Volume, from: Volume | undefined): boolean {
  const plain = ({ target }: Volume) => target.format?.type === "raw" && target.encryption === undefined;
  return plain(definition) && (from === undefined || plain(from));
}

async function checkSources({ definition, from, preallocate, reflink }: Making): Promise<void> {
  const plain = isPlain(definition, from);
  const { backingStore } = definition;
  if (formatOf(definition) === "raw" && preallocate) {
    throw failure("CONFIG_UNSUPPORTED", "metadata preallocation is not supported for raw volumes");
  }
  if (formatOf(definition) === "raw" && backingStore?.path !== undefined) {
    throw failure("NO_SUPPORT", "backing storage not supported for raw volumes");
  }
  if (reflink && !plain) {
    const { REFLINK } = StorageVolCreateFlags;
    checkFlags(REFLINK, 0, "storageVolCreateXmlFrom", "STORAGE", "storageBackendCreateQemuImg");
  }
  if (definition.target.format?.type === "dir" && from !== undefined) {
    throw failure("INTERNAL_ERROR", "cannot create a directory from another volume");
  }
  if (backingStore?.path === undefined) return;
  await stat(backingStore.path).catch((error) => {
    throw systemError("STORAGE", `inaccessible backing store volume ${backingStore.path}`, error);
  });
}

async function makePlain({ definition, reflink, signal }: Making, from: Volume | undefined): Promise<void> {
  const path = pathOf(definition);
  const { capacity, allocation } = definition;
  if (from === undefined) {
    await makeRawFile(path, capacity, allocation, signal);
    return;
  }
  if (reflink) {
    await copyFile(pathOf(from), path, constants.COPYFILE_FICLONE_FORCE).catch((error) => {
      throw systemError("STORAGE", `failed to clone files from '${pathOf(from)}'`, unsupported(error));
    });
  } else {
    await makeRoom(path, capacity, allocation, signal);
    const words = ["convert", "-n", "--target-is-zero", "-f", "raw", "-O", "raw", pathOf(from), path];
    await runTool("qemu-img", words, { domain: "STORAGE", signal });
  }
  // qemu-img copies whole sectors.
  await truncateFile(path, capacity);
}

/** A file system that cannot share bytes says so in many ways. */
function unsupported(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOTSUP" && code !== "EXDEV" && code !== "ENOTTY" && code !== "EINVAL" && code !== "ENOSYS")
    return error;
  return Object.assign(new Error("Operation not supported"), { code: "ENOTSUP", errno: -95 });
}

async function makeRoom(path: string, capacity: bigint, allocation: bigint, signal: AbortSignal): Promise<void> {
  await rm(path);
  await makeRawFile(path, capacity, allocation < capacity ? allocation : capacity, signal);
}

async function makeImage(making: Making): Promise<void> {
  const { definition, from, preallocate, call, scratch, signal } = making;
  await withPassphrase(scratch, definition.target.encryption, call, (secretFile) =>
    withPassphrase(scratch, from?.target.encryption, call, async (fromSecretFile) => {
      const commands = imageCommands(definition, {
        ...(from && { from }),
        ...(secretFile !== undefined && { secretFile }),
        ...(fromSecretFile !== undefined && { fromSecretFile }),
        preallocate,
      });
      for (const words of commands) await runImageTool(words, signal);
    }),
  );
  if (from !== undefined && definition.target.encryption === undefined) await enlarge(definition, from, signal);
}

/** How often LUKS may fail to find out how much work its key takes here, as it does on a host that is busy. */
const attempts = 5;

async function runImageTool(words: readonly string[], signal: AbortSignal): Promise<void> {
  for (let left = attempts; ; left--) {
    try {
      await runTool("qemu-img", words, { domain: "STORAGE", signal });
      return;
    } catch (error) {
      if (left <= 1 || !/Unable to get accurate CPU usage/.test(String(error))) throw error;
    }
  }
}

/** A converted image is as large as the original; one that is meant to be larger is made so. */
async function enlarge(definition: Volume, from: Volume, signal: AbortSignal): Promise<void> {
  const { capacity } = definition;
  if (capacity <= from.capacity) return;
  const format = formatOf(definition);
  if (format === "raw") return truncateFile(pathOf(definition), capacity);
  await runTool("qemu-img", ["resize", "-f", format, pathOf(definition), `${capacity}`], { domain: "STORAGE", signal });
}

/** Gives the file the owner and mode that the definition asks for. */
async function settle({ target }: Volume): Promise<void> {
  const { mode, owner, group } = target.permissions ?? {};
  const path = target.path ?? "";
  if (owner !== undefined || group !== undefined) {
    await chown(path, owner ?? -1, group ?? -1).catch((error) => {
      throw systemError("STORAGE", `unable to chown '${path}' to user ${owner ?? -1}:${group ?? -1}`, error);
    });
  }
  if (mode === undefined) return;
  await chmod(path, mode).catch((error) => {
    throw systemError("STORAGE", `unable to set mode of '${path}' to 0${mode.toString(8)}`, error);
  });
}
