/** Uploads and downloads of volumes. */
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { asLibvirtError, LibvirtError } from "../../../errors.ts";
import { StorageVolDownloadFlags, StorageVolUploadFlags } from "../../../protocol/index.ts";
import type { StreamEnd } from "../../../rpc/stream.ts";
import { failure } from "../failure.ts";
import { findVolume, type PooledVolume } from "../find.ts";
import { refreshPool } from "../pools.ts";
import type { StorageState } from "../state.ts";
import { remeasure } from "../volumes/probe.ts";
import { openForTransfer, type Part, receiveFile, sendFile } from "../volumes/transfer.ts";

function streamOf({ stream }: CallContext): StreamEnd {
  if (stream) return stream;
  throw new LibvirtError("INVALID_STREAM", "STORAGE", "a volume's bytes need a stream to flow through");
}

/** The part of the file that is meant; no file is longer than what can be counted. */
function partOf(offset: bigint, length: bigint, sparse: boolean): Part {
  if (offset + length > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw failure("INVALID_ARG", `offset ${offset} and length ${length} lead beyond the end of any file`);
  }
  return { offset, length, sparse };
}

/** Lets a transfer run on its own: its failure is the stream's, and the driver's end ends it. */
function run(state: StorageState, stream: StreamEnd, transfer: () => Promise<void>): void {
  const { closing } = state;
  const onClosing = () => stream.destroy(asLibvirtError(closing.reason, "STORAGE"));
  closing.addEventListener("abort", onClosing, { once: true });
  const done = transfer()
    .catch((error: unknown) => void stream.destroy(asLibvirtError(error, "STORAGE")))
    .finally(() => closing.removeEventListener("abort", onClosing));
  state.background(done);
}

async function download(state: StorageState, { pool, volume }: PooledVolume, stream: StreamEnd, part: Part) {
  volume.requireBuilt();
  const file = await openForTransfer(volume.path, "read");
  run(state, stream, async () => {
    await pool.work(() =>
      volume.use(async () => {
        try {
          await sendFile(stream, file, volume.path, part, state.closing);
        } finally {
          await file.close();
        }
      }),
    );
    // Whoever has all of it may stop the pool at once.
    stream.end();
  });
}

async function upload(state: StorageState, { pool, volume }: PooledVolume, stream: StreamEnd, part: Part) {
  volume.requireUnused().requireBuilt();
  const file = await openForTransfer(volume.path, "write");
  run(state, stream, async () => {
    try {
      await pool.work(() =>
        volume.use(async () => {
          try {
            await receiveFile(stream, file, volume.path, part);
          } finally {
            await file.close();
          }
        }),
      );
    } finally {
      // What came may be another kind of image, and however much came, the pool is fuller than it was.
      await lookAgain(state, { pool, volume }).catch(() => {});
    }
    stream.end();
  });
}

/** While something else works in the pool, only the volume itself can be looked at. */
async function lookAgain(state: StorageState, { pool, volume }: PooledVolume): Promise<void> {
  if (pool.active && pool.working === 0) await refreshPool(state, pool);
  else await remeasure(volume);
}

export function transferHandlers(state: StorageState): Handlers<"storageVolUpload" | "storageVolDownload"> {
  return {
    async storageVolUpload({ vol, offset, length, flags }, call) {
      checkFlags(flags, StorageVolUploadFlags.SPARSE_STREAM, "storageVolUpload", "STORAGE");
      const part = partOf(offset, length, (flags & StorageVolUploadFlags.SPARSE_STREAM) !== 0);
      const stream = streamOf(call);
      await upload(state, await findVolume(state, vol), stream, part);
    },
    async storageVolDownload({ vol, offset, length, flags }, call) {
      checkFlags(flags, StorageVolDownloadFlags.SPARSE_STREAM, "storageVolDownload", "STORAGE");
      const part = partOf(offset, length, (flags & StorageVolDownloadFlags.SPARSE_STREAM) !== 0);
      const stream = streamOf(call);
      await download(state, await findVolume(state, vol), stream, part);
    },
  };
}
