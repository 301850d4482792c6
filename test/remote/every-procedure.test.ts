/**
 * Every procedure of libvirt 9.0, called through our client on the real libvirtd: the bytes that we send, and the answer or
 * the error that comes of it, are those of libvirt's own client for the same call.
 *
 * libvirt's client goes first, through a recorder; then our client makes the recorded calls on a daemon in the same state.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { connect as netConnect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import "../../src/api/drivers.ts";
import { connect, type Router } from "../../src/driver/router.ts";
import { asLibvirtError, isLibvirtError, type LibvirtError } from "../../src/errors.ts";
import {
  type AnyProcedure,
  type ArgsOf,
  type ProcedureName,
  procedureByNumber,
  procedures,
  remoteError,
} from "../../src/protocol/index.ts";
import { decode, Reader, type Type } from "../../src/protocol/xdr/index.ts";
import { duplexTransport, RpcClient, streamPair } from "../../src/rpc/index.ts";
import { isChanging, isList, unreachable, withoutMoments } from "./every-procedure.ts";
import { Libvirtd, python, scripts, withoutPython } from "./libvirtd.ts";
import { type Recorded, Recorder } from "./recorder.ts";

type Kind = "test" | "qemu";

/** What libvirt's client did for one function. */
interface Called {
  readonly cFunction: string;
  readonly calls: readonly Recorded[];
  /** The error as Python sees it: code, domain, message, level, str1, str2, str3, int1, int2. */
  readonly error: readonly unknown[] | null;
}

/** What a client does to open, and asks on its own account. */
const ownAffairs: ReadonlySet<string> = new Set(["authList", "connectOpen", "connectClose", "connectSupportsFeature"]);

const paths: { readonly [K in Kind]: string } = { test: "/default", qemu: "/system" };

/** Lets libvirt's client call every function. */
async function record(kind: Kind, daemon: Libvirtd): Promise<Called[]> {
  const recorder = await Recorder.start(join(daemon.folder, "theirs"), daemon.socket);
  const uri = `${kind}+unix://${paths[kind]}?socket=${recorder.path}`;
  const child = spawn(python, [join(scripts, "every.py"), uri, kind], { stdio: ["pipe", "pipe", "inherit"] });
  const all: Called[] = [];
  // What a function needs before it is called is made by calls too; they belong to it, for the order matters.
  let first = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { readonly end?: string; readonly error?: readonly unknown[] | null };
    if (told.end !== undefined) {
      const calls = recorder.calls.slice(first).filter(({ answer }) => answer !== null);
      all.push({ cFunction: told.end, calls, error: told.error ?? null });
      first = recorder.calls.length;
    }
    child.stdin.write("\n");
  }
  await recorder.stop();
  assert.equal(
    all.at(-1)?.cFunction,
    "virConnectClose",
    `${child.signalCode ?? child.exitCode} ends it after ${all.length}`,
  );
  return all;
}

function procedureOf({ program, procedure }: Recorded): AnyProcedure {
  const found = procedureByNumber(program, procedure);
  assert.ok(found, `procedure ${procedure} of program ${program}`);
  return found;
}

function read<T>(type: Type<T>, bytes: Buffer): T {
  return decode(type, new Reader(bytes, 0, bytes.length));
}

/** What our client is given: the flag for strings among typed parameters it must set by itself. */
function givenArgs(procedure: AnyProcedure, bytes: Buffer): Record<string, unknown> {
  const args = { ...(read(procedure.args, bytes) as Record<string, unknown>) };
  const asksForParameters =
    "shape" in procedure.result && /params|Stats$/.test(JSON.stringify(fieldsOf(procedure.result)));
  if (asksForParameters && typeof args.flags === "number") args.flags &= ~4;
  return args;
}

function fieldsOf({ shape }: Type): readonly string[] {
  return shape.kind === "struct" ? Object.keys(shape.fields) : [];
}

interface Outcome {
  readonly result?: unknown;
  readonly error?: LibvirtError;
}

async function callOurs(router: Router, name: ProcedureName, args: unknown): Promise<Outcome> {
  const isStream = (procedures[name] as AnyProcedure).stream !== null;
  const [own, far] = streamPair();
  try {
    const result = await router.call(name, args as ArgsOf<ProcedureName>, isStream ? { stream: far } : {});
    return { result };
  } catch (error) {
    return { error: asLibvirtError(error) };
  } finally {
    own.destroy(isStream ? new Error("not wanted") : undefined);
  }
}

