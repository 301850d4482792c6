/** What reads and writes each procedure and event, derived once. */
import {
  type AnyEvent,
  type AnyProcedure,
  type EventName,
  events,
  type ProcedureName,
  procedures,
} from "../protocol/index.ts";
import { type Decoder, decoderOf, type Encoder, encoderOf } from "../protocol/xdr/index.ts";

/** A procedure with its codecs. */
export interface ProcedureCodec {
  readonly procedure: AnyProcedure;
  readonly readArgs: Decoder<unknown>;
  readonly writeArgs: Encoder<unknown>;
  readonly readResult: Decoder<unknown>;
  readonly writeResult: Encoder<unknown>;
}

export interface EventCodec {
  readonly event: AnyEvent;
  readonly read: Decoder<unknown>;
  readonly write: Encoder<unknown>;
}

const byName = new Map<string, ProcedureCodec>();
const byProcedure = new WeakMap<AnyProcedure, ProcedureCodec>();
const byEvent = new WeakMap<AnyEvent, EventCodec>();

export function codecOf(procedure: AnyProcedure): ProcedureCodec {
  let codec = byProcedure.get(procedure);
  if (codec === undefined) {
    codec = {
      procedure,
      readArgs: decoderOf(procedure.args),
      writeArgs: encoderOf(procedure.args),
      readResult: decoderOf(procedure.result),
      writeResult: encoderOf(procedure.result),
    };
    byProcedure.set(procedure, codec);
  }
  return codec;
}

export function codecByName(name: ProcedureName): ProcedureCodec {
  let codec = byName.get(name);
  if (codec === undefined) {
    codec = codecOf(procedures[name]);
    byName.set(name, codec);
  }
  return codec;
}

export function eventCodecOf(event: AnyEvent): EventCodec {
  let codec = byEvent.get(event);
  if (codec === undefined) {
    codec = { event, read: decoderOf(event.message), write: encoderOf(event.message) };
    byEvent.set(event, codec);
  }
  return codec;
}

export function eventCodecByName(name: EventName): EventCodec {
  return eventCodecOf(events[name]);
}
