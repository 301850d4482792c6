import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import type { ArgsOf, ProcedureName } from "../../protocol/index.ts";
import { deregistering, endOf, Registrations, registering } from "./registrations.ts";

const name = "connectDomainEventCallbackRegisterAny";
const end = "connectDomainEventCallbackDeregisterAny";
const event = "domainEventCallbackLifecycle";
const argsFor = (eventID: number): ArgsOf<ProcedureName> => ({ eventID, dom: null });

/** A daemon that counts registrations from some number on, and takes each once. */
function daemon(first: number) {
  const held = new Map<number, string>();
  let next = first;
  return {
    held,
    register: async (_: ProcedureName, args: unknown) => {
      const key = JSON.stringify(args);
      assert.ok(![...held.values()].includes(key), "already tracked");
      held.set(next, key);
      return next++;
    },
    deregister: async (_: ProcedureName, id: number) => assert.ok(held.delete(id)),
  };
}

test("every registering procedure has its counterpart", () => {
  assert.equal(registering.size, 6);
  for (const one of registering) assert.ok(deregistering.has(endOf(one)), one);
});

test("who wants the same shares one registration, and each hears its events under its own number", async () => {
  const heard: unknown[] = [];
  const { register, deregister, held } = daemon(7);
  const registrations = new Registrations((_, message) => heard.push((message as { callbackID: number }).callbackID));
  const [one, two] = await Promise.all([
    registrations.add(name, argsFor(0), register),
    registrations.add(name, argsFor(0), register),
  ]);
  const three = await registrations.add(name, argsFor(1), register);
  assert.deepEqual([one, two, three, held.size], [0, 1, 2, 2]);
  registrations.deliver(event, { callbackID: 7 });
  registrations.deliver(event, { callbackID: 8 });
  registrations.deliver(event, { callbackID: 9 });
  assert.deepEqual(heard.splice(0), [0, 1, 2]);
  await registrations.remove(end, 0, deregister);
  assert.equal(held.size, 2);
  registrations.deliver(event, { callbackID: 7 });
  assert.deepEqual(heard.splice(0), [1]);
  // While the last one leaves, the next one waits: the daemon takes it only then.
  const [, four] = await Promise.all([
    registrations.remove(end, 1, deregister),
    registrations.add(name, argsFor(0), register),
  ]);
  registrations.deliver(event, { callbackID: 9 });
  assert.deepEqual(heard.splice(0), [four]);
  await assert.rejects(registrations.remove(end, 1, deregister), (error) => isLibvirtError(error, "INVALID_ARG"));
});

test("an event that comes before the answer with its number is not lost", async () => {
  const heard: unknown[] = [];
  const registrations = new Registrations((_, message) => heard.push(message));
  const id = await registrations.add(name, argsFor(0), async () => {
    registrations.deliver(event, { callbackID: 3, event: 1 });
    registrations.deliver(event, { callbackID: 4, event: 2 });
    return 3;
  });
  assert.deepEqual(heard, [{ callbackID: id, event: 1 }]);
});

test("a refused registration leaves nothing behind", async () => {
  const registrations = new Registrations(() => {});
  const refused = () => Promise.reject(new Error("no"));
  await assert.rejects(registrations.add(name, argsFor(0), refused), /no/);
  assert.equal(await registrations.add(name, argsFor(0), daemon(0).register), 1);
});

test("on a new connection all are made again, and keep their numbers", async () => {
  const heard: unknown[] = [];
  const registrations = new Registrations((_, message) => heard.push((message as { callbackID: number }).callbackID));
  const before = daemon(0);
  const first = await registrations.add(name, argsFor(0), before.register);
  const second = await registrations.add(name, argsFor(1), before.register);
  const later = daemon(100);
  // This one is asked for while there is no connection, and waits for it by itself.
  let connected: () => void = () => {};
  const connection = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const waiting = registrations.add(name, argsFor(2), async (...args) => {
    await connection;
    return later.register(...args);
  });
  await registrations.restore(later.register);
  connected();
  const third = await waiting;
  assert.deepEqual([...later.held.keys()], [100, 101, 102]);
  for (const callbackID of [102, 101, 100, 0]) registrations.deliver(event, { callbackID });
  assert.deepEqual(heard, [third, second, first]);
  await registrations.remove(end, first, later.deregister);
  assert.deepEqual([...later.held.keys()], [101, 102]);
});
