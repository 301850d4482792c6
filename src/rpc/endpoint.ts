/** What both ends of a connection do alike: read messages one by one, hold reading, drive streams, watch for life. */
import { closeSync } from "node:fs";
import type { LibvirtError } from "../errors.ts";
import { keepaliveProgram, MessageType } from "../protocol/index.ts";
import { Framer, FramingError, messagePrefix } from "./framer.ts";
import { Keepalive } from "./keepalive.ts";
import { Outbox } from "./outbox.ts";
import type { Transport, TransportHandlers } from "./transport.ts";
import type { StreamHost, WireStream } from "./wire-stream.ts";
import { intAt, wordAt } from "./word.ts";

/** The header of the message at hand. */
export interface Header {
  program: number;
  version: number;
  number: number;
  type: number;
  serial: number;
  status: number;
}

/** Messages of one connection that are looked at before others get their turn. */
const turn = 128;

export abstract class Endpoint implements StreamHost {
  readonly outbox: Outbox;
  protected readonly transport: Transport;
  protected readonly framer = new Framer();
  protected readonly keepaliveWatch: Keepalive;
  protected readonly header: Header = { program: 0, version: 0, number: 0, type: 0, serial: 0, status: 0 };
  readonly #streams = new Map<number, WireStream>();
  #holds = 0;
  #paused = false;
  #pumping = false;
  #yielded = false;
  #closed = false;

  constructor(transport: Transport) {
    this.transport = transport;
    this.outbox = new Outbox(transport);
    this.keepaliveWatch = new Keepalive(this.outbox, () => this.unresponsive());
  }

  /** Whether the connection is over. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Begins to read. */
  protected open(): void {
    this.transport.start({
      data: (chunk, descriptors) => this.#data(chunk, descriptors),
      drain: () => this.#drained(),
      end: (error) => this.#ended(error),
    } satisfies TransportHandlers);
  }

  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.proceed();
  }

  forget(stream: WireStream): void {
    this.#streams.delete(stream.serial);
  }

  protected stream(serial: number): WireStream | undefined {
    return this.#streams.get(serial);
  }

  protected adopt(stream: WireStream): void {
    this.#streams.set(stream.serial, stream);
    stream.start();
  }

  /** How many streams are open. */
  protected get streamCount(): number {
    return this.#streams.size;
  }

  /** The other side has sent a message: `header`, and its body in `framer` from `start` to `end`. */
  protected abstract message(header: Header, start: number): void;
  /** Whether no further message may be looked at now. */
  protected abstract get busy(): boolean;
  /** The bytes that came make no sense; the connection cannot go on. */
  protected abstract broken(error: Error): void;
  /** The other side gives no sign of life. */
  protected abstract unresponsive(): void;
  /** The connection is over. */
  protected abstract ended(error: Error | undefined): void;

  /** Looks at further messages if there are any and if nothing stands in the way. */
  protected proceed(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    let taken = 0;
    try {
      while (!this.#blocked() && this.framer.next()) {
        this.#take();
        if (++taken === turn) this.#yield();
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.broken(error);
    } finally {
      this.#pumping = false;
    }
    this.outbox.flush();
    this.#throttle();
  }

  /** Ends all that hangs on the connection. */
  protected shut(reason: () => LibvirtError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.keepaliveWatch.stop();
    for (const stream of [...this.#streams.values()]) stream.lost(reason());
    this.framer.destroy();
  }

  #blocked(): boolean {
    return this.#closed || this.#yielded || this.#holds > 0 || this.busy;
  }

  /** Others get their turn before the next message. */
  #yield(): void {
    this.#yielded = true;
    setImmediate(() => {
      this.#yielded = false;
      this.proceed();
    });
  }

  #throttle(): void {
    if (this.#closed) return;
    const blocked = this.#blocked();
    if (blocked === this.#paused) return;
    this.#paused = blocked;
    this.keepaliveWatch.deaf(blocked);
    if (blocked) this.transport.pause();
    else this.transport.resume();
  }

  #data(chunk: Uint8Array, descriptors?: readonly number[]): void {
    if (this.#closed) {
      for (const descriptor of descriptors ?? []) closeSync(descriptor);
      return;
    }
    this.keepaliveWatch.heard();
    this.framer.push(chunk, descriptors);
    this.proceed();
  }

  #take(): void {
    const { framer, header } = this;
    const { bytes, start } = framer;
    header.program = wordAt(bytes, start + 4);
    header.version = wordAt(bytes, start + 8);
    header.number = intAt(bytes, start + 12);
    header.type = intAt(bytes, start + 16);
    header.serial = wordAt(bytes, start + 20);
    header.status = intAt(bytes, start + 24);
    if (header.program === keepaliveProgram.number && isSignOfLife(header)) this.keepaliveWatch.receive(header.number);
    else this.message(header, start + messagePrefix);
  }

  #drained(): void {
    this.outbox.full = false;
    // Calls before streams: one that fills the connection would else keep them from ever being looked at.
    this.proceed();
    this.#driveStreams();
  }

  /** One packet of each stream in turn, so that none keeps the others waiting. */
  #driveStreams(): void {
    let sent = true;
    while (sent && !this.outbox.full) {
      sent = false;
      for (const stream of [...this.#streams.values()]) {
        if (this.outbox.full) break;
        if (!stream.pump(1)) continue;
        sent = true;
        if (this.#streams.delete(stream.serial)) this.#streams.set(stream.serial, stream);
      }
    }
  }

  #ended(error: Error | undefined): void {
    this.ended(error);
  }
}

function isSignOfLife({ version, type }: Header): boolean {
  return version === keepaliveProgram.version && type === MessageType.MESSAGE;
}
