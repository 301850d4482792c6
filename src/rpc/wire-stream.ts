/** A stream on the wire: carries bytes and holes between the packets of a connection and a local Node stream. */
import type { Duplex } from "node:stream";
import { LibvirtError } from "../errors.ts";
import {
  MessageStatus,
  MessageType,
  remoteError,
  STREAM_PACKET_MAX,
  type StreamHole,
  streamHole,
} from "../protocol/index.ts";
import type { AnyProcedure, StreamRule } from "../protocol/procedure.ts";
import { decoderOf, Reader, XdrError } from "../protocol/xdr/index.ts";
import type { Outbox, Subject } from "./outbox.ts";
import { fromRemoteError, rpcError } from "./remote-error.ts";
import { isHole, type StreamChunk } from "./stream.ts";

/** Bytes that may wait for a slow reader of one stream before the whole connection stops reading: libvirt has no way
 * to stop one stream alone. */
const waitingMax = 8 * 1024 * 1024;
/** What a hole counts for while it waits. */
const holeCost = 1024;

const readHole = decoderOf(streamHole);
const readError = decoderOf(remoteError);

/** What a stream needs of its connection. */
export interface StreamHost {
  readonly outbox: Outbox;
  /** The stream is over: its packets are not for anybody any more. */
  forget(stream: WireStream): void;
  /** Stops reading the connection, until `release` was called as often. */
  hold(): void;
  release(): void;
}

export abstract class WireStream {
  readonly serial: number;
  protected readonly host: StreamHost;
  protected readonly subject: Subject;
  protected readonly direction: StreamRule["direction"];
  /** Whether holes are sent as such. */
  protected readonly sparse: boolean;
  protected readonly local: Duplex;
  /** Nothing is sent or taken any more. */
  protected over = false;
  /** The other side was told that nothing more is sent. */
  protected silent = false;
  #waiting = 0;
  #holding = false;
  readonly #pump = () => this.pump();

  /** @param args what the procedure was called with */
  constructor(host: StreamHost, procedure: AnyProcedure, serial: number, args: unknown, local: Duplex) {
    this.host = host;
    this.subject = procedure;
    this.serial = serial;
    this.direction = procedure.stream?.direction ?? "both";
    this.sparse = isSparse(procedure, args);
    this.local = local;
  }

  /** The number of the procedure that opened the stream, which its packets have too. */
  get procedure(): number {
    return this.subject.number;
  }

  /** Lets data flow. */
  start(): void {
    const { local } = this;
    local.on("readable", this.#pump);
    local.once("end", () => this.over || this.localEnded());
    local.once("error", (error: Error) => this.over || this.localFailed(error));
    local.once("close", () => this.over || this.localClosed());
    if (local.destroyed) {
      if (local.errored) this.localFailed(local.errored);
      else this.localClosed();
      return;
    }
    this.pump();
  }

  /** Sends what the local side has written, as long as the connection takes it. True: something was sent. */
  pump(packets = Number.POSITIVE_INFINITY): boolean {
    const { outbox } = this.host;
    let sent = 0;
    while (!this.over && !this.silent && !outbox.full && sent < packets) {
      const chunk = this.local.read() as StreamChunk | null;
      if (chunk === null) break;
      this.#send(chunk);
      sent++;
      if (sent % 4 === 0) outbox.flush();
    }
    if (sent > 0) outbox.flush();
    return sent > 0;
  }

  /** A packet of this stream has come: its body is `bytes` from `start` to `end`. */
  receive(type: number, status: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.over || this.local.destroyed) return;
    try {
      if (type === MessageType.STREAM_HOLE) {
        // libvirt takes no notice of holes with another status.
        if (status === MessageStatus.CONTINUE) this.#takeHole(readHole(new Reader(bytes, start, end)));
      } else if (status !== MessageStatus.CONTINUE) this.#takeStatus(status, bytes, start, end);
      else if (end === start) this.remoteEnded();
      // The piece keeps the chunk it came in alive; both are of the same order.
      else this.#put(bytes.subarray(start, end), end - start);
    } catch (error) {
      this.local.destroy(error instanceof XdrError ? rpcError("Unable to decode message payload") : (error as Error));
    }
  }

