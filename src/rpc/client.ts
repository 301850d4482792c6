/** The client's end of a connection: makes calls, many at a time, and takes the server's events. */
import { closeSync } from "node:fs";
import type { Duplex } from "node:stream";
import { LibvirtError, systemError } from "../errors.ts";
import {
  type ArgsOf,
  type EventMessage,
  type EventName,
  eventByNumber,
  MessageStatus,
  MessageType,
  type ProcedureName,
  type ResultOf,
  remoteError,
} from "../protocol/index.ts";
import { decoderOf, Reader } from "../protocol/xdr/index.ts";
import type { Descriptors } from "./descriptors.ts";
import { Endpoint, type Header } from "./endpoint.ts";
import { codecByName, eventCodecOf, type ProcedureCodec } from "./procedure-codec.ts";
import { fromRemoteError } from "./remote-error.ts";
import type { Transport } from "./transport.ts";
import { ClientStream } from "./wire-stream.ts";

/** Takes the events of a connection. It must not block and must not throw. */
export type RpcEventSink = <Name extends EventName>(name: Name, message: EventMessage<Name>) => void;

export interface RpcClientOptions {
  readonly onEvent: RpcEventSink;
  /** The connection is over; called once, after every pending call was rejected. */
  readonly onClose?: (reason: LibvirtError) => void;
}

export interface RpcCallOptions {
  /** Gives the call up when it fires: OPERATION_ABORTED. The connection stays usable. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the call up after so many milliseconds: OPERATION_TIMEOUT. The connection stays usable. */
  readonly timeout?: number | undefined;
  /**
   * The far end of the caller's stream, for procedures that open one: what is read from it is sent, what comes is
   * written to it; its chunks are `StreamChunk` values in object mode.
   */
  readonly stream?: Duplex | undefined;
  /** The open files that go along, and where those that come back are put. */
  readonly descriptors?: Descriptors | undefined;
}

interface Pending {
  readonly codec: ProcedureCodec;
  readonly args: unknown;
  readonly options: RpcCallOptions | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LibvirtError) => void;
  /** Takes back the signal's listener and the timer. */
  release: (() => void) | undefined;
  /** Packets of the stream that came before the answer: libvirtd answers and sends data from different threads. */
  readonly early: EarlyPacket[];
}

interface EarlyPacket {
  readonly type: number;
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** More packets before the answer than any race explains. */
const maxEarly = 64;

const readError = decoderOf(remoteError);

export class RpcClient extends Endpoint {
  readonly #options: RpcClientOptions;
  readonly #pending = new Map<number, Pending>();
  /** Calls for a stream that were given up before the answer came: their stream is broken off when it does. */
  readonly #givenUp = new Set<number>();
  #serial = 0;
  #reason: LibvirtError | undefined;
  #whenEnded: (() => void)[] = [];

  constructor(transport: Transport, options: RpcClientOptions) {
    super(transport);
    this.#options = options;
    this.open();
  }

