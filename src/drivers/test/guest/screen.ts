/** A picture of a domain's screen: a grey one, for there is nothing to see. */
import { deflateSync } from "node:zlib";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { findDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";

const width = 1120;
const height = 832;
/** The brightness of all pixels, from 0 to 255. */
const grey = 0x40;

/** The checksum of PNG's chunks (CRC-32). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type: string, content: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(content.length);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}

function makePicture(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  // Each line begins with its filter, 0 for none.
  const line = Buffer.alloc(width + 1, grey);
  line.writeUInt8(0, 0);
  const lines = Buffer.concat(Array.from({ length: height }, () => line));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.of()),
  ]);
}

let picture: Buffer | undefined;

export function domainScreenHandlers(node: TestNode): Handlers<"domainScreenshot"> {
  return {
    domainScreenshot({ dom, flags }, { stream }) {
      checkFlags(flags, 0, "domainScreenshot", "TEST");
      findDomain(node, dom);
      if (!stream) throw new LibvirtError("INVALID_STREAM", "TEST", "virDomainScreenshot");
      picture ??= makePicture();
      stream.end(picture);
      return { mime: "image/png" };
    },
  };
}
