/** Looking at files: what each is as a volume, how large it is, who owns it. */
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemError } from "../../../errors.ts";
import { deviceLength } from "../../../host/image-chain.ts";
import type { Encryption } from "../../../model/common/encryption.ts";
import { headerBytes } from "../../../model/image/qcow2.ts";
import { type VolumeFacts, volumeFacts } from "../../../model/image/volume-facts.ts";
import type { Volume, VolumeTarget } from "../../../model/storage/index.ts";
import { failure } from "../failure.ts";
import { FileVolume } from "./volume.ts";

/** How many files are looked at at the same time. */
const atOnce = 16;

/** Every volume below a directory. Sockets, pipes and the like are none, nor is what has a name that is no text. */
export async function scanFolder(path: string): Promise<FileVolume[]> {
  const names = await readNames(path);
  const found: (FileVolume | null)[] = new Array(names.length).fill(null);
  let next = 0;
  const lookOn = async (): Promise<void> => {
    for (let index = next++; index < names.length; index = next++) {
      found[index] = await probeFile(`${path}/${names[index]}`, names[index] as string);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lookOn));
  return found.filter((volume) => volume !== null);
}

/** Characters that no document can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are looked for.
const unspeakable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

async function readNames(path: string): Promise<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const raw = await readdir(path, { encoding: "buffer" }).catch((error) => {
    throw systemError("STORAGE", `cannot open directory '${path}'`, error);
  });
  const names = raw.map((name) => {
    try {
      return decoder.decode(name);
    } catch {
      return null;
    }
  });
  return names.filter((name) => name !== null && !unspeakable.test(name)).sort() as string[];
}

/** The volume that a file is; null when it is none, or is gone. */
async function probeFile(path: string, name: string): Promise<FileVolume | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null) return null;
  if (found.isDirectory()) return new FileVolume(path, directoryVolume(path, name, found));
  if (!found.isFile() && !found.isBlockDevice()) return null;
  const length = await lengthOf(found);
  const facts = volumeFacts(await beginning(path).catch(() => new Uint8Array()), length);
  const volume = fileVolume(path, name, facts);
  const backing = facts.backing && (await probeBacking(path, facts.backing));
  if (backing) volume.backingStore = backing;
  return new FileVolume(path, measured(volume, found, length, facts));
}

/** Looks again at a volume that is known: its size, owner and times. Its format stays what it is known to be. */
export async function remeasure(volume: FileVolume): Promise<void> {
  const { path, definition } = volume;
  const found = await stat(path, { bigint: true }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw systemError("STORAGE", `cannot stat file '${path}'`, error);
    }
    throw failure("NO_STORAGE_VOL", `no storage vol with matching path '${path}'`);
  });
  if (found.isDirectory()) {
    volume.definition = directoryVolume(path, volume.name, found);
    return;
  }
  const length = await lengthOf(found);
  const format = definition.target.encryption && definition.target.format?.type === "raw" ? "luks" : undefined;
  const bytes = await beginning(path).catch(() => new Uint8Array());
  const facts = volumeFacts(bytes, length, format ?? definition.target.format?.type ?? "raw");
  volume.definition = measured({ ...definition, target: { ...definition.target, path } }, found, length, facts);
}

function directoryVolume(path: string, name: string, found: BigIntStats): Volume {
  const target: VolumeTarget = { ...emptyTarget(path, "dir"), ...standing(found) };
  return { type: "dir", name, key: path, capacity: 0n, allocation: 0n, target };
}

function emptyTarget(path: string, format: string): VolumeTarget {
  return { path, format: { type: format }, nocow: false };
}

function fileVolume(path: string, name: string, facts: VolumeFacts): Volume {
  const target = emptyTarget(path, facts.format);
  if (facts.encryption !== null) target.encryption = encryptionOf(facts.encryption);
  if (facts.compat !== undefined) target.compat = facts.compat;
  if (facts.clusterSize !== undefined) target.clusterSize = BigInt(facts.clusterSize);
  if (facts.compat === "1.1") {
    target.features = { lazy_refcounts: facts.lazyRefcounts ?? false, extended_l2: facts.extendedL2 ?? false };
  }
  return { type: "file", name, key: path, capacity: 0n, allocation: 0n, target };
}

function encryptionOf(format: "luks" | "qcow"): Encryption {
  return { format, secrets: [] };
}

function measured(volume: Volume, found: BigIntStats, length: bigint, facts: VolumeFacts): Volume {
  const isBlock = found.isBlockDevice();
  const result: Volume = {
    ...volume,
    type: isBlock ? "block" : "file",
    capacity: facts.capacity ?? length,
    allocation: isBlock ? length : found.blocks * 512n,
    target: { ...volume.target, ...standing(found) },
  };
  if (length > 0n) result.physical = length;
  else delete result.physical;
  return result;
}

/** Owner, mode and times of a file. */
function standing(found: BigIntStats): Required<Pick<VolumeTarget, "permissions" | "timestamps">> {
  const { atimeNs, mtimeNs, ctimeNs, birthtimeNs } = found;
  return {
    permissions: { mode: Number(found.mode & 0o777n), owner: Number(found.uid), group: Number(found.gid) },
    timestamps: { atime: time(atimeNs), mtime: time(mtimeNs), ctime: time(ctimeNs), btime: time(birthtimeNs) },
  };
}

function time(nanoseconds: bigint): string {
  const [seconds, rest] = [nanoseconds / 1_000_000_000n, nanoseconds % 1_000_000_000n];
  return rest === 0n ? String(seconds) : `${seconds}.${String(rest).padStart(9, "0")}`;
}

async function lengthOf(found: BigIntStats): Promise<bigint> {
  return found.isBlockDevice() ? await deviceLength(found.rdev) : found.size;
}

/** The first bytes of a file. Never waits for somebody to write to it. */
async function beginning(path: string): Promise<Uint8Array> {
  const file: FileHandle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The image below another, as far as it can be told from here. */
async function probeBacking(
  above: string,
  { file, format }: NonNullable<VolumeFacts["backing"]>,
): Promise<NonNullable<Volume["backingStore"]>> {
  // A protocol ends at the first colon, before any slash: it is no file of this host.
  if (/^[A-Za-z0-9+.-]+:/.test(file)) return { path: file, format: { type: format ?? "raw" } };
  const path = resolve(dirname(above), file);
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null || !(found.isFile() || found.isBlockDevice())) return { path, format: { type: format ?? "raw" } };
  const probed = format ?? volumeFacts(await beginning(path).catch(() => new Uint8Array()), found.size).format;
  return { path, format: { type: probed }, ...standing(found) };
}

/** The backing store of a volume that was made on top of another. */
export async function describeBacking(above: string, file: string, format: string | undefined) {
  return probeBacking(above, { file, format: format ?? null });
}
