/** Image files on this host: the chain of images below one, each with its format and size. */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { type ImageFacts, imageFacts, probeFormat } from "../model/image/format.ts";
import { headerBytes, ImageHeaderError } from "../model/image/qcow2.ts";

/** How many images may lie on each other; QEMU itself gives up not far beyond. */
const maxDepth = 200;

/** One image of a chain. */
export interface ImageLayer extends ImageFacts {
  readonly path: string;
  readonly type: "file" | "block";
  /** Size of the file or device, in bytes. */
  readonly length: bigint;
  /** What it takes on the disk, in bytes. */
  readonly allocation: bigint;
  readonly owner: { readonly uid: number; readonly gid: number };
}

export interface ImageChain {
  /** From the image that was asked for down to the lowest one on this host. */
  readonly layers: readonly ImageLayer[];
  /** What the lowest layer lies on when that is no local file: the reference in its header. */
  readonly remote: { readonly reference: string; readonly format: string | null } | null;
}

/**
 * Follows an image's chain.
 * @param format the format of the topmost image; it is never guessed, for its guest may have written its beginning.
 */
export async function readImageChain(path: string, format: string, domain: ErrorDomainName): Promise<ImageChain> {
  const layers: ImageLayer[] = [];
  const seen = new Set<string>();
  let next: { path: string; format: string | null } = { path, format };
  for (;;) {
    const { layer, identity } = await readLayer(next.path, next.format, layers.at(-1)?.path, domain);
    if (seen.has(identity) || layers.length >= maxDepth) {
      throw new LibvirtError("INTERNAL_ERROR", domain, `backing store for '${path}' is self-referential or too deep`);
    }
    seen.add(identity);
    layers.push(layer);
    if (!layer.backing) return { layers, remote: null };
    const local = localPath(layer.backing.file, layer.path);
    if (local === null) {
      return { layers, remote: { reference: layer.backing.file, format: layer.backing.format } };
    }
    next = { path: local, format: layer.backing.format };
  }
}

/** The file that a header's reference means, seen from the image that holds it; null when it is not a local file. */
function localPath(reference: string, holder: string): string | null {
  if (reference.startsWith("file:")) return resolve(dirname(holder), reference.replace(/^file:(\/\/(?=\/))?/, ""));
  // A protocol ends at the first colon, before any slash: "nbd:host", "json:{...}", "https://...".
  if (/^[A-Za-z0-9+.-]+:/.test(reference)) return null;
  return resolve(dirname(holder), reference);
}

async function readLayer(path: string, format: string | null, above: string | undefined, domain: ErrorDomainName) {
  const file = await openImage(path, above, domain);
  try {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile() && !stat.isBlockDevice()) {
      throw new LibvirtError("CONFIG_UNSUPPORTED", domain, `'${path}' is neither a file nor a block device`);
    }
    const bytes = await beginning(file);
    const facts = readFacts(path, bytes, format ?? unnamedFormat(path, bytes, above, domain), domain);
    const layer: ImageLayer = {
      ...facts,
      path,
      type: stat.isBlockDevice() ? "block" : "file",
      length: stat.isBlockDevice() ? await deviceLength(stat.rdev) : stat.size,
      allocation: stat.blocks * 512n,
      owner: { uid: Number(stat.uid), gid: Number(stat.gid) },
    };
    return { layer, identity: `${stat.dev}:${stat.ino}` };
  } finally {
    await file.close();
  }
}

/** Size of a block device in bytes; its inode says 0. */
export async function deviceLength(device: bigint): Promise<bigint> {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  const sectors = await readFile(`/sys/dev/block/${major}:${minor}/size`, "utf8").catch(() => "0");
  return BigInt(sectors.trim()) * 512n;
}

async function openImage(path: string, above: string | undefined, domain: ErrorDomainName): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    const whose =
      above === undefined
        ? `Cannot access storage file '${path}'`
        : `Cannot access backing file '${path}' of storage file '${above}'`;
    throw systemError(domain, whose, error);
  }
}

async function beginning(file: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(headerBytes);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** A backing image whose format its overlay does not name is taken for raw, unless it looks like something else. */
function unnamedFormat(path: string, bytes: Uint8Array, above: string | undefined, domain: ErrorDomainName): string {
  const probed = probeFormat(bytes);
  if (probed === "raw" || probed === "iso") return "raw";
  throw new LibvirtError(
    "OPERATION_INVALID",
    domain,
    `format of backing image '${path}' of image '${above}' was not specified in the image metadata; ` +
      `it looks like ${probed}: name it with qemu-img rebase -u -b '${path}' -F ${probed} '${above}'`,
  );
}

function readFacts(path: string, bytes: Uint8Array, format: string, domain: ErrorDomainName): ImageFacts {
  try {
    return imageFacts(bytes, format);
  } catch (error) {
    if (!(error instanceof ImageHeaderError)) throw error;
    throw new LibvirtError("INTERNAL_ERROR", domain, `cannot read ${format} image '${path}': ${error.message}`, {
      cause: error,
    });
  }
}