  #takeHole({ length, flags }: StreamHole): void {
    if (!this.sparse) throw streamError("Unexpected stream hole");
    if (length < 0n || flags !== 0) throw new LibvirtError("INVALID_ARG", "STREAMS", `a hole of ${length} bytes`);
    this.#put({ hole: length }, holeCost);
  }

  #takeStatus(status: number, bytes: Uint8Array, start: number, end: number): void {
    if (status === MessageStatus.OK) this.remoteFinished();
    else if (status !== MessageStatus.ERROR) throw streamError(`stream aborted with unexpected status ${status}`);
    else this.remoteFailed(end > start ? fromRemoteError(readError(new Reader(bytes, start, end))) : null);
  }

  /** The connection is gone, or the stream cannot go on. */
  lost(error: LibvirtError): void {
    if (this.over) return;
    this.close();
    this.local.destroy(error);
  }

  /** The local side has written its end. */
  protected abstract localEnded(): void;
  /** The local side gave up. */
  protected abstract localFailed(error: Error): void;
  /** The local side is gone without an end. */
  protected abstract localClosed(): void;
  /** The other side has no more data. */
  protected abstract remoteEnded(): void;
  /** The other side ends the stream in order. */
  protected abstract remoteFinished(): void;
  /** The other side breaks the stream off; a client does so without an error. */
  protected abstract remoteFailed(error: LibvirtError | null): void;

  /** What the local side still writes is for nobody; it must not keep that side from coming to its end. */
  protected discardLocal(): void {
    this.local.off("readable", this.#pump);
    this.local.resume();
  }

  protected sendStatus(status: MessageStatus): void {
    this.host.outbox.write(this.subject, MessageType.STREAM, status, this.serial);
    this.host.outbox.schedule();
  }

  /** No packet goes either way from now on. */
  protected close(): void {
    if (this.over) return;
    this.over = true;
    this.local.off("readable", this.#pump);
    this.#unhold();
    this.host.forget(this);
  }

  #send(chunk: StreamChunk): void {
    const { outbox } = this.host;
    if (this.direction === this.deaf) return;
    if (isHole(chunk)) outbox.writeHole(this.subject, this.serial, chunk.hole);
    else
      for (let at = 0; at < chunk.length; at += STREAM_PACKET_MAX)
        outbox.writeData(this.subject, this.serial, chunk.subarray(at, at + STREAM_PACKET_MAX));
  }

  /** The direction in which this side sends nothing. */
  protected abstract readonly deaf: StreamRule["direction"];
  /** The direction in which the other side sends nothing. */
  protected abstract readonly mute: StreamRule["direction"];

  #put(chunk: StreamChunk, cost: number): void {
    if (this.direction === this.mute) throw streamError("stream had unexpected termination");
    this.#waiting += cost;
    if (this.#waiting > waitingMax && !this.#holding) {
      this.#holding = true;
      this.host.hold();
    }
    this.local.write(chunk, () => {
      this.#waiting -= cost;
      if (this.#waiting <= waitingMax / 2) this.#unhold();
    });
  }

  #unhold(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.host.release();
  }
}

/** The client's side: finishes by itself when all is sent, or all has come. */
export class ClientStream extends WireStream {
  protected readonly deaf = "receive";
  protected readonly mute = "send";
  #finishing = false;

  protected override localEnded(): void {
    if (this.direction !== "receive") this.#finish();
  }

  protected override localFailed(): void {
    this.#abort();
  }

  protected override localClosed(): void {
    this.#abort();
  }

  protected override remoteEnded(): void {
    if (this.direction !== "send") this.#finish();
  }

  protected override remoteFinished(): void {
    this.close();
    this.discardLocal();
    this.local.end();
  }

  protected override remoteFailed(error: LibvirtError | null): void {
    this.close();
    this.local.destroy(error ?? new LibvirtError("OPERATION_ABORTED", "STREAMS", "the server ended the stream"));
  }

  /** Says that nothing more is wanted; the server's answer ends the stream. */
  #finish(): void {
    if (this.#finishing) return;
    this.#finishing = true;
    this.silent = true;
    this.discardLocal();
    this.sendStatus(MessageStatus.OK);
  }

  #abort(): void {
    this.close();
    this.sendStatus(MessageStatus.ERROR);
  }
}

/** The server's side. */
export class ServerStream extends WireStream {
  protected readonly deaf = "send";
  protected readonly mute = "receive";
  /** The driver has written its end. */
  #ended = false;
  /** The client has said that it is done. */
  #finishing = false;

  protected override localEnded(): void {
    this.#ended = true;
    if (this.#finishing) this.#confirm();
    else if (this.direction !== "send") this.sendStatus(MessageStatus.CONTINUE);
  }

  protected override localFailed(error: Error): void {
    this.close();
    this.host.outbox.writeError(this.subject, MessageType.STREAM, this.serial, error);
    this.host.outbox.schedule();
  }

  protected override localClosed(): void {
    if (this.#ended || this.#finishing) this.#confirm();
    else this.localFailed(new LibvirtError("OPERATION_ABORTED", "STREAMS", "the stream was closed"));
  }

  protected override remoteEnded(): void {}

  protected override remoteFinished(): void {
    if (this.#finishing) return;
    this.#finishing = true;
    this.local.end();
    if (this.#ended) this.#confirm();
    else if (this.direction === "receive") {
      // The client wants no more, though there is more: the driver need not read on.
      this.#confirm();
      this.local.destroy(new LibvirtError("OPERATION_ABORTED", "STREAMS", "the client has had enough"));
    }
  }

  protected override remoteFailed(): void {
    this.close();
    this.local.destroy(new LibvirtError("RPC", "RPC", "stream aborted at client request"));
    this.sendStatus(MessageStatus.OK);
  }

  #confirm(): void {
    this.close();
    this.sendStatus(MessageStatus.OK);
  }
}

function isSparse({ stream }: AnyProcedure, args: unknown): boolean {
  const { flags = 0 } = args as { readonly flags?: number };
  return stream?.sparseFlag !== undefined && (flags & stream.sparseFlag) !== 0;
}

function streamError(message: string): LibvirtError {
  return new LibvirtError("RPC", "STREAMS", message);
}
