/** A connection to a daemon through its life: events, giving up, losing it, making it anew, signs of life. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ConnectCloseReason,
  type Connection,
  type EventGap,
  isLibvirtError,
  type LibvirtEvent,
  open,
  silenceErrors,
} from "../../src/api/index.ts";
import { Libvirtd, withoutLibvirtd } from "./libvirtd.ts";

silenceErrors();

const domainXml = (name: string) =>
  `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;

function told(event: LibvirtEvent | EventGap | undefined): string {
  if (event?.type === "gap") return `gap ${event.reconnected}`;
  return event?.kind === "domain" && event.type === "lifecycle"
    ? `${event.domain.name()} ${event.event}`
    : `${event?.type}`;
}

describe("a connection to a daemon", { skip: withoutLibvirtd() }, () => {
  test("events of all kinds come, to each registration its own", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri());
    const domain = await conn.lookupByName("test");
    const network = await conn.networkLookupByName("default");
    const pool = await conn.storagePoolLookupByName("default-pool");
    const ofDomain = domain.events({ types: ["lifecycle"] });
    const all = conn.events({ types: ["lifecycle"], kinds: ["domain"] });
    const ofNetwork = network.events({ types: ["networkLifecycle"] });
    const ofPool = pool.events({ types: ["storagePoolLifecycle"] });
    const classic: string[] = [];
    const id = await conn.domainEventRegisterAny(null, 0, (dom, { event }) => classic.push(`${dom.name()} ${event}`));
    await Promise.all([ofDomain.ready, all.ready, ofNetwork.ready, ofPool.ready]);
    const other = await conn.defineXML(domainXml("other"));
    await domain.suspend();
    await network.destroy();
    await pool.destroy();
    assert.equal(told((await ofDomain.next()).value), "test suspended");
    assert.equal(told((await all.next()).value), "other defined");
    assert.equal(told((await all.next()).value), "test suspended");
    assert.equal((await ofNetwork.next()).value?.type, "networkLifecycle");
    assert.equal((await ofPool.next()).value?.type, "storagePoolLifecycle");
    assert.deepEqual(classic, ["other 0", "test 3"]);
    await conn.domainEventDeregisterAny(id);
    await all.close();
    await domain.resume();
    await other.undefine();
    assert.equal(told((await ofDomain.next()).value), "test resumed");
    assert.equal(classic.length, 2);
  });

  test("a slow reader of events holds up no call", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri());
    const domain = await conn.lookupByName("test");
    const slow = domain.events({ types: ["lifecycle"], limit: 10 });
    await slow.ready;
    let count = 0;
    const all = new Promise<void>((resolve) => {
      domain.on("lifecycle", () => ++count === 100 && resolve());
    });
    for (let round = 0; round < 50; round++) {
      await domain.suspend();
      await domain.resume();
    }
    await all;
    const seen: string[] = [];
    for await (const event of slow) {
      seen.push(event.type === "gap" ? `gap ${event.missed}` : event.type);
      if (event.type === "gap") break;
    }
    assert.deepEqual(seen, [...Array(10).fill("lifecycle"), "gap 90"]);
  });

  test("many calls are under way at a time, and each can be given up", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri());
    const control = new AbortController();
    const calls = Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0 ? conn.getCapabilities() : conn.getCapabilities({ signal: control.signal }),
    );
    control.abort();
    const outcomes = await Promise.allSettled(calls);
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 2 === 0) assert.equal(outcome.status, "fulfilled");
      else assert.ok(outcome.status === "rejected" && isLibvirtError(outcome.reason, "OPERATION_ABORTED"));
    }
    await stopAnswering(daemon);
    await assert.rejects(conn.getHostname({ timeout: 20 }), (error) => isLibvirtError(error, "OPERATION_TIMEOUT"));
    process.kill(await daemon.pid(), "SIGCONT");
    assert.equal(await conn.getType(), "TEST");
  });

  test("when the daemon is killed, whatever waits fails at once, and the program is told", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri());
    const reasons: number[] = [];
    conn.registerCloseCallback((reason) => reasons.push(reason));
    const events = conn.events({ types: ["lifecycle"], kinds: ["domain"] });
    await events.ready;
    assert.equal(await conn.isAlive(), true);
    const pending = Promise.allSettled(Array.from({ length: 20 }, () => conn.getCapabilities()));
    await stopAnswering(daemon);
    const stuck = assert.rejects(conn.getHostname(), (error) =>
      isLibvirtError(error, "SYSTEM_ERROR", "INTERNAL_ERROR"),
    );
    await daemon.kill();
    await stuck;
    await pending;
    assert.deepEqual(reasons, [ConnectCloseReason.EOF]);
    assert.equal(await conn.isAlive(), false);
    await assert.rejects(
      conn.getType(),
      (error) => isLibvirtError(error, "INTERNAL_ERROR") && /client socket is closed/.test(error.message),
    );
  });

  test("a daemon that gives no sign of life is given up", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri());
    const closed = new Promise<number>((resolve) => conn.registerCloseCallback(resolve));
    await conn.setKeepAlive(1, 1);
    await stopAnswering(daemon);
    await assert.rejects(conn.getHostname(), /keepalive timeout/);
    assert.equal(await closed, ConnectCloseReason.KEEPALIVE);
    await assert.rejects(conn.setKeepAlive(-1, 1), (error) => isLibvirtError(error, "INVALID_ARG"));
  });

  test("a lost connection is made anew, with its events, and tells of the gap", async () => {
    const first = await Libvirtd.start();
    const told1: string[] = [];
    let restored: () => void = () => {};
    const back = new Promise<void>((resolve) => {
      restored = resolve;
    });
    const conn: Connection = await open(first.uri(), {
      reconnect: {
        firstDelay: 10,
        maxDelay: 100,
        onLost: (reason) => told1.push(`lost ${isLibvirtError(reason)}`),
        onRestored: () => {
          told1.push("restored");
          restored();
        },
      },
    });
    try {
      const closed: number[] = [];
      conn.registerCloseCallback((reason) => closed.push(reason));
      const events = conn.events({ types: ["lifecycle"], kinds: ["domain"] });
      const classic: string[] = [];
      const id = await conn.domainEventRegisterAny(null, 0, (dom, { event }) => classic.push(`${dom.name()} ${event}`));
      await events.ready;
      await (await conn.lookupByName("test")).suspend();
      assert.equal(told((await events.next()).value), "test suspended");
      await stopAnswering(first);
      const stuck = assert.rejects(conn.getHostname());
      await first.kill();
      await stuck;
      assert.equal(await conn.isAlive(), false);
      // What is asked while the connection is away waits for it, or until the caller gives up.
      await assert.rejects(conn.getType({ timeout: 20 }), (error) => isLibvirtError(error, "OPERATION_TIMEOUT"));
      const waiting = conn.getType();
      const second = await Libvirtd.start({ folder: first.folder });
      try {
        assert.equal(await waiting, "TEST");
        await back;
        assert.equal(told((await events.next()).value), "gap true");
        const domain = await conn.lookupByName("test");
        await domain.suspend();
        assert.equal(told((await events.next()).value), "test suspended");
        assert.deepEqual(classic, ["test 3", "test 3"]);
        const further = await conn.domainEventRegisterAny(null, 0, (_, { event }) => classic.push(`further ${event}`));
        await conn.domainEventDeregisterAny(id);
        await domain.resume();
        assert.equal(told((await events.next()).value), "test resumed");
        assert.deepEqual(classic, ["test 3", "test 3", "further 4"]);
        await conn.domainEventDeregisterAny(further);
        assert.equal(await conn.isAlive(), true);
        assert.deepEqual(told1, ["lost true", "restored"]);
        assert.deepEqual(closed, []);
      } finally {
        await second.stop();
      }
    } finally {
      await conn.close();
      await first.stop();
    }
  });

  test("a connection that cannot be made anew is given up at last", async () => {
    const daemon = await Libvirtd.start();
    const conn = await open(daemon.uri(), { reconnect: { firstDelay: 1, maxDelay: 1, attempts: 3 } });
    const closed = new Promise<number>((resolve) => conn.registerCloseCallback(resolve));
    await daemon.stop();
    assert.equal(await closed, ConnectCloseReason.EOF);
    await assert.rejects(conn.getType(), (error) => isLibvirtError(error, "INTERNAL_ERROR"));
    await conn.close();
  });

  test("who may only look is stopped on this side, and by the daemon", async () => {
    await using daemon = await Libvirtd.start();
    await using conn = await open(daemon.uri(), { readOnly: true });
    const domain = await conn.lookupByName("test");
    await assert.rejects(domain.suspend(), {
      message: "operation forbidden: read only access prevents virDomainSuspend",
    });
    await using behind = await open(`${daemon.uri()}-ro`);
    const other = await behind.lookupByName("test");
    await assert.rejects(other.suspend(), (error) => isLibvirtError(error, "OPERATION_DENIED", "ACCESS_DENIED"));
  });
});

/** Keeps the daemon from doing anything, without its connections ending. */
async function stopAnswering(daemon: Libvirtd): Promise<void> {
  process.kill(await daemon.pid(), "SIGSTOP");
}
