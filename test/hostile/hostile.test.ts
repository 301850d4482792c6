/** Clients that misbehave are limited or dropped, and another client's calls go on meanwhile. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../../src/errors.ts";
import { MessageStatus, MessageType, procedures } from "../../src/protocol/index.ts";
import { toBytes } from "../../src/protocol/xdr/index.ts";
import { duplexTransport, RpcClient, streamPair } from "../../src/rpc/index.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { messageOf, RawClient, word } from "../wire/raw.ts";

const uri = "test:///default";
const mebibyte = 1024 * 1024;
const maxClients = 300;
const config = `max_clients = ${maxClients}\nmax_queued_clients = 50\nmax_anonymous_clients = 100\n`;

async function openClient(t: TestContext, path: string): Promise<RpcClient> {
  const socket = connect(path);
  await once(socket, "connect");
  const client = new RpcClient(duplexTransport(socket), { onEvent() {} });
  t.after(() => client.close());
  await client.call("authList", {});
  await client.call("connectOpen", { name: uri, flags: 0 });
  return client;
}

/** The daemon that all attack, a well-behaved client of it, and how much memory the daemon has. */
interface Place {
  readonly t: TestContext;
  readonly client: RpcClient;
  readonly path: string;
  rss(): Promise<number>;
}

type Attack = (place: Place) => Promise<void>;

const attacks = new Map<string, Attack>();

