/** What all objects of one connection share: the way to the driver, the errors, the events. */
import type { CallOptions as DriverCallOptions, Router } from "../../driver/router.ts";
import { asLibvirtError, type LibvirtError } from "../../errors.ts";
import type { ArgsOf, ProcedureName, ResultOf } from "../../protocol/index.ts";
import type { Connection } from "../connection/connection.ts";
import { ConnectionErrors, resetLastError } from "../errors/model.ts";
import type { EventDispatcher } from "../events/dispatcher.ts";
import { type Arguments, wireArguments } from "./arguments.ts";

/** How long a caller is willing to wait: the last argument of every method that asks the driver. */
export interface CallOptions {
  /** Gives the call up when it fires: the promise is rejected with OPERATION_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the call up after so many milliseconds: the promise is rejected with OPERATION_TIMEOUT. */
  readonly timeout?: number | undefined;
}

/** A connection's inner side, for the objects that came over it. */
export class Link {
  readonly router: Router;
  readonly events: EventDispatcher;
  readonly errors = new ConnectionErrors();
  /** The connection that the objects belong to; it sets itself. */
  connection!: Connection;

  constructor(router: Router, events: EventDispatcher) {
    this.router = router;
    this.events = events;
  }

  /** Calls a procedure. A failure is remembered, and told to the error handler, before the promise is rejected. */
  async call<Name extends ProcedureName>(
    name: Name,
    args: Arguments<Name>,
    options?: DriverCallOptions,
  ): Promise<ResultOf<Name>> {
    resetLastError();
    try {
      return await this.router.call(name, this.#wire(name, args), options);
    } catch (error) {
      throw this.report(error);
    }
  }

  /** Who may not call at all learns that first, not what is wrong with the arguments. */
  #wire<Name extends ProcedureName>(name: Name, args: Arguments<Name>): ArgsOf<Name> {
    try {
      return wireArguments(name, args);
    } catch (error) {
      this.router.checkAccess(name, args);
      throw error;
    }
  }

  /** Remembers and reports a failure of this connection. */
  report(error: unknown): LibvirtError {
    return this.errors.report(asLibvirtError(error));
  }
}
