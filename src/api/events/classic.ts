/** Events in libvirt's classic way: a callback for the number of an event, found again by a number. */
import { type EventFamily, type EventPayload, eventFamilies, eventPayload } from "../../driver/events.ts";
import type { TypedParameter } from "../../protocol/index.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { fromParameters, type Parameters } from "../values/parameters.ts";
import type { ChannelName } from "./dispatcher.ts";
import { eventKinds } from "./kinds.ts";

type Table<Family extends EventFamily> = (typeof eventFamilies)[Family];

/** The numbers of a family's events. */
export type EventId<Family extends EventFamily> = Indices<Table<Family>> & number;

type Indices<List extends readonly unknown[]> =
  Exclude<keyof List, keyof unknown[]> extends infer Key
    ? Key extends `${infer Index extends number}`
      ? Index
      : never
    : never;

type Subjects = "dom" | "net" | "pool" | "dev" | "secret";

/** What a classic callback is told beside the object: libvirt's numbers, parameters as plain objects. */
export type ClassicDetails<Family extends EventFamily, Id extends EventId<Family>> = {
  readonly [Field in keyof Omit<EventPayload<Table<Family>[Id]>, Subjects>]: EventPayload<
    Table<Family>[Id]
  >[Field] extends readonly TypedParameter[]
    ? Parameters
    : EventPayload<Table<Family>[Id]>[Field];
};

/** What a classic callback gets as its object. */
export type SubjectOf<Kind extends keyof typeof eventKinds> =
  ReturnType<(typeof eventKinds)[Kind]["object"]> extends infer R ? R[keyof R] : never;

const subjects: readonly string[] = ["dom", "net", "pool", "dev", "secret"] satisfies Subjects[];

function detailsOf(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = Object.entries(payload).filter(([field]) => !subjects.includes(field));
  return Object.fromEntries(
    own.map(([field, value]) => [
      field,
      field === "params" ? fromParameters(value as readonly TypedParameter[]) : value,
    ]),
  );
}

/** Registers a callback and gives the number of the registration. Failures are reported. */
export async function registerClassic<Family extends EventFamily>(
  link: Link,
  family: Family,
  registration: { readonly object: unknown; readonly id: number },
  callback: (subject: never, details: never) => void,
  options?: CallOptions,
): Promise<number> {
  const { object, id } = registration;
  const name = eventFamilies[family][id];
  const listener = (message: unknown) => {
    if (name === undefined) return;
    const payload = eventPayload(name, message as never) as Readonly<Record<string, unknown>>;
    const [subject] = Object.values(eventKinds[family].object(link, payload as never));
    callback(subject as never, detailsOf(payload) as never);
  };
  try {
    return await link.events.register(link, { channel: family, event: id, object }, listener, options);
  } catch (error) {
    throw link.report(error);
  }
}

/** Ends a classic registration. */
export function deregisterClassic(
  link: Link,
  channel: ChannelName,
  callbackID: number,
  options?: CallOptions,
): Promise<void> {
  return link.events.deregister(link, channel, callbackID, options);
}
