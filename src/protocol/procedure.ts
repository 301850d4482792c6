/** What a procedure is: its number, arguments, results, and the rules that hold for it. */
import type { AclRule, Permission } from "./acl.ts";
import { adminProgram, lxcProgram, type Program, qemuProgram, remoteProgram } from "./programs.ts";
import { type Fields, nothing, type StructOf, struct, type Type } from "./xdr/index.ts";

/** What part of libvirt a procedure belongs to: the kind of object it creates, finds or works on. */
export type Family =
  | "auth"
  | "connect"
  | "node"
  | "domain"
  | "snapshot"
  | "checkpoint"
  | "network"
  | "networkPort"
  | "interface"
  | "storagePool"
  | "storageVolume"
  | "nodeDevice"
  | "secret"
  | "nwfilter"
  | "nwfilterBinding"
  | "qemu"
  | "lxc"
  | "admin";

/** May a read-only connection call it? Two procedures leave it to an argument. */
export type ReadOnlyRule =
  | "allowed"
  | "denied"
  /** Denied if one of these bits is set in the argument. */
  | { readonly deniedIf: string; readonly has: number }
  /** Denied if the argument has this value. */
  | { readonly deniedIf: string; readonly is: number };

/** How far a connection must have come before the procedure may be called. */
export type Phase = "connected" | "authenticated" | "open";

/** The stream that a procedure opens beside its reply. */
export interface StreamRule {
  /** Which way data flows, seen from the caller. */
  readonly direction: "send" | "receive" | "both";
  /** Which argument of the C function the stream is, counted from 0, which is the object. */
  readonly argument: number;
  /** The bit of `flags` that asks for holes to be sent as such. */
  readonly sparseFlag?: number;
}

/** Everything there is to know about one procedure of the API. */
export interface Procedure<Args = unknown, Result = unknown> {
  /** libvirt's name in camel case; unique over all programs. */
  readonly name: string;
  readonly program: Program;
  readonly number: number;
  readonly family: Family;
  readonly args: Type<Args>;
  readonly result: Type<Result>;
  /** The public function of libvirt that calls it; for a step of opening or migrating, the function it is a step of. */
  readonly cFunction: string;
  /** The release of libvirt that this function came with. */
  readonly since: string;
  readonly kind: "call" | "stream";
  readonly stream: StreamRule | null;
  readonly readOnly: ReadOnlyRule;
  /** `high`: never waits for a guest, so that it can be served while others do. */
  readonly priority: "high" | "low";
  readonly phase: Phase;
  /** Whether open file descriptors travel with the call, with the reply, or with both. */
  readonly descriptors: "none" | "call" | "reply" | "both";
  readonly acl: readonly AclRule[];
  /** The permission on each object of a list without which it is left out of the list. */
  readonly aclFilter: readonly Permission[];
}

/** Any procedure. */
// biome-ignore lint/suspicious/noExplicitAny: encoders take what they are given, so only `any` fits every procedure
export type AnyProcedure = Procedure<any, any>;

/** Arguments of a procedure that has none. */
export type NoArgs = Readonly<Record<string, never>>;

/** What the table says of a procedure; the rest follows from the table it stands in. */
export interface Facts<A extends Fields, R extends Fields> {
  readonly args?: A;
  readonly result?: R;
  readonly cFunction: string;
  readonly since: string;
  readonly readOnly: ReadOnlyRule;
  readonly stream?: StreamRule;
  readonly priority?: "high";
  readonly phase?: Phase;
  readonly descriptors?: "call" | "reply" | "both";
  readonly acl: readonly AclRule[];
  readonly aclFilter?: readonly Permission[];
}

/** A procedure that has no name yet. */
export type Nameless<P extends AnyProcedure> = (name: string, program: Program, family: Family) => P;

type ArgsType<A extends Fields> = [keyof A] extends [never] ? NoArgs : StructOf<A>;
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a result need not return anything
type ResultType<R extends Fields> = [keyof R] extends [never] ? void : StructOf<R>;

/** Describes one procedure: its number and its facts. */
export function procedure<const A extends Fields = Record<never, never>, const R extends Fields = Record<never, never>>(
  number: number,
  facts: Facts<A, R>,
): Nameless<Procedure<ArgsType<A>, ResultType<R>>> {
  const { args, result, stream, priority = "low", descriptors = "none", aclFilter = [] } = facts;
  return (name, program, family) => ({
    name,
    program,
    number,
    family,
    args: struct(args ?? {}) as Type<ArgsType<A>>,
    result: (result === undefined ? nothing : struct(result)) as Type<ResultType<R>>,
    cFunction: facts.cFunction,
    since: facts.since,
    kind: stream === undefined ? "call" : "stream",
    stream: stream ?? null,
    readOnly: facts.readOnly,
    priority,
    // The admin program has a procedure that opens the connection, but works without.
    phase: facts.phase ?? (program === adminProgram ? "authenticated" : "open"),
    descriptors,
    acl: facts.acl,
    aclFilter,
  });
}

type Entries = Readonly<Record<string, Nameless<AnyProcedure>>>;

/** The procedures of one family by name. */
export type Table<E extends Entries> = { readonly [K in keyof E]: ReturnType<E[K]> };

function table<E extends Entries>(program: Program, family: Family, entries: E): Table<E> {
  const named = Object.entries(entries).map(([name, entry]) => [name, entry(name, program, family)]);
  return Object.fromEntries(named) as Table<E>;
}

/** Procedures of libvirt's API. */
export function remote<E extends Entries>(family: Family, entries: E): Table<E> {
  return table(remoteProgram, family, entries);
}

/** Procedures of the QEMU program. */
export function qemu<E extends Entries>(entries: E): Table<E> {
  return table(qemuProgram, "qemu", entries);
}

/** Procedures of the LXC program. */
export function lxc<E extends Entries>(entries: E): Table<E> {
  return table(lxcProgram, "lxc", entries);
}

/** Procedures of the admin program. */
export function admin<E extends Entries>(entries: E): Table<E> {
  return table(adminProgram, "admin", entries);
}
