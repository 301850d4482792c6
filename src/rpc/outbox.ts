/** Messages on their way out: several of one turn of the event loop go in one write. */

import { MessageStatus, MessageType, type Program, remoteError, streamHole } from "../protocol/index.ts";
import { type Encoder, encoderOf, Writer } from "../protocol/xdr/index.ts";
import { largestMessage, messagePrefix } from "./framer.ts";
import { toRemoteError } from "./remote-error.ts";
import type { Transport } from "./transport.ts";

/** What a message is about: the header but for its type and status. */
export interface Subject {
  readonly program: Pick<Program, "number" | "version">;
  /** The number of the procedure. */
  readonly number: number;
}

/** Bytes that are collected before they are sent although the turn is not over. */
const cork = 64 * 1024;

/** Messages up to so many bytes are copied out of the writer, which keeps its buffer. */
const copiedMax = 4 * 1024;

const writeError = encoderOf(remoteError);
const writeHole = encoderOf(streamHole);

export class Outbox {
  readonly #transport: Transport;
  readonly #writer = new Writer(largestMessage + 2 * cork);
  readonly #flush = () => {
    this.#scheduled = false;
    this.flush();
  };
  #scheduled = false;
  /** Whether the transport asked to wait for its drain. */
  full = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Writes one message. When its body does not encode nothing is sent, and the encoder's error is thrown. */
  write<T>(
    subject: Subject,
    type: MessageType,
    status: MessageStatus,
    serial: number,
    body?: Encoder<T>,
    value?: T,
    descriptors?: readonly number[],
  ): void {
    const writer = this.#writer;
    const mark = writer.mark();
    try {
      writer.word(0);
      writer.word(subject.program.number);
      writer.word(subject.program.version);
      writer.word(subject.number);
      writer.word(type);
      writer.word(serial);
      writer.word(status);
      if (descriptors !== undefined) writer.word(descriptors.length);
      body?.(writer, value as T);
      this.#close(mark);
    } catch (error) {
      writer.reset(mark);
      throw error;
    }
    if (descriptors !== undefined) this.flush(descriptors);
    else if (writer.position >= cork) this.flush();
  }

  /** Answers a call with an error. */
  writeError(subject: Subject, type: MessageType, serial: number, error: unknown): void {
    this.write(subject, type, MessageStatus.ERROR, serial, writeError, toRemoteError(error));
  }

  /** Data of a stream: at most as much as a packet carries. */
  writeData(subject: Subject, serial: number, data: Uint8Array): void {
    if (data.length <= copiedMax) {
      this.write(subject, MessageType.STREAM, MessageStatus.CONTINUE, serial, writeRaw, data);
      return;
    }
    // A packet has its buffer at once: growing the writer to it would copy it several times.
    this.flush();
    const packet = Buffer.allocUnsafeSlow(messagePrefix + data.length);
    const { program, number } = subject;
    const { STREAM } = MessageType;
    const words = [packet.length, program.number, program.version, number, STREAM, serial, MessageStatus.CONTINUE];
    for (let index = 0; index < words.length; index++) packet.writeUInt32BE((words[index] as number) >>> 0, index * 4);
    packet.set(data, messagePrefix);
    if (!this.#transport.send(packet)) this.full = true;
  }

  writeHole(subject: Subject, serial: number, length: bigint): void {
    this.write(subject, MessageType.STREAM_HOLE, MessageStatus.CONTINUE, serial, writeHole, { length, flags: 0 });
  }

  /** Sends what has been written when the current turn's promises have run. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(this.#flush);
  }

  /** Sends what has been written. */
  flush(descriptors?: readonly number[]): void {
    if (this.#writer.position === 0) return;
    if (!this.#transport.send(this.#taken(), descriptors)) this.full = true;
  }

  /** What has been written. Little is copied, which costs less than a new buffer for the writer. */
  #taken(): Uint8Array {
    const writer = this.#writer;
    if (writer.position > copiedMax) return writer.take();
    const bytes = Buffer.allocUnsafe(writer.position);
    bytes.set(writer.view());
    writer.reset();
    return bytes;
  }

  #close(mark: number): void {
    const length = this.#writer.position - mark;
    if (length > largestMessage) throw new RangeError(`a message of ${length} bytes`);
    this.#writer.patch(mark, length);
  }
}

function writeRaw(writer: Writer, bytes: Uint8Array): void {
  writer.raw(bytes);
}
