/** What an event message is. */
import type { Family } from "./procedure.ts";
import { type Program, qemuProgram, remoteProgram } from "./programs.ts";
import { type Fields, type StructOf, struct, type Type } from "./xdr/index.ts";

/** A message that a server sends on its own account. */
export interface EventDescription<Message = unknown> {
  /** libvirt's name in camel case; unique over all programs. */
  readonly name: string;
  readonly program: Program;
  readonly number: number;
  readonly family: Family;
  readonly message: Type<Message>;
  /** Whether the message says which registration it is for: the number that registering returned. */
  readonly hasCallbackID: boolean;
  /** The number of its kind, which clients register for; null if they do not register for it by number. */
  readonly eventID: number | null;
  /** The release of libvirt that this kind of event came with. */
  readonly since: string;
}

/** Any event. */
// biome-ignore lint/suspicious/noExplicitAny: encoders take what they are given, so only `any` fits every event
export type AnyEvent = EventDescription<any>;

/** What the table says of an event; the rest follows from the table it stands in. */
export interface EventFacts<M extends Fields> {
  readonly message: M;
  readonly eventID?: number;
  readonly since: string;
}

type NamelessEvent<E extends AnyEvent> = (name: string, program: Program, family: Family) => E;

/** Describes one event: its number and its facts. */
export function event<const M extends Fields>(
  number: number,
  facts: EventFacts<M>,
): NamelessEvent<EventDescription<StructOf<M>>> {
  return (name, program, family) => ({
    name,
    program,
    number,
    family,
    message: struct(facts.message),
    hasCallbackID: "callbackID" in facts.message,
    eventID: facts.eventID ?? null,
    since: facts.since,
  });
}

type Entries = Readonly<Record<string, NamelessEvent<AnyEvent>>>;

/** Events of one family by name. */
export type EventTable<E extends Entries> = { readonly [K in keyof E]: ReturnType<E[K]> };

function table<E extends Entries>(program: Program, family: Family, entries: E): EventTable<E> {
  const named = Object.entries(entries).map(([name, entry]) => [name, entry(name, program, family)]);
  return Object.fromEntries(named) as EventTable<E>;
}

/** Events of libvirt's API. */
export function remoteEvents<E extends Entries>(family: Family, entries: E): EventTable<E> {
  return table(remoteProgram, family, entries);
}

/** Events of the QEMU program. */
export function qemuEvents<E extends Entries>(entries: E): EventTable<E> {
  return table(qemuProgram, "qemu", entries);
}
