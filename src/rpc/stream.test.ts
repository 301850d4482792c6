import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { isHole, maxStreamChunk, type StreamChunk, type StreamEnd, streamPair } from "./stream.ts";

/** Reads to the end and leaves the writing side open (a plain `for await` would destroy the whole stream). */
async function collect(stream: StreamEnd): Promise<StreamChunk[]> {
  const chunks: StreamChunk[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return chunks;
}

test("bytes and holes arrive in order, and the end with them", async () => {
  const [caller, driver] = streamPair();
  driver.write(Buffer.from("one"));
  driver.writeHole(1n << 40n);
  driver.end(Buffer.from("two"));
  const chunks = await collect(caller);
  assert.deepEqual(chunks, [Buffer.from("one"), { hole: 1n << 40n }, Buffer.from("two")]);
});

test("chunks larger than the wire carries are cut", async () => {
  const [caller, driver] = streamPair();
  driver.end(Buffer.alloc(maxStreamChunk * 2 + 1, 7));
  const chunks = await collect(caller);
  assert.deepEqual(
    chunks.map((chunk) => (isHole(chunk) ? 0 : chunk.length)),
    [maxStreamChunk, maxStreamChunk, 1],
  );
});

test("both directions flow at once and end separately", async () => {
  const [caller, driver] = streamPair();
  caller.end(Buffer.from("ping"));
  assert.deepEqual(await collect(driver), [Buffer.from("ping")]);
  driver.end(Buffer.from("pong"));
  assert.deepEqual(await collect(caller), [Buffer.from("pong")]);
});

test("a slow reader stops the writer, and reading lets it go on", async () => {
  const [caller, driver] = streamPair();
  let written = 0;
  while (driver.write(Buffer.alloc(1024))) written++;
  const waiting = written;
  assert.ok(waiting < 100, `the writer was never told to pause (${waiting} chunks)`);
  const drained = once(driver, "drain");
  const reading = collect(caller);
  await drained;
  driver.end();
  assert.equal((await reading).length, written + 1);
});

test("an abort reaches the other end with its error", async () => {
  const [caller, driver] = streamPair();
  const failed = once(caller, "error");
  driver.destroy(new Error("disk gone"));
  const [error] = await failed;
  assert.equal((error as Error).message, "disk gone");
  await assert.rejects(collect(caller));
});

test("an end whose other end is gone takes writes and forgets them", async () => {
  const [caller, driver] = streamPair();
  caller.destroy();
  await new Promise((resolve, reject) =>
    driver.write(Buffer.from("late"), (error) => (error ? reject(error) : resolve(0))),
  );
  driver.destroy();
});

test("a writer who writes whenever he may does not keep an abort from being seen", async () => {
  for (const error of [new Error("enough"), undefined]) {
    const [caller, driver] = streamPair();
    const more = () => {
      while (!driver.destroyed && driver.write(Buffer.alloc(10)));
    };
    driver.on("drain", more);
    more();
    caller.destroy(error);
    await new Promise(setImmediate);
    assert.equal(driver.destroyed, error !== undefined);
    driver.destroy();
  }
});
