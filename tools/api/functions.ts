/** The functions of C as the document writes them. */
import { bindingOf, withoutBinding } from "../../src/api/names.ts";
import type { Declared, DeclaredFunction } from "../../src/protocol/c/header.ts";
import { headers } from "../../src/protocol/c/index.ts";
import { type AnyProcedure, type ProcedureName, procedures } from "../../src/protocol/index.ts";
import type { Type } from "../../src/protocol/xdr/index.ts";
import type { Comment } from "./comments.ts";
import type { ArgumentEntry, EnumEntry, FunctionEntry, FunctionKind, NumberEntry } from "./document.ts";
import {
  argumentEnums,
  attributeFields,
  leftOutFunctions,
  localFunctions,
  parameterNames,
  sequences,
  sharedProcedures,
} from "./special.ts";
import { type WiredArgument, wire } from "./wiring.ts";

/** What is said of functions elsewhere: doc comments by function, and the enums with their doc comments. */
export interface Said {
  readonly comments: ReadonlyMap<string, Comment>;
  readonly enums: readonly EnumEntry[];
}

const byFunction = new Map<string, AnyProcedure>(
  Object.values(procedures).flatMap((procedure) =>
    procedure.cFunction in sequences ? [] : [[procedure.cFunction, procedure] as const],
  ),
);

/** Every function but those left out. @throws {Error} that names a function of which nobody knows what does it */
export function functionEntries(said: Said): FunctionEntry[] {
  const declared = headers.flatMap(({ functions }) => functions);
  const names = new Set(declared.map(({ name }) => name));
  for (const { cFunction, name } of Object.values<AnyProcedure>(procedures)) {
    if (!names.has(cFunction)) throw new Error(`${cFunction}, which calls ${name}, is not declared in protocol/c`);
  }
  return declared.filter(({ name }) => !leftOutFunctions.some(([left]) => left.test(name))).map((f) => entry(f, said));
}

/** What does a function: its kind, its procedures, how its arguments meet them, and why it is no usual one. */
interface Doing {
  readonly kind: FunctionKind;
  readonly procedures: readonly AnyProcedure[];
  readonly arguments: readonly WiredArgument[];
  readonly returns: string | null;
  readonly constants: readonly NumberEntry[];
  readonly reason: string | null;
}

function doing(declared: DeclaredFunction): Doing {
  const { name } = declared;
  const sequence = sequences[name];
  if (sequence) return unwired(declared, "sequence", sequence.procedures, sequence.reason);
  const shared = sharedProcedures[name];
  const procedure = shared ? procedures[shared.procedure] : byFunction.get(name);
  if (procedure) {
    const { constants, ...wiring } = wire(declared, procedure as AnyProcedure);
    const numbers = Object.entries(constants).map(([field, value]) => ({ name: field, value }));
    const reason = shared?.reason ?? null;
    return { kind: procedure.kind, procedures: [procedure], ...wiring, constants: numbers, reason };
  }
  const local = localFunctions.find(([names]) => names.test(name));
  if (!local) throw new Error(`${name} has no procedure, and nobody says how the client does it`);
  return unwired(declared, local[1], [], local[2]);
}

function unwired(
  declared: DeclaredFunction,
  kind: FunctionKind,
  names: readonly ProcedureName[],
  reason: string,
): Doing {
  const known = names.map((name): AnyProcedure => procedures[name]);
  const field = kind === "attribute" ? (attributeFields.find(([of]) => of.test(declared.name))?.[1] ?? null) : null;
  const bares = declared.arguments.map((argument) => {
    const wired = bare(argument);
    return wired.direction === "out" ? { ...wired, takes: field } : wired;
  });
  const isTaken = bares.some(({ takes }) => takes !== null);
  return { kind, procedures: known, arguments: bares, returns: isTaken ? null : field, constants: [], reason };
}

/** What the type alone says of an argument. */
function bare(argument: Declared): WiredArgument {
  const { name, type } = argument;
  const role = name === "opaque" ? "opaque" : /(Callback|Func)$/.test(type) || name === "ff" ? "callback" : "value";
  const isOut = / \*$/.test(type) && !/^(const|void) /.test(type);
  return { ...argument, direction: isOut ? "out" : "in", sends: null, takes: null, role };
}

function entry(declared: DeclaredFunction, said: Said): FunctionEntry {
  const { name, module } = declared;
  const done = doing(declared);
  const comment = said.comments.get(name);
  const binding = withoutBinding.some(([names]) => names.test(name)) ? null : bindingOf(name);
  const [first] = done.procedures;
  const own = Object.values<AnyProcedure>(procedures).find(({ cFunction }) => cFunction === name);
  const since = declared.since ?? own?.since ?? fail(`${name} does not say since when it is there`);
  const doc = comment?.text ?? commonDoc(name) ?? done.reason ?? "";
  return {
    name,
    module,
    kind: done.kind,
    since,
    class: binding?.class ?? null,
    method: binding?.name ?? null,
    readOnly: readOnlyOf(done.procedures),
    doc,
    arguments: done.arguments.map((argument) => argumentEntry(argument, declared, first, comment, said.enums)),
    returns: { type: declared.returns, takes: done.returns, unit: done.returns === null ? null : unitOf(doc, true) },
    procedures: done.procedures.map((procedure) => procedure.name),
    constants: done.constants,
    errors: errorsOf(declared, done.procedures),
    reason: done.reason,
  };
}