/** What differs between two results, as paths of fields; those that change by themselves are left out. */
function differences(procedure: string, ours: unknown, theirs: unknown, path = ""): string[] {
  if (isDeepStrictEqual(ours, theirs) || path === "callbackID" || isChanging(procedure, path)) return [];
  if (typeof ours === "string" && typeof theirs === "string" && withoutMoments(ours) === withoutMoments(theirs))
    return [];
  if (typeof ours === "object" && ours !== null && typeof theirs === "object" && theirs !== null) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    const inner = [...keys].flatMap((key) =>
      differences(
        procedure,
        (ours as Record<string, unknown>)[key],
        (theirs as Record<string, unknown>)[key],
        path === "" ? key : `${path}.${key}`,
      ),
    );
    return inner;
  }
  return [`${procedure} ${path}: ${show(ours)} instead of ${show(theirs)}`];
}

/** Lists in an order of their own: a daemon's is that of its hash tables. */
function inOrder(procedure: string, result: unknown): unknown {
  if (!isList(procedure) || typeof result !== "object" || result === null) return result;
  const sorted = (value: unknown) =>
    Array.isArray(value)
      ? value
          .map((each) => [inspect(each), each] as const)
          .sort(byText)
          .map(([, each]) => each)
      : value;
  return Object.fromEntries(Object.entries(result).map(([field, value]) => [field, sorted(value)]));
}

