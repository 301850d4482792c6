import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { eventByNumber, procedureByNumber } from "../lookup.ts";
import {
  MESSAGE_LENGTH_SIZE,
  type MessageHeader,
  MessageStatus,
  MessageType,
  messageHeader,
  remoteError,
  streamHole,
} from "../message.ts";
import { keepaliveProgram } from "../programs.ts";
import { decode, encode, nothing, Reader, type Type, Writer } from "../xdr/index.ts";
import { sourceFile } from "./source.ts";

/** What `record/record.py` wrote: real messages of libvirt's own client library and daemon. */
type Kind = "call" | "reply" | "error" | "event" | "stream" | "hole";
type Recorded = readonly [kind: Kind, program: number, procedure: number, message: string];

const recorded = readFileSync(sourceFile("golden/recorded.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

/** What the body of a message is; null for the data of a stream, which is no XDR. */
function bodyType(header: MessageHeader, size: number): Type | null {
  if (header.status === MessageStatus.ERROR)
    return header.type === MessageType.STREAM && size === 0 ? null : remoteError;
  switch (header.type) {
    case MessageType.CALL:
    case MessageType.CALL_WITH_FDS:
      return procedureOf(header).args;
    case MessageType.REPLY:
    case MessageType.REPLY_WITH_FDS:
      return procedureOf(header).result;
    case MessageType.STREAM_HOLE:
      return streamHole;
    case MessageType.STREAM:
      return null;
    case MessageType.MESSAGE:
      return header.prog === keepaliveProgram.number ? nothing : eventOf(header).message;
  }
}

function procedureOf({ prog, proc }: MessageHeader) {
  return procedureByNumber(prog, proc) ?? assert.fail(`program ${prog} has no procedure ${proc}`);
}

function eventOf({ prog, proc }: MessageHeader) {
  return eventByNumber(prog, proc) ?? assert.fail(`program ${prog} has no event ${proc}`);
}

function nameOf({ prog, proc }: MessageHeader): string {
  return (procedureByNumber(prog, proc) ?? eventByNumber(prog, proc))?.name ?? `${prog}/${proc}`;
}

/** Reads a message and writes it anew. */
function again(message: Uint8Array): Uint8Array {
  const reader = new Reader(message, MESSAGE_LENGTH_SIZE);
  const writer = new Writer();
  writer.word(message.length);
  const header = decode(messageHeader, reader);
  encode(messageHeader, header, writer);
  if (header.type === MessageType.CALL_WITH_FDS || header.type === MessageType.REPLY_WITH_FDS) {
    writer.word(reader.word());
  }
  const type = bodyType(header, reader.remaining);
  if (type === null) writer.raw(message.subarray(reader.position));
  else encode(type, decode(type, reader), writer);
  if (type !== null) assert.equal(reader.remaining, 0, `${nameOf(header)} was read to its end`);
  return writer.take();
}

function headerOf(message: Uint8Array): MessageHeader {
  return decode(messageHeader, new Reader(message, MESSAGE_LENGTH_SIZE));
}

test("every message of the C client and daemon is read and written again byte for byte", () => {
  for (const [kind, , , base64] of recorded) {
    const message = Buffer.from(base64, "base64");
    const name = `${kind} ${nameOf(headerOf(message))}`;
    let written: Uint8Array;
    try {
      written = again(message);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
    assert.equal(Buffer.from(written).toString("hex"), message.toString("hex"), name);
  }
});

test("the recording covers most of the API", () => {
  const seen = (kind: Kind) => new Set(recorded.filter(([k]) => k === kind).map(([, prog, proc]) => `${prog}/${proc}`));
  assert(seen("call").size >= 360, `calls of ${seen("call").size} procedures`);
  assert(seen("reply").size >= 330, `replies of ${seen("reply").size} procedures`);
  assert(seen("error").size >= 100, `errors of ${seen("error").size} procedures`);
  assert(seen("event").size >= 18, `${seen("event").size} kinds of event`);
});
