/** Opens the stream of a procedure that has one. */

import { type AnyProcedure, type ProcedureName, procedures, type ResultOf } from "../../protocol/index.ts";
import { streamPair } from "../../rpc/stream.ts";
import type { Arguments } from "../core/arguments.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { Stream } from "./stream.ts";

/** A stream, and what the procedure that opened it answered. */
export interface Opened<Name extends ProcedureName> {
  readonly stream: Stream;
  readonly result: ResultOf<Name>;
}

/** Calls a procedure that opens a stream. The signal ends the stream too; the timeout is for the opening alone. */
export async function openStream<Name extends ProcedureName>(
  link: Link,
  name: Name,
  args: Arguments<Name>,
  options: CallOptions = {},
): Promise<Opened<Name>> {
  const [own, driver] = streamPair();
  const direction = (procedures[name] as AnyProcedure).stream?.direction ?? "both";
  try {
    const result = await link.call(name, args, { ...options, stream: driver });
    return { stream: new Stream(link, own, { direction, signal: options.signal }), result };
  } catch (error) {
    own.destroy(error as Error);
    throw error;
  }
}