test("clients that misbehave", async (t) => {
  const daemon = await Tsvirtd.start(t, { config });
  const rss = async () => {
    const status = await readFile(`/proc/${daemon.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
  };
  for (const [name, attack] of attacks) {
    await t.test(name, async (t) => {
      const client = await openClient(t, daemon.socket());
      await attack({ t, client, path: daemon.socket(), rss });
    });
  }
});

/** Does something while another client calls, and tells how many calls of that one were answered. */
async function beside(client: RpcClient, attack: () => Promise<void>): Promise<number> {
  let [calls, over] = [0, false];
  const attacking = attack().finally(() => {
    over = true;
  });
  attacking.catch(() => {});
  while (!over) {
    const { dom } = await client.call("domainLookupByName", { name: "test" });
    assert.equal(dom.name, "test");
    calls++;
  }
  await attacking;
  return calls;
}

async function rawSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

function closed(socket: Socket): Promise<unknown> {
  socket.resume();
  return socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once("close", resolve));
}

/** Waits until a condition holds, looking at it between answers of the daemon. */
async function until(client: RpcClient, holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await client.call("domainLookupByName", { name: "test" });
}

attacks.set("garbage ends its connection and no other", async ({ client, path }) => {
  const calls = await beside(client, async () => {
    for (let round = 0; round < 60; round++) {
      const socket = await rawSocket(path);
      // What is not garbage from its first word on comes after a good beginning.
      if (round % 2 === 0) socket.write(messageOf({ proc: procedures.authList.number }));
      const bytes = randomBytes(1 + ((round * 37) % 5000));
      if (bytes.length > 3) bytes[0] = 0x80;
      socket.end(bytes);
      await closed(socket);
    }
  });
  assert.ok(calls > 10, `${calls} calls were answered meanwhile`);
});

attacks.set("random messages with good frames harm nobody", async ({ client, path }) => {
  const calls = await beside(client, async () => {
    const raw = await RawClient.open(path, uri);
    for (let sent = 0; sent < 3000; sent++) {
      const [kind = 0, low = 0, high = 0, length = 0] = randomBytes(4);
      const proc = ((high << 8) | low) % 470;
      // A close would end it, and so it should.
      if (proc === procedures.connectClose.number) continue;
      // Descriptors that do not come would end it too.
      const type = kind % 8 === 4 || kind % 8 === 5 ? 0 : kind % 8;
      raw.send({ proc, type, serial: sent, status: kind % 3 === 0 ? kind % 5 : 0, body: randomBytes(length) });
      if (sent % 100 === 0) raw.socket.resume();
    }
    raw.send({ proc: procedures.connectIsSecure.number, serial: 0xabcdef });
    for (;;) {
      const seen = await raw.next();
      assert.notEqual(seen, null);
      if (seen?.serial === 0xabcdef) break;
    }
    raw.close();
  });
  assert.ok(calls > 0);
});

attacks.set("messages that are announced and do not come take no memory", async ({ client, path, rss }) => {
  const sockets: Socket[] = [];
  const first = await rss();
  const calls = await beside(client, async () => {
    for (let count = 0; count < 150; count++) {
      const raw = await RawClient.open(path, uri);
      const half = messageOf({ proc: procedures.domainDefineXml.number, length: 32 * mebibyte });
      raw.socket.write(Buffer.concat([half, Buffer.alloc(20_000)]));
      sockets.push(raw.socket);
    }
  });
  assert.ok(calls > 10, `${calls} calls were answered meanwhile`);
  const grown = (await rss()) - first;
  assert.ok(grown < 150 * mebibyte, `the daemon grew by ${grown} bytes`);
  for (const socket of sockets) socket.destroy();
});

attacks.set("a client that calls and does not read is not served on", async ({ client, path, rss }) => {
  const raw = await RawClient.open(path, uri);
  raw.socket.pause();
  const first = await rss();
  const call = messageOf({ proc: procedures.connectGetCapabilities.number });
  const many = Buffer.concat(Array.from({ length: 1000 }, () => call));
  let refused = false;
  const calls = await beside(client, async () => {
    for (let batch = 0; batch < 200 && !refused; batch++) {
      // The daemon has stopped to read when nothing more goes out.
      refused = !raw.socket.write(many) && batch > 50;
      await client.call("domainLookupByName", { name: "test" });
    }
  });
  assert.ok(calls > 10);
  assert.ok(raw.socket.writableLength > 0);
  const grown = (await rss()) - first;
  assert.ok(grown < 150 * mebibyte, `the daemon grew by ${grown} bytes`);
  raw.close();
});

attacks.set("a flood of calls lets others through", async ({ client, path }) => {
  const raw = await RawClient.open(path, uri);
  const count = 60_000;
  const call = messageOf({ proc: procedures.domainLookupByName.number, body: Buffer.from("\0\0\0\x04test") });
  const calls = await beside(client, async () => {
    raw.socket.write(Buffer.concat(Array.from({ length: count }, () => call)));
    for (let answered = 0; answered < count; answered++) {
      const seen = await raw.next();
      assert.equal(seen?.status, MessageStatus.OK);
    }
  });
  raw.close();
  // Served first come, first served, one or two would have been.
  assert.ok(calls > 5, `${calls} calls were answered meanwhile`);
});

attacks.set("lists that are too long, or lie about their length, are refused", async ({ client, path }) => {
  const stats = procedures.connectGetAllDomainStats.number;
  const baseline = procedures.connectBaselineCpu.number;
  const raw = await RawClient.open(path, uri);
  const calls = await beside(client, async () => {
    for (const length of [16_385, 0x7fffffff, 0xffffffff]) {
      const seen = await raw.call({ proc: stats, body: Buffer.concat([word(length), Buffer.alloc(1000)]) });
      assert.match(JSON.stringify(seen?.error), /Unable to decode message payload/);
    }
    const dom = { name: "n".repeat(400), uuid: new Uint8Array(16), id: -1 };
    const doms = Array.from({ length: 16_384 }, () => dom);
    const longest = toBytes(procedures.connectGetAllDomainStats.args, { doms, stats: 0, flags: 0 });
    assert.ok(longest.length > 6 * mebibyte);
    const seen = await raw.call({ proc: stats, body: longest });
    assert.equal(seen?.type, MessageType.REPLY);
    const cpus = Array.from({ length: 7 }, () => "x".repeat(4 * mebibyte));
    const huge = toBytes(procedures.connectBaselineCpu.args, { xmlCPUs: cpus, flags: 0 });
    assert.equal((await raw.call({ proc: baseline, body: huge }))?.status, MessageStatus.ERROR);
  });
  assert.ok(calls > 0);
  raw.close();
});

/** Documents of 4 MiB, and the answer to each. */
const giants: readonly (readonly [string, unit: string, end: string, MessageStatus])[] = [
  ["blank lines", "\r\n", "</a></metadata></domain>", MessageStatus.OK],
  ["references", "&amp;", "</a></metadata></domain>", MessageStatus.OK],
  ["blank lines that do not end well", "\r\n", "</b>", MessageStatus.ERROR],
];

for (const [what, unit, end, status] of giants) {
  attacks.set(`while a giant document is read, others are served: ${what}`, async ({ client, path }) => {
    const head =
      "<domain type='test'><name>giant</name><memory>1024</memory><os><type>hvm</type></os>" +
      "<metadata><a xmlns='urn:a'>text";
    const xml = head + unit.repeat((4 * mebibyte - head.length - end.length) / unit.length) + end;
    const body = toBytes(procedures.domainDefineXml.args, { xml });
    const message = messageOf({ proc: procedures.domainDefineXml.number, body });
    const raw = await RawClient.open(path, uri);
    // Everything but the end is there before others call: what they wait for is the reading, not the way.
    await new Promise((resolve) => raw.socket.write(message.subarray(0, -4), resolve));
    await client.call("domainLookupByName", { name: "test" });
    const calls = await beside(client, async () => {
      raw.socket.write(message.subarray(-4));
      assert.equal((await raw.next())?.status, status);
    });
    assert.ok(calls > 12, `${calls} calls were answered meanwhile`);
    if (status === MessageStatus.OK) {
      const { dom } = await client.call("domainLookupByName", { name: "giant" });
      await client.call("domainUndefine", { dom });
    }
    raw.close();
  });
}

attacks.set(
  "more connections than there may be are turned away, and there is room again when they go",
  async ({ t, client, path }) => {
    const sockets: Socket[] = [];
    let [turnedAway, ended] = [0, 0];
    const calls = await beside(client, async () => {
      for (let count = 0; count < 1500; count++) {
        const socket = connect(path);
        socket.on("error", () => {});
        socket.once("close", () => turnedAway++);
        sockets.push(socket);
        if (count % 50 === 49) await client.call("domainLookupByName", { name: "test" });
      }
    });
    await until(client, () => turnedAway >= 1500 - maxClients);
    assert.ok(calls > 10, `${calls} calls were answered meanwhile`);
    for (const socket of sockets) socket.once("close", () => ended++).destroy();
    // A new client is welcome as soon as the daemon has seen them go.
    for (;;) {
      const late = await openClient(t, path).catch(() => null);
      if (late === null) continue;
      assert.equal((await late.call("domainLookupByName", { name: "test" })).dom.name, "test");
      break;
    }
  },
);

attacks.set("streams are limited, and those left open end with their client", async ({ t, client, path, rss }) => {
  const { pool } = await client.call("storagePoolLookupByName", { name: "default-pool" });
  const xml = `<volume><name>v</name><capacity>${64 * mebibyte}</capacity></volume>`;
  const { vol } = await client.call("storageVolCreateXml", { pool, xml, flags: 0 });
  const range = { vol, offset: 0n, length: 0n, flags: 0 };
  const bad = await openClient(t, path);
  const first = await rss();
  const calls = await beside(client, async () => {
    let opened = 0;
    const opening = async () => {
      // Nobody reads what comes.
      const [own, far] = streamPair();
      own.on("error", () => {});
      await bad.call("storageVolDownload", range, { stream: far });
      opened++;
    };
    const results = await Promise.allSettled(Array.from({ length: 100 }, opening));
    const refusals = results.filter(({ status }) => status === "rejected");
    assert.ok(opened <= 64, `${opened} streams were opened`);
    assert.ok(refusals.every((refusal) => "reason" in refusal && isLibvirtError(refusal.reason)));
  });
  assert.ok(calls > 0);
  const grown = (await rss()) - first;
  assert.ok(grown < 250 * mebibyte, `the daemon grew by ${grown} bytes`);
  await bad.close();
  assert.equal((await client.call("domainLookupByName", { name: "test" })).dom.name, "test");
});

attacks.set("a client that goes in the middle of everything leaves nothing behind", async ({ client, path }) => {
  const calls = await beside(client, async () => {
    for (let round = 0; round < 100; round++) {
      const raw = await RawClient.open(path, uri);
      const lookup = { proc: procedures.domainLookupByName.number, body: Buffer.from("\0\0\0\x04test") };
      raw.send(...Array.from({ length: round }, () => lookup));
      raw.socket.write(messageOf(lookup).subarray(0, round % 30));
      raw.close();
    }
  });
  assert.ok(calls > 10);
});
