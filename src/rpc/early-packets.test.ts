/** libvirtd answers a call and sends its stream's data from different threads: either may come first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageStatus, MessageType, procedures } from "../protocol/index.ts";
import { rawServer, settled } from "./peers.test.lib.ts";
import { streamPair } from "./stream.ts";

const proc = procedures.storageVolDownload.number;
const args = { vol: { pool: "", name: "", key: "" }, offset: 0n, length: 0n, flags: 0 };

test("data that comes before the answer to its call is not lost", async () => {
  const { raw, client } = rawServer();
  const [mine, stream] = streamPair();
  const opened = client.call("storageVolDownload", args, { stream });
  await settled();
  const data = { proc, type: MessageType.STREAM, status: MessageStatus.CONTINUE };
  raw.send({ ...data, body: Buffer.from("first ") }, { proc, type: MessageType.REPLY });
  raw.send({ ...data, body: Buffer.from("second") }, data);
  await opened;
  mine.end();
  raw.send({ proc, type: MessageType.STREAM, status: MessageStatus.OK });
  const chunks: Uint8Array[] = [];
  for await (const chunk of mine.iterator({ destroyOnReturn: false })) chunks.push(chunk as Uint8Array);
  assert.equal(Buffer.concat(chunks).toString(), "first second");
  await client.close();
});

test("data without end and without an answer ends the connection", async () => {
  const { raw, client, reasons } = rawServer();
  const [, stream] = streamPair();
  const opened = client.call("storageVolDownload", args, { stream });
  opened.catch(() => {});
  await settled();
  const data = { proc, type: MessageType.STREAM, status: MessageStatus.CONTINUE, body: Buffer.from("x") };
  for (let sent = 0; sent < 100; sent++) raw.send(data);
  await assert.rejects(opened, /data of a stream without an answer/);
  assert.equal(reasons.length, 1);
});