/** What is said of functions of which each class has one. */
const common: readonly (readonly [names: RegExp, doc: string])[] = [
  [/GetName$/, "Its name."],
  [/GetUUID$/, "Its UUID, 16 bytes."],
  [/GetUUIDString$/, "Its UUID as text."],
  [/GetConnect$/, "The connection it belongs to."],
  [/Ref$/, "One more holds the object."],
  [/Free$/, "One less holds the object."],
];

function commonDoc(name: string): string | undefined {
  return common.find(([names]) => names.test(name))?.[1];
}

function argumentEntry(
  argument: WiredArgument,
  declared: DeclaredFunction,
  procedure: AnyProcedure | undefined,
  comment: Comment | undefined,
  enums: readonly EnumEntry[],
): ArgumentEntry {
  const { name, type, direction, role, sends, takes } = argument;
  const doc = comment?.parameters.get(name) ?? (sends === null ? undefined : comment?.parameters.get(sends)) ?? "";
  const field = sends === null ? undefined : fieldOf(procedure?.args, sends);
  const isCount = takes !== null && /^(unsigned )?(int|long|long long) \*$/.test(type);
  return {
    name,
    type,
    direction,
    role,
    sends,
    takes,
    nullable: field?.shape.kind === "optional",
    // What a function gives is what its own text speaks of.
    unit: unitOf(doc, false) ?? (direction === "out" && isCount ? unitOf(comment?.text ?? "", true) : null),
    enum: enumOf(name, doc, declared.name, enums),
    names: parameters.test(type) ? namesOf(declared.name, `${doc} ${comment?.text ?? ""}`, enums) : null,
    doc,
  };
}

/** Types of C for names and values. */
const parameters = /^vir(TypedParameter|NodeCPUStats|NodeMemoryStats)Ptr( \*)?$/;

/** The group of names that the texts speak of, or that is known otherwise. */
function namesOf(cFunction: string, texts: string, enums: readonly EnumEntry[]): string | null {
  const groups = new Set(enums.filter(({ kind }) => kind === "strings").map(({ name }) => name));
  const told = [...texts.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name).find((name) => groups.has(name));
  return told ?? parameterNames[cFunction] ?? null;
}

function fieldOf(type: Type | undefined, field: string): Type | undefined {
  return type?.shape.kind === "struct" ? type.shape.fields[field] : undefined;
}

/** The enum that an argument's comment begins with; for flags, the one that says it is of the function's. */
function enumOf(name: string, doc: string, cFunction: string, enums: readonly EnumEntry[]): string | null {
  const told = /^(?:of )?`(\w+)`/.exec(doc)?.[1];
  const named = enums.find((entry) => entry.name === (argumentEnums[`${cFunction} ${name}`] ?? told));
  if (named) return named.name;
  if (name !== "flags") return null;
  const own = new RegExp(`\`${cFunction}\``);
  return enums.find(({ kind, doc: text }) => kind === "flags" && own.test(text))?.name ?? null;
}

const units = "bytes|KiB|MiB|ms|milliseconds|microseconds|nanoseconds|seconds|MHz|Hz";
const short: Readonly<Record<string, string>> = {
  milliseconds: "ms",
  microseconds: "us",
  nanoseconds: "ns",
  seconds: "s",
};

/** What a comment says a number counts: "in KiB", "in MiB a second". */
function unitOf(doc: string, anywhere: boolean): string | null {
  const [, unit = "", rate = ""] =
    new RegExp(`${anywhere ? "\\b" : "^"}in (${units})(?: a (second))?\\b`).exec(doc) ?? [];
  return unit === "" ? null : `${short[unit] ?? unit}${rate === "" ? "" : "/s"}`;
}

function readOnlyOf(done: readonly AnyProcedure[]): FunctionEntry["readOnly"] {
  // Opening and migrating have steps of their own; the last one says whether the whole may be done.
  if (done.some(({ readOnly }) => readOnly === "denied")) return "denied";
  return done.some(({ readOnly }) => typeof readOnly === "object") ? "deniedIf" : "allowed";
}

/** The error that says that an object is not there, by its type in C. */
const missing: Readonly<Record<string, string>> = {
  virDomainPtr: "NO_DOMAIN",
  virDomainSnapshotPtr: "NO_DOMAIN_SNAPSHOT",
  virDomainCheckpointPtr: "NO_DOMAIN_CHECKPOINT",
  virNetworkPtr: "NO_NETWORK",
  virNetworkPortPtr: "NO_NETWORK_PORT",
  virInterfacePtr: "NO_INTERFACE",
  virStoragePoolPtr: "NO_STORAGE_POOL",
  virStorageVolPtr: "NO_STORAGE_VOL",
  virNodeDevicePtr: "NO_NODE_DEVICE",
  virSecretPtr: "NO_SECRET",
  virNWFilterPtr: "NO_NWFILTER",
  virNWFilterBindingPtr: "NO_NWFILTER_BINDING",
  virAdmServerPtr: "NO_SERVER",
  virAdmClientPtr: "NO_CLIENT",
};

/** The errors that follow from what a function is given and from what is asked before it is done. */
function errorsOf(declared: DeclaredFunction, done: readonly AnyProcedure[]): string[] {
  if (done.length === 0) return [];
  const found = /Lookup|GetParent|Current$/.test(declared.name) ? [declared.returns] : [];
  const types = [...declared.arguments.map(({ type }) => type), ...found];
  const errors = types.flatMap((type) => missing[type] ?? []);
  if (readOnlyOf(done) !== "allowed") errors.push("OPERATION_DENIED");
  if (done.some(({ acl }) => acl.length > 0)) errors.push("ACCESS_DENIED");
  if (declared.arguments.length > 1) errors.push("INVALID_ARG");
  return [...new Set(errors)];
}

function fail(message: string): never {
  throw new Error(message);
}
