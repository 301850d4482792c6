/** One connection to a daemon, which may be made anew when it is lost. */
import type { CallContext } from "../../driver/handler.ts";
import type { OpenOptions } from "../../driver/module.ts";
import type { Peer, Session } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type ArgsOf,
  ConnectCloseReason,
  ConnectFeature,
  ConnectFlags,
  type ProcedureName,
  procedures,
  type ResultOf,
} from "../../protocol/index.ts";
import { RpcClient } from "../../rpc/client.ts";
import { type Abilities, Feature, openOnDaemon } from "./opening.ts";
import { Reconnection } from "./reconnection.ts";
import { endOf, Registrations } from "./registrations.ts";
import type { RemoteUri } from "./target.ts";
import { cannotPassFiles } from "./transports/late-native.ts";
import { type Channel, openChannel } from "./transports/open.ts";

/** How often to ask whether the daemon is there, in seconds, and how many questions may go unanswered. */
const keepaliveDefault = { interval: 5, count: 5 };

/** How long the daemon gets to say good-bye, in milliseconds. */
const closingTime = 5_000;

/** A connection that is open. */
interface Line {
  readonly client: RpcClient;
  readonly channel: Channel;
  readonly abilities: Abilities;
}

export class Wire implements Peer {
  readonly #session: Session;
  readonly #uri: RemoteUri;
  readonly #options: OpenOptions;
  readonly #registrations: Registrations;
  readonly #reconnection: Reconnection | null;
  #line!: Line;
  #keepalive = keepaliveDefault;
  #watchesClose = false;
  #takesStrings: Promise<boolean> | undefined;
  #closing = false;

  private constructor(session: Session, uri: RemoteUri, options: OpenOptions) {
    this.#session = session;
    this.#uri = uri;
    this.#options = options;
    this.#registrations = new Registrations((name, message) => session.emit(name, message as never));
    this.#reconnection = options.reconnect
      ? new Reconnection(options.reconnect, {
          attempt: (signal) => this.#redial(signal),
          restored: () => this.#session.gap(),
          failed: (error) => this.#giveUp(error),
        })
      : null;
  }

