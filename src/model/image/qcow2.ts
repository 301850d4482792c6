/** The header of a qcow2 image: what it holds, and which image it lies on. */

/** How many bytes of an image's beginning tell all that is read here. */
export const headerBytes = 64 * 1024;

/** The longest name of a backing file that the format allows, in bytes. */
const maxBackingName = 1023;

export interface Qcow2Header {
  readonly version: 2 | 3;
  /** What the guest sees, in bytes. */
  readonly capacity: bigint;
  readonly clusterSize: number;
  readonly encryption: "none" | "aes" | "luks";
  /** The image below as the header names it; null for an image that stands alone. */
  readonly backing: { readonly file: string; readonly format: string | null } | null;
  /** A file that holds the guest's data apart from the image itself. */
  readonly dataFile: string | null;
  /** The image was not closed properly, or knows that it is damaged. */
  readonly dirty: boolean;
  readonly corrupt: boolean;
  readonly lazyRefcounts: boolean;
  readonly extendedL2: boolean;
}

const magic = 0x514649fb;
const extensionEnd = 0;
const backingFormatExtension = 0xe2792aca;
const dataFileExtension = 0x44415441;
const encryptions = ["none", "aes", "luks"] as const;
const incompatible = { dirty: 1n, corrupt: 2n, dataFile: 4n, extendedL2: 16n };
const compatible = { lazyRefcounts: 1n };

/** A header that says what cannot be; the message says which field. */
export class ImageHeaderError extends Error {}

/** Whether the bytes begin a qcow2 image. */
export function isQcow2(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && view(bytes).getUint32(0) === magic;
}

/** Reads a header from the first {@link headerBytes} of an image, or as many as there are. */
export function parseQcow2Header(bytes: Uint8Array): Qcow2Header {
  const data = view(bytes);
  if (!isQcow2(bytes) || bytes.length < 72) throw new ImageHeaderError("this is no qcow2 image");
  const version = data.getUint32(4);
  if (version !== 2 && version !== 3) throw new ImageHeaderError(`version ${version} of qcow2 is not known`);
  if (version === 3 && bytes.length < 104) throw new ImageHeaderError("the header is cut short");
  const clusterBits = data.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) throw new ImageHeaderError(`cluster size 2^${clusterBits} cannot be`);
  const encryption = encryptions[data.getUint32(32)];
  if (encryption === undefined) throw new ImageHeaderError(`encryption method ${data.getUint32(32)} is not known`);
  const features = version === 3 ? data.getBigUint64(72) : 0n;
  const extensions = parseExtensions(bytes, version === 3 ? data.getUint32(100) : 72);
  const file = backingFile(bytes);
  return {
    version,
    capacity: data.getBigUint64(24),
    clusterSize: 2 ** clusterBits,
    encryption,
    backing: file === null ? null : { file, format: extensions.get(backingFormatExtension) ?? null },
    dataFile: (features & incompatible.dataFile) !== 0n ? (extensions.get(dataFileExtension) ?? "") : null,
    dirty: (features & incompatible.dirty) !== 0n,
    corrupt: (features & incompatible.corrupt) !== 0n,
    lazyRefcounts: version === 3 && (data.getBigUint64(80) & compatible.lazyRefcounts) !== 0n,
    extendedL2: (features & incompatible.extendedL2) !== 0n,
  };
}

function backingFile(bytes: Uint8Array): string | null {
  const data = view(bytes);
  const offset = data.getBigUint64(8);
  if (offset === 0n) return null;
  const length = data.getUint32(16);
  if (length === 0 || length > maxBackingName || offset + BigInt(length) > BigInt(bytes.length)) {
    throw new ImageHeaderError(`the name of the backing file (${length} bytes at ${offset}) cannot be there`);
  }
  return text(bytes.subarray(Number(offset), Number(offset) + length));
}

function parseExtensions(bytes: Uint8Array, start: number): Map<number, string> {
  const data = view(bytes);
  const found = new Map<number, string>();
  let at = start;
  while (at + 8 <= bytes.length) {
    const type = data.getUint32(at);
    const length = data.getUint32(at + 4);
    if (type === extensionEnd) return found;
    if (at + 8 + length > bytes.length) throw new ImageHeaderError("a header extension is cut short");
    if (type === backingFormatExtension || type === dataFileExtension) {
      found.set(type, text(bytes.subarray(at + 8, at + 8 + length)));
    }
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return found;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
