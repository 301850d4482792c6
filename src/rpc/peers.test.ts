import assert from "node:assert/strict";
import { closeSync, fstatSync, openSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { isLibvirtError, LibvirtError } from "../errors.ts";
import { DomainEventType, MessageStatus, MessageType, procedures } from "../protocol/index.ts";
import { Writer } from "../protocol/xdr/index.ts";
import { bytesOf, connected, errorOf, rawClient, rawServer, settled, toBytes } from "./peers.test.lib.ts";
import type { IncomingCall } from "./server.ts";

const uuid = new Uint8Array(16).fill(7);
const dom = { name: "x", uuid, id: 3 };
const getHostname = procedures.connectGetHostname.number;
const lookup = procedures.domainLookupByName.number;
const never = () => new Promise<never>(() => {});
const hostname = () => ({ hostname: "h" });

/** A dispatch whose calls wait until the test answers them. */
function waiting() {
  const calls: { readonly call: IncomingCall; readonly answer: (value: unknown) => void }[] = [];
  const dispatch = (call: IncomingCall) => new Promise((answer) => calls.push({ call, answer }));
  return { calls, dispatch };
}

test("a call brings its result, an error its fields", async () => {
  const { client } = connected(({ procedure, args }) => {
    assert.equal(procedure.name, "domainLookupByName");
    const { name } = args as { name: string };
    if (name === "none") throw new LibvirtError("NO_DOMAIN", "QEMU", "no domain", { int1: 5, dom });
    return { dom: { ...dom, name } };
  });
  assert.deepEqual(await client.call("domainLookupByName", { name: "y" }), { dom: { ...dom, name: "y" } });
  await assert.rejects(client.call("domainLookupByName", { name: "none" }), (error) => {
    assert.ok(isLibvirtError(error, "NO_DOMAIN"));
    assert.deepEqual([error.message, error.int1, error.dom], ["Domain not found: no domain", 5, dom]);
    return true;
  });
  await client.close();
});

test("answers find their calls in any order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
      const { calls, dispatch } = waiting();
      const { client } = connected(dispatch);
      const answers = order.map((index) => client.call("domainLookupByName", { name: `${index}` }));
      await settled();
      for (const index of order) calls[index]?.answer({ dom: { ...dom, name: `answer ${index}` } });
      const names = (await Promise.all(answers)).map((answer) => answer.dom.name);
      assert.deepEqual(
        names,
        [0, 1, 2, 3, 4].map((index) => `answer ${index}`),
      );
      await client.close();
    }),
    { numRuns: 20 },
  );
});

test("when the server goes, every pending call is rejected at once", async () => {
  const { client, server, closed, reasons } = connected(never);
  const calls = [1, 2].map(() => client.call("connectGetHostname", {}));
  await settled();
  server.close();
  const message = "End of file while reading data: Input/output error";
  for (const call of calls) await assert.rejects(call, { code: 38, domain: 7, message, int1: 5 });
  const over = { code: 1, domain: 7, message: "internal error: client socket is closed" };
  await assert.rejects(client.call("connectGetHostname", {}), over);
  assert.deepEqual([closed, reasons.length, client.closed], [[undefined], 1, true]);
});

test("when the client goes, its calls learn of it and answer nobody", async () => {
  const { calls, dispatch } = waiting();
  const { client, server, closed } = connected(dispatch);
  const call = client.call("connectGetHostname", {});
  await settled();
  const rejected = assert.rejects(call, { message: "internal error: client socket is closed" });
  await client.close();
  await rejected;
  await settled();
  assert.equal(calls[0]?.call.signal.aborted, true);
  calls[0]?.answer(hostname());
  await settled();
  assert.deepEqual([closed.length, server.closed], [1, true]);
  await client.close();
});

