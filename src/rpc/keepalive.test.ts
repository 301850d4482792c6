import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { MessageType } from "../protocol/index.ts";
import { type RawEnd, rawClient, rawServer } from "./peers.test.lib.ts";

const keepalive = { prog: 0x6b656570, vers: 1, type: MessageType.MESSAGE };
const never = () => new Promise<never>(() => {});

async function expectPing(raw: RawEnd): Promise<void> {
  const message = await raw.next();
  const { prog, proc, type, serial, status, body } = message ?? {};
  assert.deepEqual([prog, proc, type, serial, status, body?.length], [keepalive.prog, 1, 2, 0, 0, 0]);
}

/** Everything that is ready has happened; timers stand still. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

function withTimers(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed++) {
      t.mock.timers.tick(1000);
      await settled();
    }
  };
}

test("pings are answered whether or not this side pings, each with serial 0", async () => {
  const { raw, server } = rawClient(never);
  for (const serial of [0, 5]) {
    const pong = await raw.call({ ...keepalive, proc: 1, serial });
    assert.deepEqual([pong?.prog, pong?.proc, pong?.type, pong?.serial], [keepalive.prog, 2, MessageType.MESSAGE, 0]);
  }
  const { raw: other, client } = rawServer();
  const pong = await other.call({ ...keepalive, proc: 1 });
  assert.deepEqual([pong?.prog, pong?.proc, pong?.type], [keepalive.prog, 2, MessageType.MESSAGE]);
  server.close();
  await client.close();
});

test("what is no ping is taken no notice of", async () => {
  const { raw, server } = rawClient(() => ({ hostname: "h" }));
  raw.send({ ...keepalive, proc: 2 }, { ...keepalive, proc: 3 }, { ...keepalive, proc: 1, vers: 2 });
  assert.equal((await raw.call({ proc: 59, serial: 6 }))?.serial, 6);
  server.close();
});

test("a silent side is pinged after each interval, and taken for gone after the last ping's", async (t) => {
  const pass = withTimers(t);
  const { raw, server, closed } = rawClient(never);
  await pass(60);
  server.startKeepalive(5, 3);
  await pass(4);
  assert.equal(raw.transport.pending, 0);
  for (let ping = 0; ping < 3; ping++) {
    await pass(5);
    await expectPing(raw);
  }
  assert.equal(server.closed, false);
  await pass(5);
  assert.equal(server.closed, true);
  assert.match(closed[0]?.message ?? "", /keepalive timeout/);
  assert.equal(await raw.next(), null);
});

test("any message counts as a sign of life", async (t) => {
  const pass = withTimers(t);
  const { raw, server } = rawClient(never);
  server.startKeepalive(5, 2);
  for (let round = 0; round < 6; round++) {
    await pass(5);
    await expectPing(raw);
    if (round % 2 === 0) raw.send({ ...keepalive, proc: 2 });
    else raw.send({ proc: 59, type: MessageType.REPLY });
    await pass(5);
  }
  assert.equal(server.closed, false);
  server.close();
});

test("a client that watches rejects its calls when the server is gone", async (t) => {
  const pass = withTimers(t);
  const { raw, client, reasons } = rawServer();
  client.keepalive(2, 1);
  const call = client.call("connectGetHostname", {});
  assert.equal((await raw.next())?.proc, 59);
  const rejected = assert.rejects(call, {
    code: 1,
    domain: 7,
    message: "internal error: connection closed due to keepalive timeout",
  });
  await pass(2);
  await expectPing(raw);
  await pass(2);
  await rejected;
  assert.equal(reasons.length, 1);
});

test("with a count of 0 the first silent interval ends it; interval 0 ends the watch", async (t) => {
  const pass = withTimers(t);
  const { server } = rawClient(never);
  server.startKeepalive(5, 0);
  await pass(5);
  assert.equal(server.closed, true);
  const { raw, client } = rawServer();
  client.keepalive(5, 1);
  await pass(5);
  await expectPing(raw);
  client.keepalive(0, 0);
  await pass(60);
  assert.equal(client.closed, false);
  await client.close();
});
