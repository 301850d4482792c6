import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { isLibvirtError } from "../errors.ts";
import { DomainXMLFlags, type EventName } from "../protocol/index.ts";
import { domainEventHandlers, EventHub, eventMessage, eventPayload } from "./events.ts";
import type { Driver } from "./handler.ts";
import { Router } from "./router.ts";
import { type EventSink, Session } from "./session.ts";
import { parseConnectionUri } from "./uri.ts";

const dom = { name: "a", uuid: new Uint8Array(16).fill(1), id: 3 };
const other = { name: "b", uuid: new Uint8Array(16).fill(2), id: 4 };

function router(driver: Driver, options: { readOnly?: boolean; sink?: EventSink } = {}): Router {
  const uri = parseConnectionUri("demo:///");
  return new Router(
    new Session({ uri, readOnly: options.readOnly ?? false, sink: options.sink ?? (() => {}) }),
    driver,
  );
}

test("a call reaches its handler, plainly when the handler answers plainly", () => {
  const connection = router({ domainLookupByName: ({ name }) => ({ dom: { ...dom, name } }) });
  assert.deepEqual(connection.call("domainLookupByName", { name: "x" }), { dom: { ...dom, name: "x" } });
});

test("any number of calls may be waiting at a time", async () => {
  const warnings: string[] = [];
  const listen = ({ message }: Error) => warnings.push(message);
  process.on("warning", listen);
  const connection = router({
    async domainGetInfo(_, { signal }) {
      const aborted = () => {};
      signal.addEventListener("abort", aborted);
      await setImmediate();
      signal.removeEventListener("abort", aborted);
      return { state: 1, maxMem: 1n, memory: 1n, nrVirtCpu: 1, cpuTime: 0n };
    },
  });
  await Promise.all(Array.from({ length: 50 }, () => connection.call("domainGetInfo", { dom })));
  await setImmediate();
  process.off("warning", listen);
  assert.deepEqual(warnings, []);
});

test("a procedure without a handler is error 3, with libvirt's function named", () => {
  assert.throws(
    () => router({}).call("domainCreate", { dom }),
    (error) =>
      isLibvirtError(error, "NO_SUPPORT") && error.domainName === "DOMAIN" && /virDomainCreate$/.test(error.message),
  );
});

test("names that every object has are not handlers", () => {
  assert.throws(() => router({}).call("toString" as never, {} as never));
});

test("a read-only connection is refused what changes things, in libvirt's words", () => {
  const connection = router(
    { domainDestroy: () => {}, domainGetState: () => ({ state: 1, reason: 1 }) },
    { readOnly: true },
  );
  assert.throws(() => connection.call("domainDestroy", { dom }), {
    code: 29,
    domain: 20,
    message: "operation forbidden: read only access prevents virDomainDestroy",
  });
  assert.deepEqual(connection.call("domainGetState", { dom, flags: 0 }), { state: 1, reason: 1 });
});

test("a read-only rule may hang on an argument", () => {
  const connection = router({ domainGetVcpusFlags: () => ({ num: 1 }) }, { readOnly: true });
  assert.deepEqual(connection.call("domainGetVcpusFlags", { dom, flags: 1 }), { num: 1 });
  assert.throws(() => connection.call("domainGetVcpusFlags", { dom, flags: 8 }), { code: 29 });
});

test("a read-only connection sees no passwords", () => {
  const driver: Driver = {
    domainGetXmlDesc: () => ({ xml: "<domain/>" }),
    domainSnapshotGetXmlDesc: () => ({ xml: "<domainsnapshot/>" }),
    domainManagedSaveGetXmlDesc: () => ({ xml: "<domain/>" }),
    domainCheckpointGetXmlDesc: () => ({ xml: "<domaincheckpoint/>" }),
    secretGetValue: () => ({ value: new Uint8Array() }),
  };
  const connection = router(driver, { readOnly: true });
  assert.deepEqual(connection.call("domainGetXmlDesc", { dom, flags: DomainXMLFlags.INACTIVE }), { xml: "<domain/>" });
  const { SECURE, MIGRATABLE } = DomainXMLFlags;
  for (const flags of [SECURE, MIGRATABLE, SECURE | DomainXMLFlags.INACTIVE]) {
    assert.throws(() => connection.call("domainGetXmlDesc", { dom, flags }), {
      code: 29,
      message: "operation forbidden: virDomainGetXMLDesc with secure flag",
    });
  }
  const moment = { name: "m", dom };
  const secret = { uuid: dom.uuid, usageType: 0, usageID: "" };
  assert.throws(() => connection.call("domainSnapshotGetXmlDesc", { snap: moment, flags: 1 }), { code: 29 });
  assert.throws(() => connection.call("domainManagedSaveGetXmlDesc", { dom, flags: 1 }), { code: 29 });
  assert.throws(() => connection.call("domainCheckpointGetXmlDesc", { checkpoint: moment, flags: 1 }), { code: 29 });
  assert.throws(() => connection.call("secretGetValue", { secret, flags: 0 }), { code: 29 });
  const writable = router(driver);
  assert.deepEqual(writable.call("domainGetXmlDesc", { dom, flags: SECURE }), { xml: "<domain/>" });
});

