import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import fc from "fast-check";
import { isLibvirtError, LibvirtError } from "../errors.ts";
import { MessageStatus, MessageType, procedures, remoteError, streamHole } from "../protocol/index.ts";
import { fromBytes } from "../protocol/xdr/index.ts";
import type { RpcClient } from "./client.ts";
import { connected, type Dispatch, errorOf, rawClient, rawServer, settled, toBytes } from "./peers.test.lib.ts";
import { isHole, maxStreamChunk, type StreamChunk, type StreamEnd, streamPair } from "./stream.ts";

const vol = { pool: "p", name: "v", key: "/v" };
const range = { vol, offset: 0n, length: 0n };
const sparse = 1;
const { storageVolUpload, storageVolDownload, domainOpenConsole, connectGetHostname } = procedures;
const upload = storageVolUpload.number;
const download = storageVolDownload.number;
const { STREAM, STREAM_HOLE, REPLY } = MessageType;
const { OK, ERROR, CONTINUE } = MessageStatus;

/** A dispatch that hands the driver's end of each stream to the test. */
function streams(use: (stream: StreamEnd) => void): Dispatch {
  return ({ stream, procedure }) => {
    if (procedure.name === "connectGetHostname") return { hostname: "h" };
    assert.ok(stream);
    use(stream);
    return procedure.name === "domainScreenshot" ? { mime: "image/png" } : undefined;
  };
}

type Opening = "storageVolUpload" | "storageVolDownload" | "domainOpenConsole";

/** Opens a stream and gives the caller's end of it. */
async function open(client: RpcClient, name: Opening, flags = 0): Promise<StreamEnd> {
  const [own, far] = streamPair();
  const dom = { name: "d", uuid: new Uint8Array(16), id: 1 };
  if (name === "domainOpenConsole") await client.call(name, { dom, devName: null, flags }, { stream: far });
  else await client.call(name, { ...range, flags }, { stream: far });
  return own;
}

async function collect(stream: StreamEnd): Promise<StreamChunk[]> {
  const chunks: StreamChunk[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return chunks;
}

function text(chunks: readonly StreamChunk[]): string {
  return chunks.map((chunk) => (isHole(chunk) ? `<${chunk.hole}>` : Buffer.from(chunk).toString())).join("");
}

test("an upload reaches the driver whole, and is over when the driver says so", async () => {
  const received: StreamChunk[][] = [];
  const { client } = connected(
    streams(async (stream) => {
      received.push(await collect(stream));
      await settled();
      stream.end();
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 400_000 }), { maxLength: 6 }), async (parts) => {
      const stream = await open(client, "storageVolUpload");
      for (const part of parts) stream.write(part);
      stream.end();
      assert.deepEqual(await collect(stream), []);
      const chunks = received.pop() as Uint8Array[];
      assert.ok(chunks.every((chunk) => chunk.length <= maxStreamChunk));
      assert.ok(Buffer.concat(chunks).equals(Buffer.concat(parts)));
    }),
    { numRuns: 20 },
  );
  await client.close();
});

test("a download brings everything, and its end finishes it on both sides", async () => {
  const ends: StreamEnd[] = [];
  const { client } = connected(
    streams((stream) => {
      ends.push(stream);
      stream.write(Buffer.alloc(600_000, 1));
      stream.end(Buffer.from("end"));
    }),
  );
  const stream = await open(client, "storageVolDownload");
  stream.end();
  const chunks = (await collect(stream)) as Uint8Array[];
  assert.equal(Buffer.concat(chunks).length, 600_003);
  await settled();
  assert.equal(stream.destroyed, true);
  assert.equal(ends[0]?.writableFinished, true);
  await client.close();
});

test("holes go as holes in a sparse transfer and are refused in another", async () => {
  const seen: StreamChunk[][] = [];
  const { client } = connected(
    streams(async (stream) => {
      seen.push(await collect(stream).catch(() => []));
      stream.end();
    }),
  );
  const stream = await open(client, "storageVolUpload", sparse);
  stream.write(Buffer.from("a"));
  stream.writeHole(1n << 40n);
  stream.end(Buffer.from("b"));
  await collect(stream);
  assert.equal(text(seen[0] ?? []), `a<${1n << 40n}>b`);
  const plain = await open(client, "storageVolUpload");
  plain.writeHole(5n);
  const [error] = await once(plain, "error");
  assert.equal((error as Error).message, "Unexpected stream hole");
  assert.deepEqual(await client.call("connectGetHostname", {}), { hostname: "h" });
  await client.close();
});