function byText([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

const show = (value: unknown) => (typeof value === "bigint" ? `${value}n` : JSON.stringify(value)?.slice(0, 300));

const text = (message: unknown) => withoutMoments(String(message));

/** An error in the order in which Python gives its fields. */
function asPython({ code, domain, message, level, str1, str2, str3, int1, int2 }: LibvirtError): unknown[] {
  return [code, domain, message, level, str1, str2, str3, int1, int2];
}

interface Comparison {
  /** The procedures that were called with both clients. */
  readonly compared: Set<string>;
  readonly faults: string[];
  calls: number;
  errors: number;
  /** The numbers of registrations: ours by theirs, for each procedure that registers. */
  readonly callbacks: Map<string, number>;
}

/** Makes the calls with our client, and compares. */
async function replay(kind: Kind, daemon: Libvirtd, all: readonly Called[]): Promise<Comparison> {
  const recorder = await Recorder.start(join(daemon.folder, "ours"), daemon.socket);
  const router = await connect(`${kind}+unix://${paths[kind]}?socket=${recorder.path}`);
  const comparison: Comparison = { compared: new Set(), faults: [], calls: 0, errors: 0, callbacks: new Map() };
  for (const { calls, error } of all) {
    let last: Outcome = {};
    for (const recorded of calls) {
      const procedure = procedureOf(recorded);
      if (ownAffairs.has(procedure.name)) continue;
      last = await compareCall(router, recorder, procedure, recorded, comparison);
    }
    // What Python saw is what the daemon said, or what its own side made of it.
    const seen = last.error && asPython(last.error);
    if (error && seen && text(error[2]) !== text(seen[2]))
      comparison.faults.push(`${seen.join("|")} instead of ${error.join("|")}`);
  }
  await router.close();
  await recorder.stop();
  return comparison;
}

async function compareCall(
  router: Router,
  recorder: Recorder,
  procedure: AnyProcedure,
  recorded: Recorded,
  comparison: Comparison,
): Promise<Outcome> {
  const { name } = procedure;
  const { faults } = comparison;
  const before = recorder.calls.length;
  const args = givenArgs(procedure, recorded.args);
  const key = (number: unknown) => `${name.replace("Deregister", "Register")} ${number}`;
  // Each client has numbers of its own for its registrations.
  if (fieldsOf(procedure.args).join() === "callbackID") {
    args.callbackID = comparison.callbacks.get(key(args.callbackID)) ?? args.callbackID;
  }
  const outcome = await callOurs(router, name as ProcedureName, args);
  const sent = recorder.calls.slice(before).find((call) => procedureOf(call).name === name);
  comparison.calls++;
  comparison.compared.add(name);
  if (!sent && name !== "connectGetUri") faults.push(`${name}: nothing was sent`);
  if (sent && !sent.args.equals(recorded.args)) {
    faults.push(`${name}: ${sent.args.toString("hex")} was sent instead of ${recorded.args.toString("hex")}`);
  }
  if (recorded.answer?.status === 0) {
    const theirs = read(procedure.result, recorded.answer.body);
    if (fieldsOf(procedure.result).join() === "callbackID") {
      const { callbackID } = theirs as { readonly callbackID: number };
      const ours = outcome.result as { readonly callbackID: number } | undefined;
      if (ours) comparison.callbacks.set(key(callbackID), ours.callbackID);
    }
    if (outcome.error) faults.push(`${name}: ${outcome.error.message} instead of an answer`);
    else faults.push(...differences(name, inOrder(name, outcome.result), inOrder(name, theirs)));
  } else if (recorded.answer) {
    comparison.errors++;
    const { message, ...theirs } = read(remoteError, recorded.answer.body);
    if (!outcome.error) faults.push(`${name}: an answer instead of ${message}`);
    else faults.push(...differences(name, { ...pick(outcome.error) }, { message: message ?? "", ...theirs }));
  }
  return outcome;
}

function pick({ code, domain, message, level, dom, str1, str2, str3, int1, int2, net }: LibvirtError) {
  return { code, domain, message, level, dom, str1, str2, str3, int1, int2, net };
}

/** The procedures that libvirt 9.0 has, but for the administration's, which are on another socket. */
const wanted = (Object.values(procedures) as AnyProcedure[]).filter(
  ({ program, since, number }) => program.name !== "admin" && !(program.name === "remote" && number > 443) && since,
);

describe("every procedure of libvirt 9.0", { skip: withoutPython() }, () => {
  const compared = new Set<string>();
  let theirs: Libvirtd;
  let ours: Libvirtd;

  before(async () => {
    [theirs, ours] = await Promise.all([Libvirtd.start({ network: true }), Libvirtd.start({ network: true })]);
  });

  after(async () => {
    await Promise.all([theirs?.stop(), ours?.stop()]);
  });

  for (const kind of ["test", "qemu"] as const) {
    test(`on the driver ${kind}`, async (t) => {
      const all = await record(kind, theirs);
      const { faults, calls, errors, compared: here } = await replay(kind, ours, all);
      for (const name of here) compared.add(name);
      t.diagnostic(`${calls} calls of ${here.size} procedures, ${errors} with errors`);
      assert.deepEqual(faults, []);
    });
  }

  test("the others are called too, and it is known why libvirt's client does not call them", async (t) => {
    const others = wanted.filter(({ name }) => !compared.has(name) && !ownAffairs.has(name));
    const reasonless = others.filter((procedure) => unreachable(procedure) === null).map(({ name }) => name);
    t.diagnostic(`${compared.size} of ${wanted.length} procedures are compared`);
    for (const procedure of others) t.diagnostic(`not compared: ${procedure.name}: ${unreachable(procedure)}`);
    assert.deepEqual(reasonless, []);
    const transport = duplexTransport(netConnect({ path: theirs.socket }));
    const client = new RpcClient(transport, { onEvent: () => {} });
    await client.call("authList", {});
    await client.call("connectOpen", { name: "test:///default", flags: 0 });
    const dom = (await client.call("domainLookupByName", { name: "test" })).dom;
    const args: { readonly [name: string]: unknown } = {
      authSaslStart: { mech: "PLAIN", nil: 1, data: new Uint8Array() },
      authSaslStep: { nil: 1, data: new Uint8Array() },
      connectDomainEventRegisterAny: { eventID: 1 },
      connectDomainEventDeregisterAny: { eventID: 1 },
      domainOpenGraphics: { dom, idx: 0, flags: 0 },
      domainOpenGraphicsFd: { dom, idx: 0, flags: 0 },
      domainFdAssociate: { dom, name: "group", flags: 0 },
    };
    const answered: ProcedureName[] = [];
    for (const { name } of others as { readonly name: ProcedureName }[]) {
      const call = client.call(name, (args[name] ?? {}) as ArgsOf<ProcedureName>);
      await call.then(() => answered.push(name)).catch((error: unknown) => assert.ok(isLibvirtError(error), name));
    }
    assert.equal(client.closed, false);
    assert.deepEqual(answered, [
      "connectGetUri",
      "connectDomainEventRegister",
      "connectDomainEventDeregister",
      "connectDomainEventRegisterAny",
      "connectDomainEventDeregisterAny",
    ]);
    await client.close();
  });
});
