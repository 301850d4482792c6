/** Messages: their header, and what an error or a hole in a stream looks like. */
import { domain, network } from "./shapes.ts";
import { enumeration, hyper, int, type Of, optional, string, struct, type Type, uint } from "./xdr/index.ts";

/** Bytes of the word in front of each message, which holds the message's length with itself included. */
export const MESSAGE_LENGTH_SIZE = 4;
/** Bytes of the header that follows the length. */
export const MESSAGE_HEADER_SIZE = 24;
/** The most bytes of a message, without its length word. */
export const MESSAGE_MAX = 33554432;
/** The most bytes of a message's body. */
export const MESSAGE_PAYLOAD_MAX = MESSAGE_MAX - MESSAGE_HEADER_SIZE;
/** The most bytes of data in one packet of a stream: older peers take no larger ones. */
export const STREAM_PACKET_MAX = 262120;
/** The most file descriptors that may go with one message. */
export const MESSAGE_DESCRIPTORS_MAX = 32;

/** What a message is. */
export const MessageType = {
  /** A client calls a procedure. */
  CALL: 0,
  /** The server answers a call. */
  REPLY: 1,
  /** An event, or a sign of life; no answer follows. */
  MESSAGE: 2,
  /** Data of a stream, its end, or its failure. */
  STREAM: 3,
  /** A call with file descriptors. */
  CALL_WITH_FDS: 4,
  /** An answer with file descriptors. */
  REPLY_WITH_FDS: 5,
  /** A hole in the data of a sparse stream. */
  STREAM_HOLE: 6,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** How a call went, or a stream goes on. */
export const MessageStatus = {
  /** The body is the result; of a stream: its end. */
  OK: 0,
  /** The body is a `RemoteError`. A client that breaks off a stream sends none: its body is empty. */
  ERROR: 1,
  /** More data of a stream. */
  CONTINUE: 2,
} as const;
export type MessageStatus = (typeof MessageStatus)[keyof typeof MessageStatus];

const messageHeaderShape = struct({
  prog: uint,
  vers: uint,
  proc: int,
  type: enumeration(MessageType),
  serial: uint,
  status: enumeration(MessageStatus),
});
/** What each message begins with. A reply and the packets of a stream have the serial number of their call. */
export interface MessageHeader extends Of<typeof messageHeaderShape> {}
export const messageHeader: Type<MessageHeader> = messageHeaderShape;

const remoteErrorShape = struct({
  code: int,
  domain: int,
  message: optional(string),
  level: int,
  dom: optional(domain),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: int,
  int2: int,
  net: optional(network),
});
/** An error on the wire: the body of a message whose status is ERROR. */
export interface RemoteError extends Of<typeof remoteErrorShape> {}
export const remoteError: Type<RemoteError> = remoteErrorShape;

const streamHoleShape = struct({ length: hyper, flags: uint });
/** The body of a message of type STREAM_HOLE: how many bytes to skip. `flags` is 0. */
export interface StreamHole extends Of<typeof streamHoleShape> {}
export const streamHole: Type<StreamHole> = streamHoleShape;
