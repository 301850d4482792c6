/** Makes the calls that libvirt's client made with ours, and compares what comes of each. */
import assert from "node:assert/strict";
import "../../../src/api/drivers.ts";
import { connect, type Router } from "../../../src/driver/router.ts";
import { asLibvirtError, type LibvirtError } from "../../../src/errors.ts";
import {
  type AnyProcedure,
  type ArgsOf,
  ErrorNumber,
  type ProcedureName,
  procedureByNumber,
  procedures,
  remoteError,
} from "../../../src/protocol/index.ts";
import { decode, Reader, type Type } from "../../../src/protocol/xdr/index.ts";
import { streamPair } from "../../../src/rpc/index.ts";
import type { Recorded } from "../recorder.ts";
import { differences, inOrder } from "./differences.ts";
import { withoutMoments } from "./reasons.ts";
import type { Called, Kind } from "./record.ts";
import type { Way } from "./ways.ts";

/** What a client does to open, and asks on its own account. */
export const ownAffairs: ReadonlySet<string> = new Set([
  "authList",
  "connectOpen",
  "connectClose",
  "connectSupportsFeature",
]);

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

const text = (message: unknown) => withoutMoments(String(message));

/** An error in the order in which Python gives its fields. */
function asPython({ code, domain, message, level, str1, str2, str3, int1, int2 }: LibvirtError): unknown[] {
  return [code, domain, message, level, str1, str2, str3, int1, int2];
}

export interface Comparison {
  /** The procedures that were called with both clients. */
  readonly compared: Set<string>;
  readonly faults: string[];
  calls: number;
  errors: number;
  /** The numbers of registrations: ours by theirs, for each procedure that registers. */
  readonly callbacks: Map<string, number>;
}

/** Makes the calls with our client, over one of the ways, and compares. */
export async function replay(kind: Kind, way: Way, all: readonly Called[]): Promise<Comparison> {
  const router = await connect(way.uri(kind), { ...(way.auth && { auth: way.auth }) });
  const comparison: Comparison = { compared: new Set(), faults: [], calls: 0, errors: 0, callbacks: new Map() };
  for (const { calls, error } of all) {
    let last: Outcome = {};
    for (const recorded of calls) {
      const procedure = procedureOf(recorded);
      if (ownAffairs.has(procedure.name)) continue;
      last = await compareCall(router, way, procedure, recorded, comparison);
    }
    // What Python saw is what the daemon said, or what its own side made of it.
    const seen = last.error && asPython(last.error);
    if (error && seen && text(error[2]) !== text(seen[2]))
      comparison.faults.push(`${seen.join("|")} instead of ${error.join("|")}`);
  }
  await router.close();
  return comparison;
}

async function compareCall(
  router: Router,
  { recorder, secure }: Way,
  procedure: AnyProcedure,
  recorded: Recorded,
  comparison: Comparison,
): Promise<Outcome> {
  const { name } = procedure;
  const before = recorder?.calls.length ?? 0;
  const outcome = await callOurs(router, name as ProcedureName, ourArgs(procedure, recorded, comparison));
  comparison.calls++;
  comparison.compared.add(name);
  if (!recorder && mayBringFiles(procedure)) {
    if (outcome.error?.code !== ErrorNumber.OPERATION_UNSUPPORTED) comparison.faults.push(`${name} is not refused`);
    return {};
  }
  if (recorder) comparison.faults.push(...wrongWords(recorder.calls.slice(before), procedure, recorded));
  if (recorded.answer?.status === 0) {
    const theirs = read(procedure.result, recorded.answer.body) as Record<string, unknown> | undefined;
    // Theirs went over a unix socket.
    const expected = name === "connectIsSecure" ? { secure } : theirs;
    noteCallback(procedure, outcome, theirs, comparison);
    compareResult(name, outcome, expected, comparison);
  } else if (recorded.answer) compareError(name, outcome, recorded.answer.body, comparison);
  return outcome;
}

/** Calls whose answers bring open files are refused where none can pass, before anything is sent. */
function mayBringFiles({ descriptors }: AnyProcedure): boolean {
  return descriptors === "reply" || descriptors === "both";
}

/** A registration's number, which each client has for itself, by the procedure that gave it. */
function callbackKey(name: string, number: unknown): string {
  return `${name.replace("Deregister", "Register")} ${number}`;
}

function ourArgs(procedure: AnyProcedure, recorded: Recorded, { callbacks }: Comparison): Record<string, unknown> {
  const args = givenArgs(procedure, recorded.args);
  if (fieldsOf(procedure.args).join() !== "callbackID") return args;
  return { callbackID: callbacks.get(callbackKey(procedure.name, args.callbackID)) ?? args.callbackID };
}

function noteCallback(procedure: AnyProcedure, { result }: Outcome, theirs: unknown, { callbacks }: Comparison): void {
  if (fieldsOf(procedure.result).join() !== "callbackID" || result === undefined) return;
  const [mine, other] = [result, theirs] as readonly { readonly callbackID: number }[];
  if (mine && other) callbacks.set(callbackKey(procedure.name, other.callbackID), mine.callbackID);
}

/** What is wrong about the bytes that our client sent. */
function wrongWords(calls: readonly Recorded[], procedure: AnyProcedure, recorded: Recorded): string[] {
  const { name } = procedure;
  const sent = calls.find((call) => procedureOf(call).name === name);
  if (!sent) return name === "connectGetUri" ? [] : [`${name}: nothing was sent`];
  if (sent.args.equals(recorded.args)) return [];
  return [`${name}: ${sent.args.toString("hex")} was sent instead of ${recorded.args.toString("hex")}`];
}

function compareResult(name: string, { result, error }: Outcome, theirs: unknown, { faults }: Comparison): void {
  if (error) faults.push(`${name}: ${error.message} instead of an answer`);
  else faults.push(...differences(name, inOrder(name, result), inOrder(name, theirs)));
}

function compareError(name: string, { error }: Outcome, body: Buffer, comparison: Comparison): void {
  const { faults } = comparison;
  comparison.errors++;
  const { message, ...theirs } = read(remoteError, body);
  if (!error) faults.push(`${name}: an answer instead of ${message}`);
  else faults.push(...differences(name, { ...pick(error) }, { message: message ?? "", ...theirs }));
}

function pick({ code, domain, message, level, dom, str1, str2, str3, int1, int2, net }: LibvirtError) {
  return { code, domain, message, level, dom, str1, str2, str3, int1, int2, net };
}
