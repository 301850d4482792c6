/** One client of the daemon: how far it has come, what it may call, and who answers. */
import { connect, type Router } from "../../driver/router.ts";
import type { EventSink } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type AnyProcedure,
  AuthType,
  type EventMessage,
  type EventName,
  type ProcedureName,
  procedures,
} from "../../protocol/index.ts";
import { type IncomingCall, largestMessage, RpcServerPeer, rpcError, type Transport } from "../../rpc/index.ts";
import type { AccessControl, AccessSubject } from "../access/access-control.ts";
import type { Authentication, Incoming } from "../auth/authenticator.ts";
import { errorText, type Logger } from "../log/log.ts";
import { largeDocumentsIn, withDocumentsRead } from "./large-documents.ts";
import { type ClientConnection, ownHandlers } from "./own-handlers.ts";
import { Registrations } from "./registrations.ts";
import type { Limits, Service } from "./service.ts";
import { mayHoldUnwantedStrings, withoutStrings } from "./string-params.ts";
import { type Destination, destinationOf, type UriRules } from "./uris.ts";

/** What the daemon gives its clients to work with. */
export interface ClientContext {
  readonly service: Service;
  readonly limits: Limits;
  readonly uris: UriRules;
  readonly access: AccessControl;
  readonly log: Logger;
  /** Who has authenticated, or is gone. */
  onChange(client: Client): void;
}

/** How long a client may take to authenticate, in milliseconds; while it waits for an answer, that is not its fault. */
const authenticationTime = 60_000;
/** The largest message that is taken from somebody who has not authenticated, in bytes. */
const maxAnonymousMessage = 256 * 1024;
/** How many events may wait until the access rules have been asked about them. */
const maxWaitingEvents = 4096;

export class Client implements ClientConnection {
  readonly id: bigint;
  /** When it connected, in seconds since 1970. */
  readonly since: bigint;
  readonly incoming: Incoming;
  readonly canPassDescriptors: boolean;
  readonly registrations = new Registrations();
  /** Resolves when it is gone and what it held is given back. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  readonly #context: ClientContext;
  readonly #authentication: Authentication;
  readonly #peer: RpcServerPeer;
  #patience: NodeJS.Timeout | undefined;
  #wasDone = false;
  #router: Router | null = null;
  #destination: Destination | null = null;
  #opening = false;
  #gone = false;
  #subject: AccessSubject | null = null;
  #events: Promise<void> = Promise.resolve();
  #waitingEvents = 0;

  constructor(
    id: bigint,
    incoming: Incoming,
    transport: Transport,
    authentication: Authentication,
    context: ClientContext,
  ) {
    this.id = id;
    this.since = BigInt(Math.trunc(Date.now() / 1000));
    this.incoming = incoming;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.canPassDescriptors = transport.canPassDescriptors;
    this.#context = context;
    this.#authentication = authentication;
    const { service, limits } = context;
    this.#peer = new RpcServerPeer(transport, {
      programs: service.programs,
      admit: (procedure) => this.#admit(procedure),
      dispatch: (call) => this.#dispatch(call),
      limits: { maxRequests: limits.maxRequests },
      onClose: (reason) => this.#ended(reason),
    });
    this.#peer.maxMessage = maxAnonymousMessage;
    this.#awaitAuthentication();
    this.#noteProgress();
  }

  get isAuthenticated(): boolean {
    return this.#authentication.done;
  }

  get identity() {
    return this.#authentication.identity;
  }

  get #socketIsReadOnly(): boolean {
    return this.incoming.kind === "unix-ro";
  }

  /** Whether it may only look: because of its socket, or because it said so. */
  get isReadOnly(): boolean {
    return this.#router?.session.readOnly ?? this.#socketIsReadOnly;
  }

