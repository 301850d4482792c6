/**
 * The one place in front of every driver: whether the connection is open, whether the procedure is supported, whether a
 * read-only connection may call it, giving up by signal or time limit, tracing.
 */
import { tracingChannel } from "node:diagnostics_channel";
import { setMaxListeners } from "node:events";
import { LibvirtError } from "../errors.ts";
import { type AnyProcedure, type ArgsOf, type ProcedureName, procedures, type ResultOf } from "../protocol/index.ts";
import type { StreamEnd } from "../rpc/stream.ts";
import { errorDomains } from "./error-domains.ts";
import type { CallContext, Descriptors, Driver } from "./handler.ts";
import { driverFor, type OpenOptions } from "./module.ts";
import { type EventSink, Session } from "./session.ts";
import { parseConnectionUri } from "./uri.ts";
import { type WaitOptions, within } from "./within.ts";

/** How a call is made. */
export interface CallOptions extends WaitOptions {
  /** The driver's end of the stream that the procedure opens. */
  readonly stream?: StreamEnd | undefined;
  /** The open files that travel with the call. */
  readonly descriptors?: Descriptors | undefined;
}

/** What a subscriber of the tracing channel `tsvirt:call` gets. */
export interface CallTrace {
  readonly uri: string;
  readonly procedure: ProcedureName;
  readonly args: unknown;
}

const trace = tracingChannel<CallTrace, CallTrace>("tsvirt:call");
/** The signal of all calls that nobody can give up: however many there are at a time, that is no leak. */
const never = new AbortController().signal;
setMaxListeners(0, never);

/** One open connection: a session and the table of handlers that serves it. */
export class Router {
  readonly session: Session;
  readonly #driver: Driver;

  constructor(session: Session, driver: Driver) {
    this.session = session;
    this.#driver = driver;
    session.call = (name, args) => this.call(name, args);
  }

  /** Whether the driver behind has a handler for the procedure. */
  supports(name: ProcedureName): boolean {
    return Object.hasOwn(this.#driver, name);
  }

  /** Calls a procedure. Failures are always LibvirtErrors of the driver or of this gate. */
  call<Name extends ProcedureName>(
    name: Name,
    args: ArgsOf<Name>,
    options?: CallOptions,
  ): ResultOf<Name> | Promise<ResultOf<Name>> {
    const handler = this.#admit(name, args);
    const { signal, timeout, stream, descriptors } = options ?? {};
    const contextWith = (bound: AbortSignal): CallContext => ({
      session: this.session,
      signal: bound,
      ...(stream && { stream }),
      ...(descriptors && { descriptors }),
    });
    if (signal === undefined && timeout === undefined && !trace.start.hasSubscribers) {
      return handler(args, contextWith(never));
    }
    const run = () =>
      within(procedures[name].cFunction, { signal, timeout }, async (bound) =>
        handler(args, contextWith(bound ?? never)),
      );
    if (!trace.start.hasSubscribers) return run();
    return trace.tracePromise(async () => run(), { uri: this.session.uri.text, procedure: name, args });
  }

  /** Ends the connection. Calls that are still under way end on their own. */
  close(): Promise<void> {
    return this.session.close();
  }

  /** Refuses what this connection may not call at all: it is closed, or may only look. */
  checkAccess(name: ProcedureName, args: object): void {
    const procedure: AnyProcedure = procedures[name];
    const domain = errorDomains[procedure.family];
    if (this.session.closed) {
      throw new LibvirtError("INVALID_CONN", domain, `${procedure.cFunction}: the connection is closed`);
    }
    if (this.session.readOnly && deniedReadOnly(procedure, args)) {
      throw new LibvirtError("OPERATION_DENIED", domain, `read only access prevents ${procedure.cFunction}`);
    }
    if (this.session.readOnly && asksForSecrets(procedure, args)) {
      throw new LibvirtError("OPERATION_DENIED", domain, `${procedure.cFunction} with secure flag`);
    }
  }

  #admit<Name extends ProcedureName>(name: Name, args: ArgsOf<Name>) {
    this.checkAccess(name, args);
    const handler = Object.hasOwn(this.#driver, name) ? this.#driver[name] : undefined;
    if (!handler) {
      const { family, cFunction }: AnyProcedure = procedures[name];
      throw new LibvirtError("NO_SUPPORT", errorDomains[family], cFunction);
    }
    return handler as (args: ArgsOf<Name>, call: CallContext) => ResultOf<Name> | Promise<ResultOf<Name>>;
  }
}

function deniedReadOnly(procedure: AnyProcedure, args: unknown): boolean {
  const rule = procedure.readOnly;
  if (rule === "allowed") return false;
  if (rule === "denied") return true;
  const value = Number((args as Record<string, unknown>)[rule.deniedIf]);
  return "has" in rule ? (value & rule.has) !== 0 : value === rule.is;
}

/** Whether a flag asks for a description with its passwords, which are not for those who may only look. */
function asksForSecrets({ acl }: AnyProcedure, args: unknown): boolean {
  const { flags = 0 } = args as { readonly flags?: number };
  return acl.some((rule) => {
    if (typeof rule === "string" || !("ifAnyFlag" in rule)) return false;
    return rule.permission.endsWith(":read_secure") && (flags & rule.ifAnyFlag) !== 0;
  });
}

export interface ConnectOptions extends OpenOptions {
  readonly readOnly?: boolean;
  readonly sink?: EventSink;
  /** Is told that events may have been missed. */
  readonly onGap?: () => void;
}

/** Opens a URI: finds its driver and puts the gate in front of it. */
export async function connect(uriText: string, options: ConnectOptions = {}): Promise<Router> {
  const uri = parseConnectionUri(uriText);
  const module = driverFor(uri, options);
  const { readOnly = false, sink = () => {}, onGap } = options;
  const session = new Session({ uri, readOnly, sink, onGap });
  try {
    return new Router(session, await module.open(session, options));
  } catch (error) {
    await session.close();
    throw error;
  }
}