test("a caller who gives up leaves the connection usable, and the late answer is nobody's", async () => {
  const { calls, dispatch } = waiting();
  const { client } = connected(dispatch);
  const control = new AbortController();
  const call = client.call("connectGetHostname", {}, { signal: control.signal });
  await settled();
  control.abort(new Error("enough"));
  await assert.rejects(call, (error) => isLibvirtError(error, "OPERATION_ABORTED"));
  const late = client.call("connectGetHostname", {}, { timeout: 1 });
  await assert.rejects(late, (error) => isLibvirtError(error, "OPERATION_TIMEOUT"));
  await assert.rejects(client.call("connectGetHostname", {}, { signal: AbortSignal.abort() }), { code: 78 });
  await settled();
  assert.equal(calls.length, 2);
  for (const { answer } of calls) answer({ hostname: "late" });
  const next = client.call("connectGetHostname", {});
  await settled();
  calls[2]?.answer({ hostname: "own" });
  assert.deepEqual(await next, { hostname: "own" });
  await client.close();
});

test("arguments and results that do not encode are errors of that call alone", async () => {
  const list = [1, 2].map(() => ({ ...dom, uuid: new Uint8Array(3) }));
  const { client } = connected(({ procedure }) =>
    procedure.name === "connectListAllDomains" ? { domains: list, ret: 2 } : hostname(),
  );
  const [listed, host] = [
    client.call("connectListAllDomains", { needResults: 1, flags: 0 }),
    client.call("connectGetHostname", {}),
  ];
  await assert.rejects(listed, { code: 39, domain: 7, message: "Unable to encode message payload" });
  assert.deepEqual(await host, hostname());
  const unsent = client.call("domainLookupByName", { name: "a\0b" });
  await assert.rejects(unsent, { code: 39, domain: 7, message: /^Unable to encode message payload: .*name/ });
  assert.deepEqual(await client.call("connectGetHostname", {}), hostname());
  await client.close();
});

test("the checks of a message's header answer in libvirt's words", async () => {
  const { raw, server } = rawClient(hostname);
  const cases = [
    [{ prog: 0x12345678 }, "Cannot find program 305419896 version 1"],
    [{ prog: 0xf2345678 }, "Cannot find program -231451016 version 1"],
    [{ vers: 2 }, "Cannot find program 536903814 version 2"],
    [{ vers: 0xffffffff }, "Cannot find program 536903814 version -1"],
    [{ prog: 0x6b656570 }, "Cannot find program 1801807216 version 1"],
    [{ proc: 99_999 }, "unknown procedure: 99999"],
    [{ proc: -3 }, "unknown procedure: -3"],
    [{ proc: 99_999, status: 1 }, "Unexpected message status 1"],
    [{ proc: getHostname, status: -1 }, "Unexpected message status 4294967295"],
    [{ proc: lookup }, "Unable to decode message payload"],
    [{ proc: lookup, body: Buffer.from("\0\0\0\x05ab") }, "Unable to decode message payload"],
  ] as const;
  for (const [words, text] of cases) {
    const answer = await raw.call({ serial: 7, ...words });
    assert.equal(errorOf(answer), `39/7 ${text}`);
    const { prog, vers, proc } = { prog: 0x20008086, vers: 1, proc: 0, ...words };
    assert.deepEqual([answer?.prog, answer?.vers, answer?.proc, answer?.serial], [prog, vers, proc, 7]);
  }
  server.close();
});

test("what makes no sense from a client is dropped, and what follows a call's arguments is ignored", async () => {
  const { raw, server } = rawClient(hostname);
  for (const type of [1, 2, 3, 5, 6, 7, 0xffffffff]) {
    const body = type === 5 ? Buffer.alloc(4) : new Uint8Array();
    raw.send({ proc: getHostname, type, serial: 8, body });
  }
  const answer = await raw.call({ proc: getHostname, serial: 9, body: Buffer.from("trailing") });
  assert.deepEqual([answer?.serial, answer?.status], [9, MessageStatus.OK]);
  server.close();
});

test("a length that no message has ends the connection", async () => {
  for (const length of [0, 27, 33_554_437]) {
    const { raw, closed } = rawClient(hostname);
    const bytes = bytesOf({ proc: getHostname });
    bytes.writeUInt32BE(length, 0);
    raw.transport.send(bytes);
    assert.equal(await raw.next(), null);
    assert.equal(closed.length, 1);
  }
});

