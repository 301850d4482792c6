/** Hypervisor and kernel as they are booted: unpacked here, so that the emulated machine does not have to. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { run } from "./programs.ts";

/** Offsets in the header of a bzImage. */
const SETUP_SECTORS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const sector = 512;

const unpackers = [
  { magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), command: "xz", args: ["-dc", "--single-stream"] },
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), command: "zstd", args: ["-dc"] },
] as const;

/** The ELF file inside a Linux bzImage: what Xen starts as its first domain, and its tools as others. */
export async function unpackKernel(path: string): Promise<Buffer> {
  const image = readFileSync(path);
  const start = ((image[SETUP_SECTORS] || 4) + 1) * sector + image.readUInt32LE(PAYLOAD_OFFSET);
  // Its last four bytes are the size of what is packed.
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH) - 4);
  const unpacker = unpackers.find(({ magic }) => payload.subarray(0, magic.length).equals(magic));
  if (!unpacker) throw new Error(`${path} is packed in a way that is not known here`);
  const kernel = await run(unpacker.command, unpacker.args, { input: payload });
  if (kernel.subarray(0, 4).toString("latin1") !== "\x7fELF") throw new Error(`${path} does not hold an ELF file`);
  return kernel;
}

export function unpackHypervisor(path: string): Buffer {
  return gunzipSync(readFileSync(path));
}
