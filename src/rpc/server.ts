/** The server's end of one connection: takes calls, has them answered, sends events. */
import { closeSync } from "node:fs";
import type { LibvirtError } from "../errors.ts";
import {
  type AnyProcedure,
  ConnectFeature,
  type EventMessage,
  type EventName,
  MessageStatus,
  MessageType,
  type Program,
  procedureByNumber,
  procedures,
} from "../protocol/index.ts";
import { type Encoder, Reader } from "../protocol/xdr/index.ts";
import type { Descriptors } from "./descriptors.ts";
import { Endpoint, type Header } from "./endpoint.ts";
import type { Subject } from "./outbox.ts";
import { codecOf, eventCodecByName, type ProcedureCodec } from "./procedure-codec.ts";
import { rpcError } from "./remote-error.ts";
import { type StreamEnd, streamPair } from "./stream.ts";
import type { Transport } from "./transport.ts";
import { ServerStream } from "./wire-stream.ts";

/** A call that a client made. */
export interface IncomingCall {
  readonly procedure: AnyProcedure;
  readonly args: unknown;
  readonly serial: number;
  /** Fires when the client goes. */
  readonly signal: AbortSignal;
  /** The driver's end of the stream, for procedures that open one. It flows once the call has been answered. */
  readonly stream?: StreamEnd;
  /** The open files that came along and those that go back, where the procedure has such. */
  readonly descriptors?: Descriptors;
}

export interface RpcServerLimits {
  /** Calls of this client that may be under way at a time: above it a few wait, and then nothing more is read. */
  readonly maxRequests: number;
  /** Streams of this client that may be open at a time. */
  readonly maxStreams?: number;
  /** Bytes that may wait for a client that does not read its events, before it is dropped. */
  readonly maxBacklog?: number;
}

export interface RpcServerOptions {
  /** The programs that are served. */
  readonly programs: readonly Program[];
  /**
   * Whether the procedure may be called at all; asked before the arguments are decoded. Throws a LibvirtError if not.
   */
  readonly admit?: (procedure: AnyProcedure) => void;
  /** Answers a call: throws or rejects with a LibvirtError. A result that is there at once is sent in the same turn. */
  readonly dispatch: (call: IncomingCall) => unknown;
  readonly limits?: RpcServerLimits;
  /** The connection is over; called once. */
  readonly onClose: (reason?: Error) => void;
}

/**
 * Calls above the limit wait here, so that streams and signs of life are not kept waiting behind them; when so many or
 * so many bytes of them wait, nothing more is read.
 */
const heldMax = 32;
const heldBytesMax = 256 * 1024;

const defaultLimits = { maxRequests: 5, maxStreams: 64, maxBacklog: 64 * 1024 * 1024 };

/** Where the body begins when the message carries descriptors. */
const descriptorCountSize = 4;

/** One client of a server. */
export class RpcServerPeer extends Endpoint {
  readonly #programs: ReadonlyMap<number, Program>;
  readonly #options: RpcServerOptions;
  readonly #maxStreams: number;
  readonly #maxBacklog: number;
  #maxRequests: number;
  #running = 0;
  #held: HeldCall[] = [];
  #heldBytes = 0;
  #control: AbortController | undefined;

  constructor(transport: Transport, options: RpcServerOptions) {
    super(transport);
    const limits = { ...defaultLimits, ...options.limits };
    this.#options = options;
    this.#programs = new Map(options.programs.map((program) => [program.number, program]));
    this.#maxRequests = limits.maxRequests;
    this.#maxStreams = limits.maxStreams;
    this.#maxBacklog = limits.maxBacklog;
    this.open();
  }

  /** How many calls of this client are being answered. */
  get running(): number {
    return this.#running;
  }

  /** Calls that may be under way at a time; may be changed at any time. */
  set maxRequests(count: number) {
    this.#maxRequests = count;
    this.#unhold();
    this.proceed();
  }

  /** The most bytes that a message of this client may have: less before it has authenticated, say. */
  set maxMessage(bytes: number) {
    this.framer.limit = bytes;
  }

