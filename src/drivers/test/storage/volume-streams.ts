/** Moving a volume's bytes in and out, over streams. */

import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { asLibvirtError, LibvirtError } from "../../../errors.ts";
import { StorageVolDownloadFlags, StorageVolUploadFlags } from "../../../protocol/index.ts";
import { drained, isHole, type StreamEnd } from "../../../rpc/stream.ts";
import type { TestNode } from "../state.ts";
import type { VolumeData } from "./volume-data.ts";
import { findVolume, type TestVolume } from "./volumes.ts";

/** A part of a volume, in bytes. */
interface Range {
  readonly offset: number;
  readonly length: number;
}

/** The part a client asks for: length 0 is "to the end". */
function rangeOf({ name, definition }: TestVolume, offset: bigint, length: bigint): Range {
  const { capacity } = definition;
  if (offset > capacity || offset + length > capacity) {
    const detail = `volume '${name}' has ${capacity} bytes: offset ${offset} and length ${length} lead beyond its end`;
    throw new LibvirtError("INVALID_ARG", "TEST", detail);
  }
  return { offset: Number(offset), length: Number(length === 0n ? capacity - offset : length) };
}

function streamOf({ stream }: CallContext): StreamEnd {
  if (stream) return stream;
  throw new LibvirtError("INVALID_STREAM", "TEST", "a volume's bytes need a stream to flow through");
}

/** Writes what comes until the other side ends, then ends this side; on failure the stream is aborted. */
async function receive(stream: StreamEnd, data: VolumeData, { offset, length }: Range): Promise<void> {
  let done = 0;
  const take = (size: number): number => {
    if (size > length - done) {
      throw new LibvirtError("SYSTEM_ERROR", "TEST", "cannot write to stream: No space left on device", { int1: 28 });
    }
    const at = offset + done;
    done += size;
    return at;
  };
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (isHole(chunk)) {
      const size = Number(chunk.hole);
      data.zero(take(size), size);
    } else {
      data.write(take(chunk.length), chunk);
    }
  }
  stream.end();
}

/** Sends a part of a volume; where nothing was written, holes or zeros. */
async function send(stream: StreamEnd, data: VolumeData, { offset, length }: Range, sparse: boolean): Promise<void> {
  for (const extent of data.read(offset, length)) {
    const chunk = extent.bytes ?? (sparse ? { hole: BigInt(extent.length) } : new Uint8Array(extent.length));
    if (!stream.write(chunk)) await drained(stream);
    if (stream.destroyed) return;
  }
  stream.end();
}

/** Lets a transfer run on its own: its failure is the stream's. */
function run(stream: StreamEnd, transfer: Promise<void>): void {
  transfer.catch((error: unknown) => stream.destroy(asLibvirtError(error, "TEST")));
}

export function volumeStreamHandlers(node: TestNode): Handlers<"storageVolUpload" | "storageVolDownload"> {
  return {
    storageVolUpload({ vol, offset, length, flags }, call) {
      checkFlags(flags, StorageVolUploadFlags.SPARSE_STREAM, "storageVolUpload", "TEST");
      const { volume } = findVolume(node, vol);
      const stream = streamOf(call);
      run(stream, receive(stream, volume.data, rangeOf(volume, offset, length)));
    },
    storageVolDownload({ vol, offset, length, flags }, call) {
      checkFlags(flags, StorageVolDownloadFlags.SPARSE_STREAM, "storageVolDownload", "TEST");
      const { volume } = findVolume(node, vol);
      const stream = streamOf(call);
      const sparse = (flags & StorageVolDownloadFlags.SPARSE_STREAM) !== 0;
      run(stream, send(stream, volume.data, rangeOf(volume, offset, length), sparse));
    },
  };
}