test("no bytes make a server or a client throw", async () => {
  const messages = fc.record({
    prog: fc.constantFrom(0x20008086, 0x20008087, 0x6b656570, 0),
    proc: fc.oneof(fc.integer({ min: -1, max: 460 }), fc.integer()),
    type: fc.oneof(fc.integer({ min: 0, max: 7 }), fc.integer()),
    serial: fc.nat(4),
    status: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer()),
    body: fc.uint8Array({ maxLength: 60 }),
  });
  const stream = (call: IncomingCall) => {
    if (call.stream !== undefined) call.stream.resume().end();
    return {};
  };
  await fc.assert(
    fc.asyncProperty(fc.array(messages, { maxLength: 20 }), async (sent) => {
      const toServer = rawClient(stream);
      toServer.raw.send(...sent);
      const toClient = rawServer();
      const opened = Promise.allSettled([
        toClient.client.call("storageVolDownload", {
          vol: { pool: "", name: "", key: "" },
          offset: 0n,
          length: 0n,
          flags: 0,
        }),
        toClient.client.call("connectGetHostname", {}),
      ]);
      toClient.raw.send(...sent);
      await settled();
      toServer.server.close();
      await toClient.client.close();
      await opened;
    }),
    { numRuns: 200 },
  );
});

test("events arrive between answers; those of a newer server and broken ones are left out", async () => {
  const { client, server, events } = connected(hostname);
  const message = { callbackID: 1, msg: { dom, event: DomainEventType.STARTED, detail: 0 } };
  server.emit("domainEventCallbackLifecycle", message);
  assert.deepEqual(await client.call("connectGetHostname", {}), hostname());
  assert.deepEqual(events, [["domainEventCallbackLifecycle", message]]);
  await client.close();
  server.emit("domainEventCallbackLifecycle", message);

  const { raw, client: other, events: seen } = rawServer();
  const type = MessageType.MESSAGE;
  raw.send({ proc: 99_999, type }, { proc: 318, type, body: Buffer.from("ab") }, { proc: 318, type, prog: 5 });
  await settled();
  assert.deepEqual([seen, other.closed], [[], false]);
  await other.close();
});

test("a client that does not read its events is dropped", async () => {
  const { raw, server, closed } = rawClient(hostname, { limits: { maxRequests: 5, maxBacklog: 100_000 } });
  raw.transport.pause();
  const message = { callbackID: 1, msg: { dom, event: DomainEventType.STARTED, detail: 0 } };
  for (let sent = 0; sent < 10_000 && !server.closed; sent++) {
    server.emit("domainEventCallbackLifecycle", message);
    if (sent % 100 === 0) await settled();
  }
  assert.equal(server.closed, true);
  assert.match(closed[0]?.message ?? "", /does not read/);
});

test("calls above the limit wait; signs of life are answered meanwhile", async () => {
  const { calls, dispatch } = waiting();
  const { raw, server } = rawClient(dispatch, { limits: { maxRequests: 2 } });
  for (let serial = 0; serial < 6; serial++) raw.send({ proc: getHostname, serial });
  raw.send({ prog: 0x6b656570, proc: 1, type: MessageType.MESSAGE });
  const pong = await raw.next();
  assert.deepEqual([pong?.prog, pong?.proc, pong?.type], [0x6b656570, 2, MessageType.MESSAGE]);
  assert.deepEqual([calls.length, server.running], [2, 2]);
  calls[1]?.answer(hostname());
  assert.equal((await raw.next())?.serial, 1);
  assert.equal(calls.length, 3);
  server.maxRequests = 4;
  assert.equal(calls.length, 5);
  for (const { answer } of calls) answer(hostname());
  await settled();
  for (const { answer } of calls) answer(hostname());
  const serials = [];
  for (let count = 0; count < 5; count++) serials.push((await raw.next())?.serial);
  assert.deepEqual(serials.sort(), [0, 2, 3, 4, 5]);
  server.close();
});

