/** What a driver is: one handler per procedure it supports. */
import type { ArgsOf, ProcedureName, ResultOf } from "../protocol/index.ts";
import type { Descriptors } from "../rpc/descriptors.ts";
import type { StreamEnd } from "../rpc/stream.ts";
import type { Session } from "./session.ts";

export type { Descriptors };

/** What a handler knows of the call it answers, beside its arguments. */
export interface CallContext {
  /** The connection the call came over. */
  readonly session: Session;
  /** Fires when the caller gave up: a handler that waits should end then and leave nothing half done. */
  readonly signal: AbortSignal;
  /** The driver's end of the stream, for procedures that open one; the handler owns it once it returns. */
  readonly stream?: StreamEnd;
  /** The open files that came along, for procedures that take or give such. */
  readonly descriptors?: Descriptors;
}

/** Answers one procedure. A handler that has nothing to wait for returns its result plainly. */
export type Handler<Name extends ProcedureName> = (
  args: ArgsOf<Name>,
  call: CallContext,
) => ResultOf<Name> | Promise<ResultOf<Name>>;

/** A driver: a procedure without a handler is not supported by it (error 3, NO_SUPPORT). */
export type Driver = { readonly [Name in ProcedureName]?: Handler<Name> };

/** The handlers of the named procedures, all of them: a driver that says so cannot forget one unnoticed. */
export type Handlers<Name extends ProcedureName> = { readonly [N in Name]: Handler<N> };