test("a caller may give up by signal or by time, and the handler learns of it", async () => {
  const seen: AbortSignal[] = [];
  const connection = router({
    domainCreate: (_, call) => {
      seen.push(call.signal);
      return new Promise<void>(() => {});
    },
  });
  await assert.rejects(async () => connection.call("domainCreate", { dom }, { timeout: 5 }), { code: 68 });
  const control = new AbortController();
  const call = connection.call("domainCreate", { dom }, { signal: control.signal });
  control.abort();
  await assert.rejects(async () => call, { code: 78 });
  assert.deepEqual(
    seen.map((signal) => signal.aborted),
    [true, true],
  );
  await assert.rejects(async () => connection.call("domainCreate", { dom }, { signal: AbortSignal.abort() }), {
    code: 78,
  });
  assert.equal(seen.length, 2, "a call given up before it began reached the handler");
});

test("a closed connection answers nothing and has undone what it held", async () => {
  const connection = router({ domainCreate: () => {} });
  const undone: string[] = [];
  connection.session.onClose(() => void undone.push("first"));
  connection.session.onClose(async () => void undone.push("second"));
  const forget = connection.session.onClose(() => void undone.push("forgotten"));
  forget();
  await connection.close();
  await connection.close();
  assert.deepEqual(undone, ["second", "first"]);
  assert.throws(
    () => connection.call("domainCreate", { dom }),
    (error) => isLibvirtError(error, "INVALID_CONN"),
  );
});

test("calls can be traced", async () => {
  const channel = tracingChannel("tsvirt:call");
  const names: unknown[] = [];
  const subscriber = { start: (message: unknown) => names.push((message as { procedure: string }).procedure) };
  channel.start.subscribe(subscriber.start);
  try {
    await router({ domainCreate: () => {} }).call("domainCreate", { dom });
  } finally {
    channel.start.unsubscribe(subscriber.start);
  }
  assert.deepEqual(names, ["domainCreate"]);
});

test("events reach those who registered, for the object they named, until they leave", async () => {
  const hub = new EventHub();
  const got: [EventName, unknown][] = [];
  const connection = router(domainEventHandlers(hub), { sink: (name, message) => void got.push([name, message]) });
  const all = await connection.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null });
  const one = await connection.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: other });
  hub.emit("domainEventCallbackLifecycle", { dom, event: 2, detail: 0 });
  hub.emit("domainEventCallbackReboot", { dom });
  assert.deepEqual(got, [
    ["domainEventCallbackLifecycle", { callbackID: all.callbackID, msg: { dom, event: 2, detail: 0 } }],
  ]);
  hub.emit("domainEventCallbackLifecycle", { dom: other, event: 5, detail: 1 });
  assert.equal(got.length, 3);
  await connection.call("connectDomainEventCallbackDeregisterAny", { callbackID: all.callbackID });
  await connection.close();
  hub.emit("domainEventCallbackLifecycle", { dom: other, event: 5, detail: 1 });
  assert.equal(got.length, 3);
  assert.notEqual(all.callbackID, one.callbackID);
});

test("a registration belongs to the session that made it", async () => {
  const hub = new EventHub();
  const mine = router(domainEventHandlers(hub));
  const yours = router(domainEventHandlers(hub));
  const { callbackID } = await mine.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null });
  assert.throws(() => yours.call("connectDomainEventCallbackDeregisterAny", { callbackID }), { code: 8 });
  assert.throws(() => mine.call("connectDomainEventCallbackRegisterAny", { eventID: 999, dom: null }), { code: 8 });
});

test("a payload is the same whether the wire nests it or not", () => {
  const cases = [
    ["domainEventCallbackPmsuspend", { dom, reason: 1 }, { callbackID: 7, reason: 1, msg: { dom } }],
    [
      "domainEventCallbackIoErrorReason",
      { dom, srcPath: "/a", devAlias: "vda", action: 1, reason: "enospc" },
      { callbackID: 7, msg: { dom, srcPath: "/a", devAlias: "vda", action: 1, reason: "enospc" } },
    ],
    ["domainEventCallbackDeviceAdded", { dom, devAlias: "net0" }, { callbackID: 7, dom, devAlias: "net0" }],
  ] as const;
  for (const [name, payload, message] of cases) {
    assert.deepEqual(eventMessage(name, 7, payload as never), message);
    assert.deepEqual(eventPayload(name, message as never), payload);
  }
});
