/** What kind of image a file holds, told from its first bytes. */
import { isQcow2, parseQcow2Header } from "./qcow2.ts";

interface Signature {
  readonly format: string;
  readonly offset: number;
  readonly bytes: string;
}

/** Formats that announce themselves. An ISO image comes late: hybrid ones carry another format's mark as well. */
const signatures: readonly Signature[] = [
  { format: "qed", offset: 0, bytes: "QED\0" },
  { format: "vmdk", offset: 0, bytes: "KDMV" },
  { format: "vmdk", offset: 0, bytes: "COWD" },
  { format: "vhdx", offset: 0, bytes: "vhdxfile" },
  { format: "vpc", offset: 0, bytes: "conectix" },
  { format: "vdi", offset: 64, bytes: "\x7f\x10\xda\xbe" },
  { format: "luks", offset: 0, bytes: "LUKS\xba\xbe" },
  { format: "bochs", offset: 0, bytes: "Bochs Virtual HD Image" },
  { format: "cloop", offset: 0, bytes: "#!/bin/sh\n#V2.0 Format\nmodprobe cloop" },
  { format: "iso", offset: 32769, bytes: "CD001" },
];

/** The format of an image; `raw` for everything that says nothing of itself. */
export function probeFormat(bytes: Uint8Array): string {
  if (isQcow2(bytes)) return bytes[7] === 1 ? "qcow" : "qcow2";
  const found = signatures.find(({ offset, bytes: mark }) => latin1(bytes, offset, mark.length) === mark);
  return found?.format ?? "raw";
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** What an image says of itself. */
export interface ImageFacts {
  readonly format: string;
  /** What the guest sees, in bytes; null for raw images, whose size is the file's. */
  readonly capacity: bigint | null;
  readonly encrypted: boolean;
  readonly backing: { readonly file: string; readonly format: string | null } | null;
  readonly dataFile: string | null;
}

/** Reads the facts of an image whose format is known: guests write images, so an image never chooses its own format. */
export function imageFacts(bytes: Uint8Array, format: string): ImageFacts {
  if (format !== "qcow2") {
    return { format, capacity: null, encrypted: format === "luks", backing: null, dataFile: null };
  }
  const { capacity, encryption, backing, dataFile } = parseQcow2Header(bytes);
  return { format, capacity, encrypted: encryption !== "none", backing, dataFile };
}
