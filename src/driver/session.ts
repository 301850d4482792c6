/** One open connection as the drivers see it: what it may do, where its events go, what to undo when it ends. */
import type { ArgsOf, EventMessage, EventName, ProcedureName, ResultOf } from "../protocol/index.ts";
import type { ConnectionUri } from "./uri.ts";

/** Takes the events of one connection. It must not block and must not throw. */
export type EventSink = <Name extends EventName>(name: Name, message: EventMessage<Name>) => void;

/** Calls a procedure of the same connection, as any client would. */
export type Caller = <Name extends ProcedureName>(
  name: Name,
  args: ArgsOf<Name>,
) => ResultOf<Name> | Promise<ResultOf<Name>>;

/** The other side of a connection that leaves this process. */
export interface Peer {
  /** Whether the connection is still there. */
  readonly isAlive: boolean;
  /** Whether what goes over it is encrypted. */
  readonly isEncrypted: boolean;
  /**
   * Asks the other side for a sign of life after `interval` seconds of silence (0: never), and takes it for gone when
   * `count` questions stay without an answer. False when the other side does not know such questions.
   */
  setKeepAlive(interval: number, count: number): boolean;
  /** Wants, or does not want any more, to be told when the other side's own connection ends. */
  watchClose(wanted: boolean): void;
}

export interface SessionOptions {
  readonly uri: ConnectionUri;
  readonly readOnly: boolean;
  readonly sink: EventSink;
  /** Set for calls of drivers among themselves. */
  readonly internal?: boolean;
  /** Is told that events may have been missed. */
  readonly onGap?: (() => void) | undefined;
}

/** A driver's view of a connection. */
export class Session {
  readonly uri: ConnectionUri;
  readonly readOnly: boolean;
  /** Whether the calls come from another driver of the same root: it may see what clients may not. */
  readonly internal: boolean;
  /** Delivers an event to this connection's client. */
  readonly emit: EventSink;
  /** Asks another driver of the same connection; set by the router that owns the session. */
  call!: Caller;
  /** The other side, set by a driver whose connection leaves this process. */
  peer: Peer | null = null;
  /** Says that events may have been missed: the way to their source was interrupted. */
  readonly gap: () => void;
  readonly #closers = new Set<() => void | Promise<void>>();
  #closed = false;

  constructor({ uri, readOnly, sink, internal = false, onGap = () => {} }: SessionOptions) {
    this.uri = uri;
    this.readOnly = readOnly;
    this.internal = internal;
    this.emit = sink;
    this.gap = onGap;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Registers what to undo when the connection ends; returns a function that takes the registration back. */
  onClose(undo: () => void | Promise<void>): () => void {
    this.#closers.add(undo);
    return () => this.#closers.delete(undo);
  }

  /** Ends the session: undoes everything that was registered, newest first, and waits for it. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closers = [...this.#closers].reverse();
    this.#closers.clear();
    const failures: unknown[] = [];
    for (const undo of closers) {
      try {
        await undo();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  }
}
