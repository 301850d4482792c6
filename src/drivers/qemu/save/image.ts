/**
 * The format of save files, which is libvirt's own, so that each knows the other's:
 *
 *     header    92 bytes: magic, then numbers of 32 bits in little-endian order
 *     document  the domain's XML, ended by a zero byte and followed by room for a longer one
 *     stream    the guest's memory and devices, as QEMU migrates them
 */
import { LibvirtError } from "../../../errors.ts";
import { formatOf, numberOf, type StateFormat } from "./way.ts";

const magic = "LibvirtQemudSave";
/** What stands there while a file is being written. */
const partialMagic = "LibvirtQemudPart";

export const headerLength = 92;
const version = 2;

/** The longest document that is read, in bytes. */
const maxDocument = 16 * 1024 * 1024;
/** How much longer a document may become when somebody edits it, in bytes. */
const spare = 64 * 1024;

/** Where the header's numbers are. */
const at = { version: 16, length: 20, running: 24, compressed: 28, cookie: 32 } as const;

export interface SaveHeader {
  /** Bytes from the header's end to the stream. */
  readonly length: number;
  /** Whether the guest ran when it was saved. */
  readonly running: boolean;
  /** How the stream is compressed. */
  readonly format: StateFormat;
}

/** What comes before the stream. */
export function formatPreamble(xml: string, running: boolean, format: StateFormat): Buffer {
  const text = Buffer.from(`${xml}\0`);
  return encode(text, { running, format, length: text.length + spare });
}

/**
 * The same file's beginning with another document.
 * @throws LibvirtError OPERATION_FAILED when there is no room for it.
 */
export function replacePreamble({ length, format }: SaveHeader, xml: string, running: boolean): Buffer {
  const text = Buffer.from(`${xml}\0`);
  if (text.length > length) {
    throw new LibvirtError("OPERATION_FAILED", "QEMU", "new xml too large to fit in file");
  }
  return encode(text, { running, format, length });
}

function encode(text: Buffer, { running, format, length }: SaveHeader): Buffer {
  const buffer = Buffer.alloc(headerLength + length);
  buffer.write(magic, "latin1");
  buffer.writeUInt32LE(version, at.version);
  buffer.writeUInt32LE(length, at.length);
  buffer.writeUInt32LE(running ? 1 : 0, at.running);
  buffer.writeUInt32LE(numberOf(format), at.compressed);
  text.copy(buffer, headerLength);
  return buffer;
}

/** @param path only for messages. */
export function parseHeader(buffer: Buffer, path: string): SaveHeader {
  const found = buffer.length < headerLength ? "" : buffer.toString("latin1", 0, magic.length);
  const refuse = (detail: string): never => {
    throw new LibvirtError("OPERATION_FAILED", "QEMU", `save image '${path}': ${detail}`);
  };
  if (found === partialMagic) return refuse("it was not written to its end");
  if (found !== magic) return refuse("image magic is incorrect");
  const stated = buffer.readUInt32LE(at.version);
  if (stated > version) return refuse(`image version is not supported (${stated} > ${version})`);
  const length = buffer.readUInt32LE(at.length);
  if (length === 0 || length > maxDocument) return refuse(`invalid header data length: ${length}`);
  const compressed = buffer.readUInt32LE(at.compressed);
  const format = formatOf(compressed) ?? refuse(`Invalid compressed save format ${compressed}`);
  return { length, format, running: buffer.readUInt32LE(at.running) !== 0 };
}

/** The document of a file; `buffer` is what follows its header. */
export function documentOf(buffer: Buffer, path: string): string {
  const end = buffer.indexOf(0);
  if (end <= 0) throw new LibvirtError("OPERATION_FAILED", "QEMU", `save image '${path}' holds no document`);
  return buffer.toString("utf8", 0, end);
}