  /** Sends an event. A client that does not read is dropped when too much waits for it. */
  emit<N extends EventName>(name: N, message: EventMessage<N>): void {
    if (this.closed) return;
    const { event, write } = eventCodecByName(name);
    this.outbox.write(event, MessageType.MESSAGE, MessageStatus.OK, 0, write, message);
    this.outbox.schedule();
    if (this.transport.pending > this.#maxBacklog) this.close(new Error("the client does not read what it is sent"));
  }

  /** Watches whether the client is alive: `interval` in seconds; called when the client asked for it. */
  startKeepalive(interval: number, count: number): void {
    this.keepaliveWatch.start(interval, count);
  }

  /** Ends the connection. Without an error what was sent still goes out. */
  close(error?: Error): void {
    if (this.closed) return;
    this.outbox.flush();
    this.#shut(error);
    this.transport.close(error);
  }

  protected override get busy(): boolean {
    return this.outbox.full || this.#held.length >= heldMax || this.#heldBytes >= heldBytesMax;
  }

  protected override message(header: Header, start: number): void {
    const { type } = header;
    if (type === MessageType.CALL || type === MessageType.CALL_WITH_FDS) this.#admit(header, start);
    else {
      if (type === MessageType.STREAM || type === MessageType.STREAM_HOLE) this.#packet(header, start);
      // A reply or an event makes no sense from a client: libvirt drops it too.
      closeAll(this.framer.descriptors);
    }
  }

  protected override broken(error: Error): void {
    this.close(error);
  }

  protected override unresponsive(): void {
    this.close(new Error("connection closed due to keepalive timeout"));
  }

  protected override ended(error: Error | undefined): void {
    this.#shut(error);
  }

  #shut(error: Error | undefined): void {
    if (this.closed) return;
    this.shut(clientGone);
    for (const { descriptors } of this.#held.splice(0)) closeAll(descriptors);
    this.#control?.abort(clientGone());
    this.#options.onClose(error);
  }

  #admit(header: Header, start: number): void {
    const { bytes, end, descriptors } = this.framer;
    if (this.#running < this.#maxRequests && this.#held.length === 0)
      this.#call(header, bytes, start, end, descriptors);
    else this.#hold(header, bytes.slice(start, end), descriptors);
  }

  #hold(header: Header, body: Uint8Array, descriptors: readonly number[]): void {
    this.#held.push({ header: { ...header }, body, descriptors });
    this.#heldBytes += body.length;
  }