test("nothing more is read when too much waits, and it goes on afterwards", async () => {
  const { calls, dispatch } = waiting();
  const { raw, server } = rawClient(dispatch, { limits: { maxRequests: 1 } });
  const count = 20_000;
  const all = Array.from({ length: count }, (_, serial) => ({ proc: getHostname, serial }));
  for (let at = 0; at < count; at += 100) raw.send(...all.slice(at, at + 100));
  await settled();
  assert.equal(calls.length, 1);
  // What was not read is still on its way.
  assert.ok(raw.transport.pending > 400_000, `${raw.transport.pending} bytes wait`);
  let [answered, received] = [0, 0];
  while (received < count) {
    while (answered < calls.length) calls[answered++]?.answer(hostname());
    assert.equal((await raw.next())?.serial, received++);
  }
  server.close();
});

test("a client that does not read its answers is not served any further", async () => {
  let served = 0;
  const name = "n".repeat(10_000);
  const { raw, server } = rawClient(() => {
    served++;
    return { hostname: name };
  });
  raw.transport.pause();
  for (let serial = 0; serial < 1000; serial++) raw.send({ proc: getHostname, serial });
  await settled();
  assert.ok(served < 100, `${served} calls were answered`);
  raw.transport.resume();
  for (let serial = 0; serial < 1000; serial++) assert.equal((await raw.next())?.serial, serial);
  server.close();
});

test("who may not call a procedure is told so before his arguments are looked at", async () => {
  const { raw, server } = rawClient(hostname, {
    admit: () => {
      throw new LibvirtError("RPC", "RPC", "authentication required");
    },
  });
  assert.equal(errorOf(await raw.call({ proc: lookup })), "39/7 authentication required");
  assert.equal(errorOf(await raw.call({ proc: 99_999 })), "39/7 unknown procedure: 99999");
  server.close();
});

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

test("open files go along with calls and answers, and each end closes its own", async () => {
  const seen: number[] = [];
  const { client } = connected(({ descriptors }) => {
    assert.ok(descriptors);
    seen.push(...descriptors.given);
    descriptors.reply.push(openSync("/dev/zero", "r"), openSync("/dev/null", "r"));
    seen.push(...descriptors.reply);
    return { result: "{}" };
  });
  const given = openSync("/dev/null", "r");
  const descriptors = { given: [given], reply: [] as number[] };
  const command = { dom, cmd: "c", flags: 0 };
  assert.deepEqual(await client.call("qemuDomainMonitorCommandWithFiles", command, { descriptors }), { result: "{}" });
  assert.deepEqual([seen.length, seen.some(isOpen)], [3, false]);
  assert.ok(isOpen(given));
  assert.equal(descriptors.reply.length, 2);
  assert.notEqual(fstatSync(descriptors.reply[0] ?? -1).rdev, fstatSync(given).rdev);
  assert.equal(fstatSync(descriptors.reply[1] ?? -1).rdev, fstatSync(given).rdev);
  for (const descriptor of [given, ...descriptors.reply]) closeSync(descriptor);
  await client.close();
});

test("a client takes answers it does not understand as errors of their calls", async () => {
  const { raw, client, reasons } = rawServer();
  const type = MessageType.REPLY;
  const call = client.call("connectGetHostname", {});
  const sent = await raw.next();
  raw.send({ proc: 59, type, serial: 77 }, { proc: 59, type, serial: sent?.serial ?? 0, body: Buffer.from("ab") });
  await assert.rejects(call, { code: 39, domain: 7 });
  const garbage = client.call("connectGetHostname", {});
  raw.transport.send(Buffer.from("this is no message at all"));
  await assert.rejects(garbage, { code: 39, domain: 7, message: /the server sent a message of 1952999795 bytes/ });
  assert.equal(reasons.length, 1);
});

test("serial numbers count up from 0, as the C client's do", async () => {
  const { raw, client } = rawServer();
  const first = client.call("connectGetHostname", {});
  assert.equal((await raw.next())?.serial, 0);
  const reply = (serial: number) => {
    const writer = new Writer();
    writer.raw(toBytes(procedures.connectGetHostname.result, hostname()));
    raw.send({ proc: 59, type: MessageType.REPLY, serial, body: writer.take() });
  };
  for (let serial = 1; serial < 4; serial++) {
    const call = client.call("connectGetHostname", {});
    assert.equal((await raw.next())?.serial, serial);
    reply(serial);
    assert.deepEqual(await call, hostname());
  }
  reply(0);
  assert.deepEqual(await first, hostname());
  await client.close();
});