  get router(): Router {
    if (this.#router === null) throw new LibvirtError("INTERNAL_ERROR", "RPC", "hypervisor connection not open");
    return this.#router;
  }

  get uri(): string {
    return this.#destination?.shown ?? "";
  }

  /** How many of its calls are under way. */
  get running(): number {
    return this.#peer.running;
  }

  set maxRequests(count: number) {
    this.#peer.maxRequests = count;
  }

  async open(name: string | null, readOnly: boolean): Promise<void> {
    if (this.#router !== null || this.#opening) {
      throw new LibvirtError("INTERNAL_ERROR", "RPC", "connection already open");
    }
    this.#opening = true;
    try {
      const onlyLooks = readOnly || this.#socketIsReadOnly;
      const destination = destinationOf(name, onlyLooks, this.#context.uris);
      const router = await connect(destination.actual, { readOnly: onlyLooks, sink: this.#sink, local: true });
      await this.#settleIn(router, destination);
    } finally {
      this.#opening = false;
    }
  }

  leave(): void {
    // The reply goes out first, with what else is sent in this turn.
    queueMicrotask(() => this.close());
  }

  /** Ends the connection. */
  close(error?: Error): void {
    this.#peer.close(error);
  }

  startKeepalive(): void {
    const { interval, count } = this.#context.limits.keepalive;
    if (interval > 0) this.#peer.startKeepalive(interval, count);
  }

  async #settleIn(router: Router, destination: Destination): Promise<void> {
    try {
      this.#destination = destination;
      this.#subject = {
        identity: this.identity,
        readOnly: router.session.readOnly,
        uri: destination.shown,
        call: router.session.call,
      };
      if (this.#context.access.active) await this.#authorize("connectOpen");
      if (this.#gone) throw rpcError("the client is gone");
    } catch (error) {
      await router.close();
      throw error;
    }
    this.#router = router;
  }

  #admit(procedure: AnyProcedure): void {
    if (procedure.phase !== "connected" && !this.#authentication.done) throw rpcError("authentication required");
  }

  #dispatch(call: IncomingCall): unknown {
    const { log } = this.#context;
    if (!log.wants("info")) return this.#route(call);
    const { name } = call.procedure;
    log.debug(() => `client ${this.id} calls ${name}`);
    const note = (error: unknown) => log.info(() => `client ${this.id}'s call ${name} failed: ${errorText(error)}`);
    try {
      const result = this.#route(call);
      if (result instanceof Promise) result.catch(note);
      return result;
    } catch (error) {
      note(error);
      throw error;
    }
  }

  #route(call: IncomingCall): unknown {
    const { procedure, args } = call;
    if (procedure.family === "auth") return this.#authenticate(procedure.name, args);
    if (procedure.family === "admin") return this.#context.service.answer?.(procedure, args, this);
    const own = ownHandlers[procedure.name as ProcedureName] as AnyOwnHandler | undefined;
    if (procedure.phase === "authenticated") return own?.(args, this);
    const { router } = this;
    const answer = own ? () => own(args, this) : () => this.#ask(router, call);
    const handle = () => (this.#context.access.active ? this.#checked(procedure, args, answer) : answer());
    const large = router.supports(procedure.name as ProcedureName) ? largeDocumentsIn(procedure, args) : undefined;
    return large === undefined ? handle() : withDocumentsRead(large, call.signal, handle);
  }

  /** Has the driver answer. A result that is there at once stays so. */
  #ask(router: Router, { procedure, args, stream, descriptors }: IncomingCall): unknown {
    const name = procedure.name as ProcedureName;
    const options = stream || descriptors ? { stream, descriptors } : undefined;
    const result = router.call(name, args as never, options) as unknown;
    if (!mayHoldUnwantedStrings(name, args)) return result;
    if (result instanceof Promise) return result.then((value) => withoutStrings(name, value));
    return withoutStrings(name, result);
  }

  async #checked(procedure: AnyProcedure, args: unknown, answer: () => unknown): Promise<unknown> {
    const subject = this.#subject as AccessSubject;
    const { access } = this.#context;
    // Who may only look is told so, whatever the rules are.
    this.router.checkAccess(procedure.name as ProcedureName, args as object);
    await access.authorize(procedure, args, subject);
    const result = await answer();
    return procedure.aclFilter.length === 0 ? result : access.filter(procedure, args, result, subject);
  }

  async #authorize(name: ProcedureName): Promise<void> {
    await this.#context.access.authorize(procedures[name], {}, this.#subject as AccessSubject);
  }

  #authenticate(name: string, args: unknown): unknown {
    const authentication = this.#authentication;
    // What has succeeded is not asked for again.
    if (name === "authList") return { types: authentication.done ? [AuthType.NONE] : authentication.types };
    const handler = authentication.handlers[name as keyof typeof authentication.handlers] as
      | ((args: unknown) => unknown)
      | undefined;
    if (!handler || authentication.done) throw new LibvirtError("AUTH_FAILED", "RPC", "authentication failed");
    return this.#authenticateBy(() => handler(args));
  }

  async #authenticateBy(step: () => unknown): Promise<unknown> {
    clearTimeout(this.#patience);
    try {
      return await step();
    } catch (error) {
      this.#context.log.warning(() => `client ${this.id} could not authenticate: ${errorText(error)}`);
      throw error;
    } finally {
      this.#awaitAuthentication();
      this.#noteProgress();
    }
  }

  #awaitAuthentication(): void {
    if (this.#authentication.done || this.#gone) return;
    this.#patience = setTimeout(() => this.close(new Error("it did not authenticate in time")), authenticationTime);
    this.#patience.unref();
  }

  #noteProgress(): void {
    if (this.#wasDone || !this.#authentication.done) return;
    this.#wasDone = true;
    this.#peer.maxMessage = largestMessage;
    this.#context.onChange(this);
  }

  readonly #sink: EventSink = (name, message) => {
    if (this.#gone) return;
    if (!this.#context.access.active) this.#send(name, message);
    // One after the other: rules may take their time, and events keep their order.
    else if (++this.#waitingEvents > maxWaitingEvents)
      this.close(new Error("its events come faster than rules are asked"));
    else this.#events = this.#events.then(() => this.#sendIfAllowed(name, message));
  };

  async #sendIfAllowed<Name extends EventName>(name: Name, message: EventMessage<Name>): Promise<void> {
    try {
      const subject = this.#subject;
      if (subject !== null && (await this.#context.access.mayHear(name, message, subject))) this.#send(name, message);
    } catch (error) {
      this.#context.log.warning(() => `an event was kept back from client ${this.id}: ${errorText(error)}`);
    } finally {
      this.#waitingEvents--;
    }
  }

  #send<Name extends EventName>(name: Name, message: EventMessage<Name>): void {
    const legacy = this.registrations.legacyOf(name, message);
    if (legacy === null) this.#peer.emit(name, message);
    else this.#peer.emit(legacy[0], legacy[1] as never);
  }

  #ended(reason: Error | undefined): void {
    this.#gone = true;
    clearTimeout(this.#patience);
    this.#authentication.close();
    const { log } = this.#context;
    log.info(() => `client ${this.id} (${this.incoming.address}) has left${reason ? `: ${reason.message}` : ""}`);
    const closing = this.#router?.close() ?? Promise.resolve();
    closing
      .catch((error) => log.error(() => `closing client ${this.id}'s connection: ${errorText(error)}`))
      .finally(this.#resolveEnded);
    this.#context.onChange(this);
  }

  get isGone(): boolean {
    return this.#gone;
  }
}

type AnyOwnHandler = (args: unknown, client: ClientConnection) => unknown;