test("a console goes both ways at once and ends from either side", async () => {
  const { client } = connected(
    streams((stream) => {
      stream.on("data", (chunk: Uint8Array) => stream.write(Buffer.from(Buffer.from(chunk).toString().toUpperCase())));
      stream.on("end", () => stream.end(Buffer.from("bye")));
    }),
  );
  const console = await open(client, "domainOpenConsole");
  console.write(Buffer.from("hello "));
  assert.equal(text([(await once(console, "data"))[0]]), "HELLO ");
  console.end(Buffer.from("there "));
  assert.equal(text(await collect(console)), "THERE bye");

  const { client: other } = connected(streams((stream) => stream.end(Buffer.from("guest is off"))));
  const ended = await open(other, "domainOpenConsole");
  assert.equal(text(await collect(ended)), "guest is off");
  ended.write(Buffer.from("nobody hears this"));
  ended.end();
  await settled();
  assert.equal(ended.destroyed, true);
  await client.close();
  await other.close();
});

test("a driver's failure reaches the caller with its fields, midway and at the end", async () => {
  const full = new LibvirtError("SYSTEM_ERROR", "STORAGE", "cannot write: No space left on device", { int1: 28 });
  const { client } = connected(
    streams((stream) => {
      stream.once("data", () => stream.destroy(full));
      stream.once("end", () => stream.destroy(full));
    }),
  );
  for (const name of ["storageVolUpload", "domainOpenConsole"] as const) {
    for (const send of [Buffer.from("x"), null]) {
      const stream = await open(client, name);
      if (send) stream.write(send);
      else stream.end();
      const [error] = await once(stream, "error");
      assert.ok(isLibvirtError(error, "SYSTEM_ERROR"));
      assert.deepEqual([error.message, error.int1], [full.message, 28]);
    }
  }
  await client.close();
});

test("a caller's abort reaches the driver, and the connection goes on", async () => {
  const failed: Promise<unknown[]>[] = [];
  let opened = 0;
  const { client } = connected(
    streams((stream) => {
      failed.push(once(stream, "error"));
      if (++opened === 1) return;
      const more = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(1000)));
      };
      stream.on("drain", more);
      more();
    }),
  );
  for (const name of ["storageVolUpload", "storageVolDownload", "domainOpenConsole"] as const) {
    const stream = await open(client, name);
    stream.destroy(new Error("enough"));
    const [error] = await (failed.shift() as Promise<unknown[]>);
    assert.equal((error as Error).message, "stream aborted at client request");
  }
  assert.deepEqual(await client.call("connectGetHostname", {}), { hostname: "h" });
  await client.close();
});

