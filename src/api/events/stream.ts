/** Events as an async iterable: a queue that does not grow without end. */

import type { EventKind } from "./kinds.ts";
import type { EventGap, EventType, LibvirtEvent } from "./types.ts";

/** How events are delivered. */
export interface ObjectEventOptions {
  /** Only these events; each must be one that the driver has. All events of the object, when not given. */
  readonly types?: readonly EventType[] | undefined;
  /** How many events wait for a slow reader before further ones are dropped and a gap is told: 4096. */
  readonly limit?: number | undefined;
  /** Ends the iteration with OPERATION_ABORTED when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** Which events a connection delivers. */
export interface EventOptions extends ObjectEventOptions {
  /** Only events about these kinds of objects. */
  readonly kinds?: readonly EventKind[] | undefined;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** What an event stream is fed by and ends with. */
export interface EventSource {
  /** Registers; rejects when that cannot be done. */
  readonly ready: Promise<void>;
  /** Ends the registrations. */
  readonly release: () => Promise<void>;
}

const defaultLimit = 4096;

/** In ms, the most that a timer takes. */
const longestWait = 2 ** 31 - 1;

/**
 * Events, to be read with `for await`. They are collected from the moment on when the stream was made. Ends when it or its
 * connection is closed; leaving the loop closes it.
 *
 * Reading keeps the program there until an event comes.
 *
 * A reader that is too slow loses events rather than filling memory; where some are missing, there is an
 * {@link EventGap} with their number.
 */
export class EventStream<Event = LibvirtEvent> implements AsyncIterableIterator<Event | EventGap, undefined> {
  readonly #limit: number;
  readonly #queue: (Event | EventGap)[] = [];
  readonly #waiters: Waiter<Event | EventGap>[] = [];
  #missed = 0;
  #interrupted = false;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;
  #source: EventSource | null = null;

  /** @internal */
  constructor(limit: number = defaultLimit) {
    this.#limit = limit;
  }

  /** Resolves when the driver knows of the registration. Reading need not wait for it. */
  get ready(): Promise<void> {
    return this.#source?.ready ?? Promise.resolve();
  }

  next(): Promise<IteratorResult<Event | EventGap, undefined>> {
    const event = this.#take();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = null;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    // What tells of events need not keep the program: whoever waits for one does.
    const stay = setInterval(() => {}, longestWait);
    return new Promise<IteratorResult<Event | EventGap, undefined>>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    }).finally(() => clearInterval(stay));
  }

  async return(): Promise<IteratorResult<Event | EventGap, undefined>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** Ends the stream: no further events come, and events that wait are dropped. */
  async close(): Promise<void> {
    this.#queue.length = 0;
    this.#missed = 0;
    this.#interrupted = false;
    if (this.end()) await this.#source?.release();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  feedFrom(source: EventSource): void {
    this.#source = source;
  }

  /** Delivers an event. @internal */
  push(event: Event): void {
    if (this.#ended) return;
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.resolve({ done: false, value: event });
    } else if (this.#missed > 0 || this.#interrupted || this.#queue.length >= this.#limit) {
      this.#missed++;
    } else {
      this.#queue.push(event);
    }
  }

  /** The way to the source was interrupted: nobody knows what was missed. @internal */
  interrupt(): void {
    if (this.#ended) return;
    const gap: EventGap = { kind: "gap", type: "gap", missed: 0, reconnected: true };
    const waiter = this.#waiters.shift();
    if (waiter) waiter.resolve({ done: false, value: gap });
    else if (this.#queue.length < this.#limit) this.#queue.push(gap);
    else this.#interrupted = true;
  }

  /** Ends the stream; what waits can still be read. With an error, that comes last. @internal */
  end(failure?: { readonly error: unknown }): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    const waiters = this.#waiters.splice(0);
    if (failure && waiters.length === 0) this.#failure = failure;
    for (const [index, waiter] of waiters.entries()) {
      if (failure && index === 0) waiter.reject(failure.error);
      else waiter.resolve({ done: true, value: undefined });
    }
    return true;
  }

  #take(): Event | EventGap | undefined {
    const event = this.#queue.shift();
    if (event !== undefined || (this.#missed === 0 && !this.#interrupted)) return event;
    const gap: EventGap = { kind: "gap", type: "gap", missed: this.#missed, reconnected: this.#interrupted };
    this.#missed = 0;
    this.#interrupted = false;
    return gap;
  }
}
