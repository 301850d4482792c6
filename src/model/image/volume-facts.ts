/** What an image file says of itself, as far as storage volumes tell of it: more formats than guests' disks may have. */
import { probeFormat } from "./format.ts";
import { ImageHeaderError, parseQcow2Header } from "./qcow2.ts";

export interface VolumeFacts {
  /** The format as volumes name it: `raw` for LUKS, which is a raw image that is encrypted. */
  readonly format: string;
  /** What a guest sees, in bytes; null where that is the size of the file. */
  readonly capacity: bigint | null;
  readonly encryption: "luks" | "qcow" | null;
  /** The image below as the header names it. */
  readonly backing: { readonly file: string; readonly format: string | null } | null;
  /** The rest is of qcow2 alone. */
  readonly compat?: string;
  readonly clusterSize?: number;
  readonly lazyRefcounts?: boolean;
  readonly extendedL2?: boolean;
}

const plain = { capacity: null, encryption: null, backing: null } as const;

/** Formats whose headers do not lead to a format that volumes have. */
const notVolumes: ReadonlySet<string> = new Set(["vhdx"]);

/**
 * The facts of an image.
 * @param length size of the file, in bytes
 * @param format what the image is known to be; it is looked for when null. One that cannot be read is raw.
 */
export function volumeFacts(bytes: Uint8Array, length: bigint, format: string | null = null): VolumeFacts {
  const probed = probeFormat(bytes);
  const known = format ?? (notVolumes.has(probed) ? "raw" : probed);
  try {
    return readFacts(bytes, length, known === "raw" && probed === "luks" ? "luks" : known);
  } catch (error) {
    if (error instanceof ImageHeaderError || error instanceof RangeError) return { format: format ?? "raw", ...plain };
    throw error;
  }
}

function readFacts(bytes: Uint8Array, length: bigint, format: string): VolumeFacts {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case "qcow2":
      return qcow2Facts(bytes);
    case "luks":
      // LUKS 1 says where its payload begins, in sectors.
      return { format: "raw", capacity: afterHeader(length, data), encryption: "luks", backing: null };
    case "qcow":
      return { format, ...plain, capacity: data.getBigUint64(24), encryption: data.getUint32(36) ? "qcow" : null };
    case "qed":
      return { format, ...plain, capacity: data.getBigUint64(48, true), backing: qedBacking(bytes, data) };
    case "vmdk":
      return { format, ...plain, capacity: isSparseVmdk(data) ? data.getBigUint64(12, true) * 512n : null };
    case "vdi":
      return { format, ...plain, capacity: data.getBigUint64(368, true) };
    case "vpc":
      return { format, ...plain, capacity: data.getBigUint64(48) };
    default:
      return { format, ...plain };
  }
}

function qcow2Facts(bytes: Uint8Array): VolumeFacts {
  const { version, capacity, encryption, backing, clusterSize, lazyRefcounts, extendedL2 } = parseQcow2Header(bytes);
  return {
    format: "qcow2",
    capacity,
    encryption: encryption === "none" ? null : encryption === "aes" ? "qcow" : "luks",
    backing,
    ...(version === 3 && { compat: "1.1" }),
    clusterSize,
    lazyRefcounts,
    extendedL2,
  };
}

function afterHeader(length: bigint, data: DataView): bigint | null {
  if (data.getUint16(6) !== 1) return null;
  const header = BigInt(data.getUint32(104)) * 512n;
  return header <= length ? length - header : null;
}

function isSparseVmdk(data: DataView): boolean {
  return data.getUint32(0) === 0x4b444d56;
}

function qedBacking(bytes: Uint8Array, data: DataView): VolumeFacts["backing"] {
  const features = data.getBigUint64(16, true);
  if ((features & 1n) === 0n) return null;
  const offset = data.getUint32(56, true);
  const length = data.getUint32(60, true);
  if (length === 0 || length > 1023 || offset + length > bytes.length) return null;
  const file = new TextDecoder().decode(bytes.subarray(offset, offset + length));
  return { file, format: (features & 4n) !== 0n ? "raw" : null };
}