test("a stream whose opening was given up is broken off", async () => {
  let answer: (value?: unknown) => void = () => {};
  const failed: Promise<unknown[]>[] = [];
  const { client } = connected(({ stream }) => {
    failed.push(once(stream as StreamEnd, "error"));
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const [, far] = streamPair();
  const control = new AbortController();
  const opening = client.call("storageVolDownload", { ...range, flags: 0 }, { stream: far, signal: control.signal });
  await settled();
  control.abort();
  await assert.rejects(opening, (error) => isLibvirtError(error, "OPERATION_ABORTED"));
  answer();
  const [error] = await (failed[0] as Promise<unknown[]>);
  assert.equal((error as Error).message, "stream aborted at client request");
  await client.close();
});

test("streams end with their connection, on both sides", async () => {
  const ends: StreamEnd[] = [];
  const { client, server } = connected(streams((stream) => ends.push(stream)));
  const stream = await open(client, "domainOpenConsole");
  const [near, far] = [once(stream, "error"), once(ends[0] as StreamEnd, "error")];
  server.close();
  assert.match(((await near)[0] as Error).message, /End of file/);
  assert.equal(((await far)[0] as Error).message, "the client is gone");
});

test("neither a slow reader nor a slow driver makes the other side pile up data", async () => {
  const chunk = Buffer.alloc(maxStreamChunk);
  const limit = 200;
  let produced = 0;
  const produce = (stream: StreamEnd) => {
    const more = () => {
      while (produced < limit && !stream.destroyed) {
        produced++;
        if (!stream.write(chunk)) return;
      }
      if (produced === limit) stream.end();
    };
    stream.on("drain", more);
    more();
  };
  const slow: StreamEnd[] = [];
  const { client } = connected(({ procedure, stream }) => {
    if (procedure.name === "storageVolDownload") produce(stream as StreamEnd);
    else slow.push(stream as StreamEnd);
  });
  const reader = await open(client, "storageVolDownload");
  for (let turn = 0; turn < 20; turn++) await settled();
  assert.ok(produced < 120, `${produced} chunks were produced for nobody`);
  reader.end();
  assert.equal((await collect(reader)).length, limit);

  produced = 0;
  const writer = await open(client, "storageVolUpload");
  produce(writer);
  for (let turn = 0; turn < 20; turn++) await settled();
  assert.ok(produced < 120, `${produced} chunks were sent to nobody`);
  const received = collect(slow[0] as StreamEnd);
  void received.then(() => slow[0]?.end());
  await once(writer.resume(), "end");
  assert.equal((await received).length, limit);
  await client.close();
});

test("calls go on beside a stream that is not read, as long as it is small", async () => {
  const { client } = connected(streams((stream) => stream.end(Buffer.alloc(3_000_000))));
  const stream = await open(client, "storageVolDownload");
  for (let count = 0; count < 5; count++) {
    assert.deepEqual(await client.call("connectGetHostname", {}), { hostname: "h" });
  }
  stream.destroy();
  await client.close();
});

test("many streams at once share the connection", async () => {
  const { client } = connected(
    streams((stream) => {
      for (let part = 0; part < 20; part++) stream.write(Buffer.alloc(100_000, part));
      stream.end();
    }),
  );
  const all = await Promise.all(Array.from({ length: 10 }, () => open(client, "storageVolDownload")));
  for (const chunks of await Promise.all(all.map(collect))) {
    const hash = createHash("sha256");
    for (const chunk of chunks) hash.update(chunk as Uint8Array);
    const expected = createHash("sha256");
    for (let part = 0; part < 20; part++) expected.update(Buffer.alloc(100_000, part));
    assert.equal(hash.digest("hex"), expected.digest("hex"));
  }
  await client.close();
});

const uploadArgs = toBytes(storageVolUpload.args, { ...range, flags: 0 });
const sparseArgs = toBytes(storageVolUpload.args, { ...range, flags: sparse });

test("the packets of an upload are answered as libvirt's daemon does", async () => {
  const received: Promise<StreamChunk[]>[] = [];
  const { raw, server } = rawClient(
    streams((stream) => {
      const chunks = collect(stream);
      received.push(chunks.catch(() => []));
      chunks.then(
        () => stream.end(),
        () => {},
      );
    }),
  );
  const packet = (status: number, body: Uint8Array = new Uint8Array(), type: number = STREAM) =>
    raw.send({ proc: upload, type, serial: 5, status, body });
  const start = async (body = uploadArgs) => {
    const reply = await raw.call({ proc: upload, serial: 5, body });
    assert.deepEqual([reply?.type, reply?.status], [REPLY, OK]);
  };
  const answer = async () => {
    const message = await raw.next();
    assert.deepEqual([message?.proc, message?.serial, message?.type], [upload, 5, STREAM]);
    return message;
  };

  await start();
  packet(CONTINUE, Buffer.from("one"));
  packet(CONTINUE);
  raw.send({ proc: download, type: STREAM, serial: 5, status: CONTINUE, body: Buffer.from("not its procedure") });
  packet(CONTINUE, Buffer.from("two"));
  packet(OK);
  assert.equal((await answer())?.status, OK);
  assert.equal(text((await received.pop()) ?? []), "onetwo");
  // What comes late is nobody's.
  packet(CONTINUE, Buffer.from("late"));
  packet(OK);
  packet(ERROR);

  await start();
  packet(ERROR);
  assert.equal((await answer())?.status, OK);
  await start();
  packet(7);
  assert.equal(errorOf(await answer()), "39/38 stream aborted with unexpected status 7");
  await start();
  packet(CONTINUE, toBytes(streamHole, { length: 1n, flags: 0 }), STREAM_HOLE);
  assert.equal(errorOf(await answer()), "39/38 Unexpected stream hole");
  await start(sparseArgs);
  packet(CONTINUE, Buffer.from("ab"), STREAM_HOLE);
  assert.equal(errorOf(await answer()), "39/7 Unable to decode message payload");
  await start(sparseArgs);
  packet(CONTINUE, toBytes(streamHole, { length: -1n, flags: 0 }), STREAM_HOLE);
  assert.match(errorOf(await answer()), /^8\/38 invalid argument/);
  await start(sparseArgs);
  packet(OK, toBytes(streamHole, { length: 1n, flags: 0 }), STREAM_HOLE);
  packet(OK);
  assert.equal((await answer())?.status, OK);
  server.close();
});

test("the packets of a download are those of libvirt's daemon", async () => {
  const { raw, server } = rawClient(
    streams((stream) => {
      stream.write(Buffer.from("data"));
      stream.writeHole(9n);
      stream.end();
    }),
  );
  const packet = (status: number, body = new Uint8Array()) =>
    raw.send({ proc: download, type: STREAM, serial: 5, status, body });
  const seen = async () => {
    const message = await raw.next();
    return [message?.type, message?.status, message?.body.length];
  };
  const start = async () => {
    raw.send({ proc: download, serial: 5, body: sparseArgs });
    assert.deepEqual(await seen(), [REPLY, OK, 0]);
  };
  await start();
  assert.deepEqual(
    [await seen(), await seen(), await seen()],
    [
      [STREAM, CONTINUE, 4],
      [STREAM_HOLE, CONTINUE, 12],
      [STREAM, CONTINUE, 0],
    ],
  );
  packet(OK);
  assert.deepEqual(await seen(), [STREAM, OK, 0]);
  await start();
  for (let count = 0; count < 3; count++) await raw.next();
  packet(CONTINUE, Buffer.from("a download takes no data"));
  assert.equal(errorOf(await raw.next()), "39/38 stream had unexpected termination");
  server.close();
});

test("a client may finish a download before its end", async () => {
  const { raw, server } = rawClient(
    streams((stream) => {
      const more = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(1000)));
      };
      stream.on("drain", more);
      more();
    }),
  );
  await raw.call({ proc: download, serial: 5, body: sparseArgs });
  raw.send({ proc: download, type: STREAM, serial: 5, status: OK });
  let message = await raw.next();
  while (message?.status === CONTINUE) message = await raw.next();
  assert.deepEqual([message?.type, message?.status], [STREAM, OK]);
  server.close();
});