  /** Calls a procedure. Rejects with the server's error, or with the one that ended the connection. */
  call<N extends ProcedureName>(name: N, args: ArgsOf<N>, options?: RpcCallOptions): Promise<ResultOf<N>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#reason !== undefined) throw closedError(this.#reason);
      const codec = codecByName(name);
      if (options?.signal?.aborted) throw givenUp(codec, options.signal);
      const serial = this.#nextSerial();
      this.#send(codec, serial, args, options?.descriptors);
      const pending: Pending = { codec, args, options, resolve, reject, release: undefined, early: [] };
      this.#pending.set(serial, pending);
      if (options !== undefined) this.#bind(serial, pending, options);
    }) as Promise<ResultOf<N>>;
  }

  /** Watches whether the server is alive: pings after `interval` seconds of silence, gives up after `count`. 0: off. */
  keepalive(interval: number, count: number): void {
    this.keepaliveWatch.start(interval, count);
  }

  /** Ends the connection; what was sent still goes out. Pending calls are rejected. */
  async close(): Promise<void> {
    if (this.#reason === undefined) {
      this.outbox.flush();
      const ended = new Promise<void>((resolve) => this.#whenEnded.push(resolve));
      this.#fail(new LibvirtError("INTERNAL_ERROR", "RPC", "client socket is closed"));
      this.transport.close();
      await ended;
    }
  }

  protected override get busy(): boolean {
    return false;
  }

  protected override message(header: Header, start: number): void {
    const { type } = header;
    if (type === MessageType.REPLY) this.#reply(header, start);
    else if (type === MessageType.REPLY_WITH_FDS) this.#reply(header, start + 4);
    else if (type === MessageType.MESSAGE) this.#event(header, start);
    else if (type === MessageType.STREAM || type === MessageType.STREAM_HOLE) this.#packet(header, start);
  }

  protected override broken(error: Error): void {
    this.#fail(new LibvirtError("RPC", "RPC", `the server sent ${error.message}`, { cause: error }));
    this.transport.close(error);
  }

  protected override unresponsive(): void {
    const error = new LibvirtError("INTERNAL_ERROR", "RPC", "connection closed due to keepalive timeout");
    this.#fail(error);
    this.transport.close(error);
  }

  protected override ended(error: Error | undefined): void {
    this.#fail(error === undefined ? endOfFile() : lostConnection(error));
    for (const resolve of this.#whenEnded.splice(0)) resolve();
  }

  #nextSerial(): number {
    let serial = this.#serial;
    while (this.#pending.has(serial) || this.#givenUp.has(serial) || this.stream(serial) !== undefined) {
      serial = (serial + 1) >>> 0;
    }
    this.#serial = (serial + 1) >>> 0;
    return serial;
  }

  #send({ procedure, writeArgs }: ProcedureCodec, serial: number, args: unknown, descriptors?: Descriptors): void {
    const given = descriptors?.given ?? [];
    if (given.length > 0 && !this.transport.canPassDescriptors) {
      const detail =
        "this connection cannot pass file descriptors: it takes a unix socket and the optional native part";
      throw new LibvirtError("OPERATION_UNSUPPORTED", "RPC", detail);
    }
    if (procedure.descriptors === "reply" || procedure.descriptors === "both") this.transport.expectDescriptors?.();
    try {
      if (given.length === 0) {
        this.outbox.write(procedure, MessageType.CALL, MessageStatus.OK, serial, writeArgs, args);
      } else {
        this.outbox.write(procedure, MessageType.CALL_WITH_FDS, MessageStatus.OK, serial, writeArgs, args, given);
      }
    } catch (cause) {
      throw unencodable(procedure.cFunction, cause);
    }
    this.outbox.schedule();
  }

  #bind(serial: number, pending: Pending, { signal, timeout }: RpcCallOptions): void {
    if (signal === undefined && timeout === undefined) return;
    const { codec } = pending;
    const onAbort = () => this.#giveUp(serial, givenUp(codec, signal));
    const late = () => this.#giveUp(serial, tooLate(codec, timeout));
    const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
    signal?.addEventListener("abort", onAbort, { once: true });
    pending.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  }

  #giveUp(serial: number, error: LibvirtError): void {
    const pending = this.#pending.get(serial);
    if (pending === undefined) return;
    this.#pending.delete(serial);
    pending.release?.();
    if (pending.codec.procedure.stream !== null) this.#givenUp.add(serial);
    pending.reject(error);
  }

  #reply({ serial, status, program, number }: Header, start: number): void {
    const { bytes, end, descriptors } = this.framer;
    const pending = this.#pending.get(serial);
    if (pending === undefined) {
      this.#lateReply(serial, status, program, number);
      closeAll(descriptors);
      return;
    }
    this.#pending.delete(serial);
    pending.release?.();
    const { codec, options } = pending;
    try {
      const reader = new Reader(bytes, start, end);
      if (status !== MessageStatus.OK) {
        closeAll(descriptors);
        pending.reject(fromRemoteError(readError(reader)));
        return;
      }
      const result = codec.readResult(reader);
      this.#keep(descriptors, options);
      this.#openStream(serial, pending);
      pending.resolve(result);
    } catch (cause) {
      closeAll(descriptors);
      const detail = `${codec.procedure.cFunction}: the server's answer cannot be decoded`;
      pending.reject(new LibvirtError("RPC", "RPC", detail, { cause }));
    }
  }

  #keep(descriptors: readonly number[], options: RpcCallOptions | undefined): void {
    if (descriptors.length === 0) return;
    if (options?.descriptors === undefined) closeAll(descriptors);
    else options.descriptors.reply.push(...descriptors);
  }

  #openStream(serial: number, { codec, args, options, early }: Pending): void {
    const { procedure } = codec;
    if (procedure.stream === null) return;
    if (options?.stream === undefined) this.#breakOff(serial, procedure.program, procedure.number);
    else {
      const stream = new ClientStream(this, procedure, serial, args, options.stream);
      this.adopt(stream);
      for (const { type, status, bytes, start, end } of early) stream.receive(type, status, bytes, start, end);
    }
  }

  /** Nobody waits for this any more. If it opened a stream, nobody will use that. */
  #lateReply(serial: number, status: number, program: number, number: number): void {
    if (!this.#givenUp.delete(serial) || status !== MessageStatus.OK) return;
    this.#breakOff(serial, { number: program, version: 1 }, number);
  }

  #breakOff(serial: number, program: { readonly number: number; readonly version: number }, number: number): void {
    this.outbox.write({ program, number }, MessageType.STREAM, MessageStatus.ERROR, serial);
    this.outbox.schedule();
  }

  #event({ program, number }: Header, start: number): void {
    const event = eventByNumber(program, number);
    // A newer server may have events that are not in our description.
    if (event === undefined) return;
    let message: unknown;
    try {
      message = eventCodecOf(event).read(new Reader(this.framer.bytes, start, this.framer.end));
    } catch {
      return;
    }
    this.#options.onEvent(event.name as EventName, message as EventMessage<EventName>);
  }

  #packet({ number, type, serial, status }: Header, start: number): void {
    const { bytes, end } = this.framer;
    const stream = this.stream(serial);
    if (stream?.procedure === number) stream.receive(type, status, bytes, start, end);
    else this.#early(serial, { type, status, bytes, start, end });
  }

  #early(serial: number, packet: EarlyPacket): void {
    const pending = this.#pending.get(serial);
    if (pending === undefined) return;
    if (pending.early.length >= maxEarly) this.broken(new Error("data of a stream without an answer to its call"));
    else pending.early.push(packet);
  }

  /** Rejects whatever waits, at once. */
  #fail(reason: LibvirtError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.shut(() => reason);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { release, reject } of pending) {
      release?.();
      reject(reason);
    }
    this.#options.onClose?.(reason);
  }
}

function givenUp({ procedure }: ProcedureCodec, signal: AbortSignal | undefined): LibvirtError {
  const detail = `${procedure.cFunction}: the caller gave up`;
  return new LibvirtError("OPERATION_ABORTED", "RPC", detail, { cause: signal?.reason });
}

function tooLate({ procedure }: ProcedureCodec, timeout: number | undefined): LibvirtError {
  return new LibvirtError("OPERATION_TIMEOUT", "RPC", `${procedure.cFunction}: no answer in ${timeout} ms`);
}

function endOfFile(): LibvirtError {
  const cause = Object.assign(new Error("end of file"), { code: "EIO", errno: -5 });
  return systemError("RPC", "End of file while reading data", cause);
}

function lostConnection(error: Error): LibvirtError {
  if (error instanceof LibvirtError) return error;
  return systemError("RPC", "Cannot read data", error);
}

/** What a call on a connection that is over says. */
function closedError(reason: LibvirtError): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "RPC", "client socket is closed", { cause: reason });
}

function unencodable(cFunction: string, cause: unknown): LibvirtError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LibvirtError("RPC", "RPC", `Unable to encode message payload: ${cFunction}: ${reason}`, { cause });
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