  /** Connects, proves who we are, and opens the driver on the other side. */
  static async open(session: Session, uri: RemoteUri, options: OpenOptions): Promise<Wire> {
    const wire = new Wire(session, uri, options);
    wire.#line = await wire.#dial(options.signal);
    session.onClose(() => wire.#close());
    return wire;
  }

  get isAlive(): boolean {
    return !this.#line.client.closed;
  }

  get isEncrypted(): boolean {
    return this.#line.channel.encrypted;
  }

  /** Whether nobody else can read what we send; what the daemon does behind is its own affair. */
  get isSecure(): boolean {
    return this.#line.channel.isSecure;
  }

  setKeepAlive(interval: number, count: number): boolean {
    if (!this.#line.abilities.keepalive) return false;
    this.#keepalive = { interval, count };
    this.#line.client.keepalive(interval, count);
    return true;
  }

  watchClose(wanted: boolean): void {
    this.#watchesClose = wanted;
    this.#tellOfClose(wanted ? "connectRegisterCloseCallback" : "connectUnregisterCloseCallback");
  }

  /** Calls a procedure of the daemon. */
  call<Name extends ProcedureName>(
    name: Name,
    args: ArgsOf<Name>,
    call: CallContext,
  ): ResultOf<Name> | Promise<ResultOf<Name>> {
    if (this.#line.client.closed && this.#reconnection?.running) return this.#callLater(name, args, call);
    return this.#line.client.call(name, args, call);
  }

  /** Calls a procedure with which open files may go. */
  async callWithFiles<Name extends ProcedureName>(
    name: Name,
    args: ArgsOf<Name>,
    call: CallContext,
  ): Promise<ResultOf<Name>> {
    const gives = (call.descriptors?.given.length ?? 0) > 0;
    if (gives || procedures[name].descriptors !== "call") await this.#preparePassing(call);
    return this.call(name, args, call);
  }

  /** A daemon has to hear that open files may come before the first does, or it loses them. */
  async #preparePassing({ session, signal }: CallContext): Promise<void> {
    await this.#line.channel.preparePassing();
    const feature = ConnectFeature.FD_PASSING;
    const { supported } = await this.call("connectSupportsFeature", { feature }, { session, signal });
    if (supported === 0) throw cannotPassFiles("the daemon does not take them");
  }

  async #callLater<Name extends ProcedureName>(
    name: Name,
    args: ArgsOf<Name>,
    call: CallContext,
  ): Promise<ResultOf<Name>> {
    await this.#reconnection?.restored(call.signal);
    return this.#line.client.call(name, args, call);
  }

  /** Registers for events; the number stays good when the connection is made anew. */
  async register(name: ProcedureName, args: ArgsOf<ProcedureName>, call: CallContext): Promise<{ callbackID: number }> {
    // Others may come to share it, so it is made even if this caller does not wait for it.
    const callbackID = await this.#registrations.add(name, args, async () => {
      const context = { ...call, signal: new AbortController().signal };
      const answer = (await this.call(name, args as never, context)) as { readonly callbackID: number };
      return answer.callbackID;
    });
    if (call.signal.aborted) await this.deregister(endOf(name), { callbackID });
    return { callbackID };
  }

  async deregister(name: ProcedureName, { callbackID }: { callbackID: number }): Promise<void> {
    await this.#registrations.remove(name, callbackID, async (_, serverId) => {
      // A daemon that is gone has forgotten it by itself, and nobody must be kept from leaving.
      if (this.#line.client.closed) return;
      await this.#line.client.call(name, { callbackID: serverId } as never);
    });
  }

  /** Whether the daemon may be told that strings among typed parameters are welcome; it is asked once. */
  takesStrings(call: CallContext): Promise<boolean> {
    this.#takesStrings ??= (async () => {
      const { supported } = await this.call("connectSupportsFeature", { feature: Feature.TYPED_PARAM_STRING }, call);
      return supported !== 0;
    })().catch((error: unknown) => {
      this.#takesStrings = undefined;
      throw error;
    });
    return this.#takesStrings;
  }

  /** Opens a line. What was begun is ended when it cannot be brought to its end. */
  async #dial(signal?: AbortSignal): Promise<Line> {
    const { readOnly } = this.#session;
    const channel = await openChannel(this.#uri, { readOnly, signal });
    const client: RpcClient = new RpcClient(channel.transport, {
      onEvent: (name, message) => this.#registrations.deliver(name, message),
      onClose: (reason) => this.#ended(client, reason),
    });
    try {
      const flags = (this.#options.flags ?? 0) | (readOnly ? ConnectFlags.RO : 0);
      const { auth } = this.#options;
      const abilities = await openOnDaemon(client, { uri: this.#uri, channel }, { flags, auth, signal });
      if (abilities.keepalive) client.keepalive(this.#keepalive.interval, this.#keepalive.count);
      return { client, channel, abilities };
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** The connection is over: if it was not we who ended it, it is made anew or given up. */
  #ended(client: RpcClient, reason: LibvirtError): void {
    // A line that never came to be is told of by its opening.
    if (this.#closing || client !== this.#line?.client) return;
    this.#takesStrings = undefined;
    if (this.#reconnection) this.#reconnection.run(reason);
    else this.#giveUp(reason);
  }

  async #redial(signal: AbortSignal): Promise<void> {
    const line = await this.#dial(signal);
    try {
      await this.#registrations.restore(async (name, args) => {
        const { callbackID } = (await line.client.call(name, args as never, { signal })) as { callbackID: number };
        return callbackID;
      });
      if (line.client.closed) throw new LibvirtError("INTERNAL_ERROR", "RPC", "client socket is closed");
    } catch (error) {
      await line.client.close();
      throw error;
    }
    this.#line = line;
    if (this.#watchesClose) this.#tellOfClose("connectRegisterCloseCallback");
  }

  #giveUp(reason: LibvirtError): void {
    if (this.#closing) return;
    const why = reason.message.includes("keepalive") ? ConnectCloseReason.KEEPALIVE : ConnectCloseReason.EOF;
    this.#session.emit("connectEventConnectionClosed", { reason: why });
  }

  #tellOfClose(name: "connectRegisterCloseCallback" | "connectUnregisterCloseCallback"): void {
    const { client, abilities } = this.#line;
    // Drivers without a connection of their own have nothing to tell, and say so.
    if (abilities.closeCallback && !client.closed) client.call(name, {}).catch(() => {});
  }

  async #close(): Promise<void> {
    this.#closing = true;
    this.#reconnection?.stop();
    const { client } = this.#line;
    if (!client.closed) await client.call("connectClose", {}, { timeout: closingTime }).catch(() => {});
    await client.close();
  }
}
