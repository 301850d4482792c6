import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  ConnectCloseReason,
  type Connection,
  DomainEventID,
  DomainEventType,
  type EventGap,
  isLibvirtError,
  type LibvirtEvent,
  NetworkEventID,
  NetworkEventLifecycleType,
  open,
  registerDriver,
  silenceErrors,
} from "../index.ts";

silenceErrors();

async function opened(t: TestContext): Promise<Connection> {
  const conn = await open("test:///default");
  t.after(() => conn.close());
  return conn;
}

const domainXml = (name: string) =>
  `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;

/** The next events, in words. */
async function take(stream: AsyncIterator<LibvirtEvent | EventGap, undefined>, count: number): Promise<string[]> {
  const words: string[] = [];
  for (let taken = 0; taken < count; taken++) {
    const { value } = await stream.next();
    words.push(value ? wordsOf(value) : "end");
  }
  return words;
}

function wordsOf(event: LibvirtEvent | EventGap): string {
  switch (event.type) {
    case "lifecycle":
      return `${event.domain.name()} ${event.event} ${event.detail}`;
    case "networkLifecycle":
      return `${event.network.name()} ${event.event}`;
    case "storagePoolLifecycle":
      return `${event.pool.name()} ${event.event}`;
    case "secretLifecycle":
      return `${event.secret.usageId()} ${event.event}`;
    case "gap":
      return `${event.missed} missing`;
    default:
      return event.type;
  }
}

test("a stream has the events from the moment on when it was made", async (t) => {
  const conn = await opened(t);
  const events = conn.events();
  const domain = await conn.lookupByName("test");
  await domain.suspend();
  await domain.resume();
  await domain.destroy();
  await domain.create();
  assert.deepEqual(await take(events, 4), [
    "test suspended paused",
    "test resumed unpaused",
    "test stopped destroyed",
    "test started booted",
  ]);
});

test("the events of an object are its own", async (t) => {
  const conn = await opened(t);
  const one = await conn.createXML(domainXml("one"));
  const other = await conn.createXML(domainXml("other"));
  const events = other.events({ types: ["lifecycle"] });
  await one.suspend();
  await other.suspend();
  await one.destroy();
  await other.destroy();
  assert.deepEqual(await take(events, 2), ["other suspended paused", "other stopped destroyed"]);
});

test("events of networks, pools and secrets", async (t) => {
  const conn = await opened(t);
  const events = conn.events({ kinds: ["network", "storagePool", "secret"] });
  await (await conn.lookupByName("test")).suspend();
  await (await conn.networkLookupByName("default")).destroy();
  await (await conn.storagePoolLookupByName("default-pool")).destroy();
  const secret = await conn.secretDefineXML("<secret><usage type='volume'><volume>/v</volume></usage></secret>");
  await secret.undefine();
  assert.deepEqual(await take(events, 4), ["default stopped", "default-pool stopped", "/v defined", "/v undefined"]);
});

test("an event's type tells what else there is", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const events = domain.events({ types: ["balloonChange", "metadataChange", "deviceRemoved"] });
  await domain.setMetadata(1, "A title");
  for await (const event of events) {
    assert.ok(event.type === "metadataChange");
    assert.equal(event.kind, "domain");
    assert.equal(event.metadata, "title");
    assert.equal(event.nsuri, null);
    break;
  }
  assert.deepEqual(await events.next(), { done: true, value: undefined });
});

test("a reader that is too slow is told how much it missed", async (t) => {
  const conn = await opened(t);
  const events = conn.events({ types: ["lifecycle"], limit: 3 });
  const domain = await conn.lookupByName("test");
  for (let round = 0; round < 4; round++) {
    await domain.suspend();
    await domain.resume();
  }
  assert.deepEqual(await take(events, 4), [
    "test suspended paused",
    "test resumed unpaused",
    "test suspended paused",
    "5 missing",
  ]);
  await domain.suspend();
  assert.deepEqual(await take(events, 1), ["test suspended paused"]);
});

test("closing the connection ends whoever waits, after what came before", async (t) => {
  const conn = await opened(t);
  const [idle, busy] = [conn.events(), conn.events({ types: ["lifecycle"] })];
  const waiting = idle.next();
  await (await conn.lookupByName("test")).suspend();
  assert.equal((await waiting).done, false);
  const waitingAgain = idle.next();
  await conn.close();
  assert.deepEqual(await waitingAgain, { done: true, value: undefined });
  assert.deepEqual(await take(busy, 2), ["test suspended paused", "end"]);
});

test("leaving the loop, closing and disposing end the registrations", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  // A connection may hold 1024 registrations: what is not given back would soon be refused.
  for (let round = 0; round < 60; round++) {
    const events = conn.events();
    await domain.suspend();
    await domain.resume();
    for await (const _ of events) break;
    await conn.events().close();
    await using _disposed = conn.events();
  }
});

test("a signal ends the iteration", async (t) => {
  const conn = await opened(t);
  const control = new AbortController();
  const events = conn.events({ signal: control.signal });
  const waiting = events.next();
  control.abort();
  await assert.rejects(waiting, (error) => isLibvirtError(error, "OPERATION_ABORTED"));
  assert.equal((await events.next()).done, true);
  const never = conn.events({ signal: AbortSignal.abort() });
  await assert.rejects(never.next(), (error) => isLibvirtError(error, "OPERATION_ABORTED"));
});

test("events that the driver does not have are refused when they are named", async (t) => {
  const conn = await opened(t);
  const events = conn.events({ types: ["qemuMonitor"] });
  await assert.rejects(events.ready, (error) => isLibvirtError(error, "NO_SUPPORT"));
  await assert.rejects(events.next(), (error) => isLibvirtError(error, "NO_SUPPORT"));
  assert.equal((await events.next()).done, true);
  const listener = conn.on("qemuMonitor", () => {});
  await assert.rejects(listener.ready, (error) => isLibvirtError(error, "NO_SUPPORT"));
  await listener.close();
});

test("events that there are not are refused", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  for (const types of [["nosuch"], ["networkLifecycle"], []] as unknown as ["lifecycle"][]) {
    await assert.rejects(domain.events({ types }).next(), (error) => isLibvirtError(error, "INVALID_ARG"));
  }
});

test("a listener hears one type of event until it is closed", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const heard: string[] = [];
  const listener = conn.on("lifecycle", ({ event, detail }) => heard.push(`${event} ${detail}`));
  await domain.suspend();
  await listener.close();
  await domain.resume();
  assert.deepEqual(heard, ["suspended paused"]);
  const network = await conn.networkLookupByName("default");
  await using own = network.on("networkLifecycle", ({ event }) => heard.push(event));
  await own.ready;
  await network.destroy();
  assert.equal(heard.at(-1), "stopped");
});

test("a listener that fails keeps nobody from the event", async (t) => {
  const conn = await opened(t);
  const faults: unknown[] = [];
  t.mock.method(globalThis, "queueMicrotask", (run: () => void) => {
    try {
      run();
    } catch (fault) {
      faults.push(fault);
    }
  });
  const heard: string[] = [];
  conn.on("lifecycle", () => {
    throw new Error("mine");
  });
  conn.on("lifecycle", ({ event }) => heard.push(event));
  await (await conn.lookupByName("test")).suspend();
  assert.deepEqual(heard, ["suspended"]);
  assert.equal((faults[0] as Error).message, "mine");
});

test("the classic way: callbacks by number, and numbers for what happened", async (t) => {
  const conn = await opened(t);
  const domain = await conn.lookupByName("test");
  const heard: unknown[] = [];
  const any = await conn.domainEventRegisterAny(null, DomainEventID.LIFECYCLE, (subject, { event, detail }) =>
    heard.push([subject.name(), event, detail]),
  );
  const own = await conn.domainEventRegisterAny(domain, DomainEventID.METADATA_CHANGE, (_, { type, nsuri }) =>
    heard.push([type, nsuri]),
  );
  const network = await conn.networkEventRegisterAny(null, NetworkEventID.LIFECYCLE, (subject, { event }) =>
    heard.push([subject.bridgeName !== undefined, event]),
  );
  const lifecycle = (_: unknown, event: number, detail: number) => void heard.push(["plain", event, detail]);
  await conn.domainEventRegister(lifecycle);
  await assert.rejects(conn.domainEventRegister(lifecycle), (error) => isLibvirtError(error, "INVALID_ARG"));
  await domain.suspend();
  await domain.setMetadata(0, "what it is");
  await (await conn.networkLookupByName("default")).destroy();
  await conn.domainEventDeregister(lifecycle);
  await conn.domainEventDeregisterAny(any);
  await conn.domainEventDeregisterAny(own);
  await conn.networkEventDeregisterAny(network);
  await domain.resume();
  assert.deepEqual(heard, [
    ["test", DomainEventType.SUSPENDED, 0],
    ["plain", DomainEventType.SUSPENDED, 0],
    [0, null],
    [true, NetworkEventLifecycleType.STOPPED],
  ]);
  await assert.rejects(conn.domainEventDeregisterAny(any), (error) => isLibvirtError(error, "INVALID_ARG"));
  await assert.rejects(conn.domainEventDeregister(lifecycle), (error) => isLibvirtError(error, "INVALID_ARG"));
});

test("events that come before the driver has said which registration they are for are not lost", async () => {
  const dom = { name: "d", uuid: new Uint8Array(16), id: 1 };
  registerDriver({
    name: "eager",
    accepts: (uri) => uri.driver === "eager",
    open: (session) => ({
      async connectDomainEventCallbackRegisterAny() {
        const emit = (callbackID: number, event: number) =>
          session.emit("domainEventCallbackLifecycle", { callbackID, msg: { dom, event, detail: 0 } });
        emit(5, DomainEventType.STARTED);
        // Of a registration that is not known here.
        emit(6, DomainEventType.STARTED);
        await new Promise(setImmediate);
        emit(5, 99);
        return { callbackID: 5 };
      },
    }),
  });
  await using conn = await open("eager:///");
  assert.deepEqual(await take(conn.events({ types: ["lifecycle"] }), 2), [
    "d started booted",
    "d unknown-99 unknown-0",
  ]);
});

test("a lost connection is no longer alive, and says so", async () => {
  let lose: () => void = () => {};
  registerDriver({
    name: "lost",
    accepts: (uri) => uri.driver === "lost",
    open: (session) => {
      lose = () => session.emit("connectEventConnectionClosed", { reason: ConnectCloseReason.KEEPALIVE });
      return {};
    },
  });
  await using conn = await open("lost:///");
  const heard: number[] = [];
  conn.registerCloseCallback((reason) => heard.push(reason));
  assert.equal(await conn.isAlive(), true);
  lose();
  assert.equal(await conn.isAlive(), false);
  assert.deepEqual(heard, [ConnectCloseReason.KEEPALIVE]);
});