test("a client may have only so many streams open", async () => {
  const { raw, server } = rawClient(
    streams(() => {}),
    { limits: { maxRequests: 5, maxStreams: 2 } },
  );
  for (let serial = 0; serial < 2; serial++) {
    assert.equal((await raw.call({ proc: upload, serial, body: uploadArgs }))?.status, OK);
  }
  assert.match(errorOf(await raw.call({ proc: upload, serial: 2, body: uploadArgs })), /streams/);
  raw.send({ proc: upload, type: STREAM, serial: 0, status: ERROR });
  assert.equal((await raw.next())?.status, OK);
  assert.equal((await raw.call({ proc: upload, serial: 3, body: uploadArgs }))?.status, OK);
  server.close();
});

test("the packets of a client are those of libvirt's client", async () => {
  const { raw, client } = rawServer();
  const [own, far] = streamPair();
  const opened = client.call("storageVolUpload", { ...range, flags: sparse }, { stream: far });
  const call = await raw.next();
  const serial = call?.serial ?? -1;
  raw.send({ proc: upload, type: REPLY, serial });
  await opened;
  own.write(Buffer.from("data"));
  own.writeHole(7n);
  own.end();
  const [data, hole, end] = [await raw.next(), await raw.next(), await raw.next()];
  assert.deepEqual([data?.type, data?.status, Buffer.from(data?.body ?? []).toString()], [STREAM, CONTINUE, "data"]);
  assert.deepEqual([hole?.type, hole?.status], [STREAM_HOLE, CONTINUE]);
  assert.deepEqual(fromBytes(streamHole, hole?.body ?? new Uint8Array()), { length: 7n, flags: 0 });
  assert.deepEqual([end?.type, end?.status, end?.body.length, end?.serial], [STREAM, OK, 0, serial]);
  raw.send({ proc: upload, type: STREAM, serial, status: OK });
  await once(own.resume(), "end");
  // What comes late is nobody's.
  raw.send({ proc: upload, type: STREAM, serial, status: CONTINUE, body: Buffer.from("late") });

  const [mine, theirs] = streamPair();
  const second = client.call("storageVolDownload", { ...range, flags: 0 }, { stream: theirs });
  const next = (await raw.next())?.serial ?? -1;
  raw.send({ proc: download, type: REPLY, serial: next });
  await second;
  mine.destroy(new Error("enough"));
  const abort = await raw.next();
  assert.deepEqual([abort?.type, abort?.status, abort?.body.length, abort?.serial], [STREAM, ERROR, 0, next]);
  const error = { code: 38, domain: 18, message: "m", level: 2, dom: null, str1: "m", str2: null, str3: null };
  const body = toBytes(remoteError, { ...error, int1: 0, int2: 0, net: null });
  raw.send({ proc: download, type: STREAM, serial: next, status: ERROR, body });
  const host = client.call("connectGetHostname", {});
  const asked = await raw.next();
  const result = toBytes(connectGetHostname.result, { hostname: "h" });
  raw.send({ proc: connectGetHostname.number, type: REPLY, serial: asked?.serial ?? -1, body: result });
  assert.deepEqual(await host, { hostname: "h" });
  await client.close();
});

test("a stream that nobody wants is broken off as soon as it opens", async () => {
  const { raw, client } = rawServer();
  const dom = { name: "d", uuid: new Uint8Array(16), id: 1 };
  const opened = client.call("domainOpenConsole", { dom, devName: null, flags: 0 });
  const call = await raw.next();
  raw.send({ proc: domainOpenConsole.number, type: REPLY, serial: call?.serial ?? -1 });
  await opened;
  const abort = await raw.next();
  assert.deepEqual([abort?.type, abort?.status, abort?.serial], [STREAM, ERROR, call?.serial]);
  await client.close();
});
