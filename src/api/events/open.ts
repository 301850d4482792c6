/** Opens streams of events, and listens to single ones. */
import { whenAborted } from "../../driver/abort.ts";
import { LibvirtError } from "../../errors.ts";
import type { CallOptions, Link } from "../core/link.ts";
import type { Listener } from "./dispatcher.ts";
import { type EventTypeInfo, eventTypes, readEvent } from "./kinds.ts";
import { type EventOptions, EventStream } from "./stream.ts";
import type { EventType } from "./types.ts";

/** Which events, and about which object. */
export interface Subscription extends EventOptions {
  /** The object as it is named to the driver; null for all. */
  readonly object?: unknown;
}

interface Held {
  readonly info: EventTypeInfo;
  readonly id: number;
}

function chosen({ types, kinds }: Subscription): readonly EventTypeInfo[] {
  const ofKind = kinds ? eventTypes.filter(({ kind }) => kinds.includes(kind)) : eventTypes;
  // QEMU's own events are many, and come only to those who name them.
  return ofKind.filter(({ kind, type }) => (types ? types.includes(type as EventType) : kind !== "qemu"));
}

/** Whether a driver that does not have an event says so in this way; a daemon that is older than an event says the last. */
function isMissing(error: unknown): boolean {
  return error instanceof LibvirtError && error.is("NO_SUPPORT", "INVALID_ARG", "INTERNAL_ERROR");
}

/**
 * Registers for events of these types. Those that were not asked for by name may be missing in the driver.
 * @throws {LibvirtError} when none of them is there, or one that was named is not
 */
async function registerAll(
  link: Link,
  subscription: Subscription,
  listen: (info: EventTypeInfo) => Listener,
  options?: CallOptions,
): Promise<Held[]> {
  const held: Held[] = [];
  const failures: unknown[] = [];
  const { object = null, types } = subscription;
  const infos = chosen(subscription);
  if (infos.length === 0 || types?.some((type) => !infos.some((info) => info.type === type))) {
    const detail = `there are no such events here: ${types?.join(", ") || "none were named"}`;
    throw link.report(new LibvirtError("INVALID_ARG", "NONE", detail));
  }
  await Promise.all(
    infos.map(async (info) => {
      const { channel, id: event } = info.description;
      try {
        const id = await link.events.register(link, { channel, event, object }, listen(info), options);
        held.push({ info, id });
      } catch (error) {
        if (types || !isMissing(error)) failures.unshift(error);
        else failures.push(error);
      }
    }),
  );
  const [failure] = failures;
  const fatal = failure !== undefined && (types || !isMissing(failure) || held.length === 0);
  if (!fatal) return held;
  await releaseAll(link, held);
  throw link.report(failure);
}

async function releaseAll(link: Link, held: readonly Held[]): Promise<void> {
  if (link.events.closed) return;
  await Promise.all(held.map(({ info, id }) => link.events.deregister(link, info.description.channel, id)));
}

/** A stream of the events that are asked for. They are collected from now on. */
export function openEvents<Event>(link: Link, subscription: Subscription): EventStream<Event> {
  const { limit, signal } = subscription;
  const stream = new EventStream<Event>(limit);
  const registering = registerAll(link, subscription, (info) => (message) => {
    stream.push(readEvent(link, info, message) as Event);
  });
  const onAbort = () => {
    const reason = { cause: signal?.reason };
    const error = new LibvirtError("OPERATION_ABORTED", "NONE", "events: the reader gave up", reason);
    if (stream.end({ error })) void release().catch((failure: unknown) => link.report(failure));
  };
  const forgetClose = link.events.onClose(() => stream.end());
  const forgetGaps = link.events.onGap(() => stream.interrupt());
  const forgetAbort = signal && whenAborted(signal, onAbort);
  const release = async () => {
    forgetClose();
    forgetGaps();
    forgetAbort?.();
    await releaseAll(link, await registering.catch(() => []));
  };
  const ready = registering.then(
    () => {},
    (error: unknown) => {
      stream.end({ error });
      throw error;
    },
  );
  // Whoever reads the stream learns of it there.
  ready.catch(() => {});
  stream.feedFrom({ ready, release });
  if (signal?.aborted) onAbort();
  return stream;
}

/** A listener that was added with `on`. */
export class EventListener {
  /** Resolves when the driver knows of it; rejects when it does not have such events. */
  readonly ready: Promise<void>;
  readonly #release: () => Promise<void>;

  /** @internal */
  constructor(ready: Promise<void>, release: () => Promise<void>) {
    this.ready = ready;
    this.#release = release;
  }

  /** Takes the listener away: it hears nothing from now on. */
  close(): Promise<void> {
    return this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Calls a function at each event of one type. */
export function listenTo(
  link: Link,
  subscription: Subscription & { readonly types: readonly EventType[] },
  listener: (event: never) => void,
): EventListener {
  let heard = true;
  const registering = registerAll(link, subscription, (info) => (message) => {
    if (heard) listener(readEvent(link, info, message) as never);
  });
  const release = async () => {
    heard = false;
    await releaseAll(link, await registering.catch(() => []));
  };
  const ready = registering.then(() => {});
  // The error handler has been told already.
  ready.catch(() => {});
  return new EventListener(ready, release);
}
