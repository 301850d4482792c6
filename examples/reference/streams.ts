/** Short examples for the reference pages, about streams. They are compiled; the test driver has no streams. */
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Connection, StorageVolDownloadFlags } from "../../src/api/index.ts";

export async function virStorageVolDownload(conn: Connection): Promise<void> {
  const volume = await conn.storageVolLookupByPath("/srv/images/web.qcow2");
  await pipeline(await volume.download(), createWriteStream("web.qcow2"));
}

export async function virStorageVolUpload(conn: Connection): Promise<void> {
  const volume = await conn.storageVolLookupByPath("/srv/images/web.qcow2");
  await pipeline(createReadStream("web.qcow2"), await volume.upload());
}

export async function virStreamSparseRecvAll(conn: Connection): Promise<void> {
  const volume = await conn.storageVolLookupByPath("/srv/images/web.qcow2");
  const stream = await volume.download(0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
  for await (const chunk of stream.chunks()) {
    console.log("hole" in chunk ? `a hole of ${chunk.hole} bytes` : `${chunk.byteLength} bytes`);
  }
}

export async function virDomainOpenConsole(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("web");
  const stream = await domain.openConsole();
  process.stdin.pipe(stream).pipe(process.stdout);
}

export async function virDomainScreenshot(conn: Connection): Promise<void> {
  const domain = await conn.lookupByName("web");
  const { mimeType, stream } = await domain.screenshot();
  await pipeline(stream, createWriteStream(mimeType === "image/png" ? "web.png" : "web.ppm"));
}