  /** Calls that waited get their turn. */
  #unhold(): void {
    while (this.#running < this.#maxRequests && !this.closed) {
      const held = this.#held.shift();
      if (held === undefined) return;
      this.#heldBytes -= held.body.length;
      this.#call(held.header, held.body, 0, held.body.length, held.descriptors);
    }
  }

  #call(header: Header, bytes: Uint8Array, start: number, end: number, descriptors: readonly number[]): void {
    let codec: ProcedureCodec;
    let call: PeerCall | undefined;
    let result: unknown;
    try {
      codec = this.#codecFor(header);
      const from = header.type === MessageType.CALL ? start : start + descriptorCountSize;
      const args = argsOf(codec, new Reader(bytes, from, end));
      call = new PeerCall(this, codec.procedure, args, header.serial, descriptors);
      if (asksForDescriptors(call)) this.transport.expectDescriptors?.();
      this.#openStream(call);
      result = this.#options.dispatch(call);
    } catch (error) {
      if (call === undefined) closeAll(descriptors);
      else call.abandon();
      this.outbox.writeError(subjectOf(header), MessageType.REPLY, header.serial, error);
      return;
    }
    if (result instanceof Promise) this.#answerLater(call, codec, result);
    else this.#answer(call, codec, result);
  }

  #codecFor({ program, version, number, status }: Header): ProcedureCodec {
    if (this.#programs.get(program)?.version !== version) {
      throw rpcError(`Cannot find program ${program | 0} version ${version | 0}`);
    }
    if (status !== MessageStatus.OK) throw rpcError(`Unexpected message status ${status >>> 0}`);
    const procedure = procedureByNumber(program, number);
    if (procedure === undefined) throw rpcError(`unknown procedure: ${number}`);
    this.#options.admit?.(procedure);
    return codecOf(procedure);
  }

  #openStream(call: PeerCall): void {
    if (call.procedure.stream === null) return;
    if (this.streamCount >= this.#maxStreams) throw rpcError("too many open streams");
    call.openStream();
  }

  #answerLater(call: PeerCall, codec: ProcedureCodec, result: Promise<unknown>): void {
    this.#running++;
    result.then(
      (value) => this.#finish(() => this.#answer(call, codec, value)),
      (error) => this.#finish(() => this.#fail(call, error)),
    );
  }

  #finish(answer: () => void): void {
    this.#running--;
    answer();
    if (this.closed) return;
    this.outbox.schedule();
    if (this.#held.length === 0) return;
    this.#unhold();
    this.proceed();
  }

  #answer(call: PeerCall, { writeResult }: ProcedureCodec, result: unknown): void {
    if (this.closed) {
      call.abandon();
      return;
    }
    try {
      this.#reply(call, writeResult, result);
    } catch {
      this.#fail(call, rpcError("Unable to encode message payload"));
      return;
    }
    call.settle();
    if (call.wireEnd === undefined) return;
    this.adopt(new ServerStream(this, call.procedure, call.serial, call.args, call.wireEnd));
  }

  #reply(call: PeerCall, write: Encoder<unknown>, result: unknown): void {
    const { procedure, serial, descriptors } = call;
    const files = descriptors?.reply;
    if (files === undefined || files.length === 0) {
      this.outbox.write(procedure, MessageType.REPLY, MessageStatus.OK, serial, write, result);
    } else {
      if (!this.transport.canPassDescriptors) throw rpcError("this connection cannot pass file descriptors");
      this.outbox.write(procedure, MessageType.REPLY_WITH_FDS, MessageStatus.OK, serial, write, result, files);
    }
  }

  #fail(call: PeerCall, error: unknown): void {
    call.abandon();
    if (!this.closed) this.outbox.writeError(call.procedure, MessageType.REPLY, call.serial, error);
  }

  #packet({ number, type, serial, status }: Header, start: number): void {
    const stream = this.stream(serial);
    // Packets that were on their way when the stream ended are nobody's.
    if (stream?.procedure === number) stream.receive(type, status, this.framer.bytes, start, this.framer.end);
  }

  /** @internal */
  get signal(): AbortSignal {
    this.#control ??= new AbortController();
    if (this.closed && !this.#control.signal.aborted) this.#control.abort(clientGone());
    return this.#control.signal;
  }
}

/** A call that waits for others of its client to end. */
interface HeldCall {
  readonly header: Header;
  readonly body: Uint8Array;
  readonly descriptors: readonly number[];
}

class PeerCall implements IncomingCall {
  readonly procedure: AnyProcedure;
  readonly args: unknown;
  readonly serial: number;
  readonly descriptors?: Descriptors;
  stream?: StreamEnd;
  /** The other end of `stream`. */
  wireEnd?: StreamEnd;
  readonly #peer: RpcServerPeer;

  constructor(peer: RpcServerPeer, procedure: AnyProcedure, args: unknown, serial: number, given: readonly number[]) {
    this.#peer = peer;
    this.procedure = procedure;
    this.args = args;
    this.serial = serial;
    if (procedure.descriptors !== "none" || given.length > 0) this.descriptors = { given, reply: [] };
  }

  get signal(): AbortSignal {
    return this.#peer.signal;
  }

  openStream(): void {
    [this.wireEnd, this.stream] = streamPair();
  }

  /** The call is answered: what files went along or came back are of no more use here. */
  settle(): void {
    if (this.descriptors === undefined) return;
    closeAll(this.descriptors.given);
    closeAll(this.descriptors.reply);
  }

  /** The call has failed, or there is nobody to answer. */
  abandon(): void {
    this.settle();
    this.wireEnd?.destroy();
    this.stream?.destroy();
  }
}

function argsOf({ readArgs }: ProcedureCodec, reader: Reader): unknown {
  try {
    return readArgs(reader);
  } catch {
    throw rpcError("Unable to decode message payload");
  }
}

/** Clients ask whether the connection can pass open files before they send the first. */
function asksForDescriptors({ procedure, args }: IncomingCall): boolean {
  if (procedure !== procedures.connectSupportsFeature) return false;
  return (args as { readonly feature: number }).feature === ConnectFeature.FD_PASSING;
}

function clientGone(): LibvirtError {
  return rpcError("the client is gone");
}

/** What the header is about, as it stands there: it may be nothing that we know. */
function subjectOf({ program, version, number }: Header): Subject {
  return { program: { number: program, version }, number };
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
