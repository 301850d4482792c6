/** Hands the events that come over a connection to those who registered for them. */
import { type EventFamily, eventFamilies } from "../../driver/events.ts";
import type { EventSink } from "../../driver/session.ts";
import type { EventName } from "../../protocol/index.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { callSafely } from "../core/safely.ts";

/** Whose callback ids they are: each family counts its own. */
export type ChannelName = EventFamily | "qemu";

/** Takes one event: the message as the wire carries it. */
export type Listener = (message: unknown) => void;

/** What to register for. */
export interface Registration {
  readonly channel: ChannelName;
  /** The number of the event; for QEMU's monitor events, the name or null for all. */
  readonly event: number | string | null;
  /** Only events of this object, named as on the wire; null for all. */
  readonly object: unknown;
  readonly flags?: number;
}

const channels = new Map<EventName, ChannelName>([
  ...Object.entries(eventFamilies).flatMap(([family, names]) =>
    names.map((name): [EventName, ChannelName] => [name, family as EventFamily]),
  ),
  ["qemuDomainMonitorEvent", "qemu"],
]);

type Early = { readonly id: number; readonly message: unknown };

class Channel {
  readonly listeners = new Map<number, Listener>();
  /** How many registrations are under way, whose ids are not known yet. */
  pending = 0;
  /** Events for ids that nobody knows yet. */
  early: Early[] = [];
}

/** The events of one connection. */
export class EventDispatcher {
  readonly #channels = new Map<ChannelName, Channel>();
  readonly #closers = new Set<() => void>();
  readonly #gapListeners = new Set<() => void>();
  #disconnected: (reason: number) => void = () => {};
  #closed = false;

  /** Where the driver sends events. */
  readonly sink: EventSink = (name, message) => {
    if (name === "connectEventConnectionClosed") {
      this.#disconnected((message as { readonly reason: number }).reason);
      return;
    }
    const channel = channels.get(name);
    if (channel !== undefined) this.#deliver(this.#channel(channel), message);
  };

  /** Where the driver says that events may have been missed. */
  readonly gap = (): void => {
    for (const listener of this.#gapListeners) listener();
  };

  get closed(): boolean {
    return this.#closed;
  }

  /** Is told when the connection is lost: a value of ConnectCloseReason. */
  onDisconnect(listener: (reason: number) => void): void {
    this.#disconnected = listener;
  }

  /** Registers what ends when the connection does; returns a function that takes it back. */
  onClose(closer: () => void): () => void {
    this.#closers.add(closer);
    return () => this.#closers.delete(closer);
  }

  /** Is told when events may have been missed; returns a function that takes it back. */
  onGap(listener: () => void): () => void {
    this.#gapListeners.add(listener);
    return () => this.#gapListeners.delete(listener);
  }

  /**
   * Registers for an event and gives the number of the registration. No event from now on is missed. A failure is not
   * reported: it may be expected.
   */
  async register(link: Link, registration: Registration, listener: Listener, options?: CallOptions): Promise<number> {
    const channel = this.#channel(registration.channel);
    channel.pending++;
    try {
      const { callbackID } = await callRegister(link, registration, options);
      channel.listeners.set(callbackID, listener);
      const mine = channel.early.filter(({ id }) => id === callbackID);
      channel.early = channel.early.filter(({ id }) => id !== callbackID);
      for (const { message } of mine) callSafely(() => listener(message));
      return callbackID;
    } finally {
      channel.pending--;
      if (channel.pending === 0) channel.early = [];
    }
  }

  /** Ends a registration: its listener hears nothing from now on. */
  async deregister(link: Link, name: ChannelName, callbackID: number, options?: CallOptions): Promise<void> {
    this.#channel(name).listeners.delete(callbackID);
    await callDeregister(link, name, callbackID, options);
  }

  /** Ends everything that waits for events. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.listeners.clear();
    for (const closer of this.#closers) closer();
    this.#closers.clear();
    this.#gapListeners.clear();
  }

  #channel(name: ChannelName): Channel {
    let channel = this.#channels.get(name);
    if (!channel) {
      channel = new Channel();
      this.#channels.set(name, channel);
    }
    return channel;
  }

  #deliver(channel: Channel, message: unknown): void {
    const id = (message as { readonly callbackID: number }).callbackID;
    const listener = channel.listeners.get(id);
    if (listener) callSafely(() => listener(message));
    else if (channel.pending > 0) channel.early.push({ id, message });
  }
}

interface Registered {
  readonly callbackID: number;
}

/** An object as the registering procedures take it. */
// biome-ignore lint/suspicious/noExplicitAny: each family's object has a type of its own, which callers know
type AnyWire = any;

function callRegister(link: Link, registration: Registration, options?: CallOptions): Registered | Promise<Registered> {
  const object = registration.object as AnyWire;
  const eventID = registration.event as number;
  switch (registration.channel) {
    case "domain":
      return link.router.call("connectDomainEventCallbackRegisterAny", { eventID, dom: object }, options);
    case "network":
      return link.router.call("connectNetworkEventRegisterAny", { eventID, net: object }, options);
    case "storagePool":
      return link.router.call("connectStoragePoolEventRegisterAny", { eventID, pool: object }, options);
    case "nodeDevice":
      return link.router.call("connectNodeDeviceEventRegisterAny", { eventID, dev: object }, options);
    case "secret":
      return link.router.call("connectSecretEventRegisterAny", { eventID, secret: object }, options);
    case "qemu": {
      const event = registration.event as string | null;
      const args = { dom: object, event, flags: registration.flags ?? 0 };
      return link.router.call("qemuConnectDomainMonitorEventRegister", args, options);
    }
  }
}

const deregisterProcedures = {
  domain: "connectDomainEventCallbackDeregisterAny",
  network: "connectNetworkEventDeregisterAny",
  storagePool: "connectStoragePoolEventDeregisterAny",
  nodeDevice: "connectNodeDeviceEventDeregisterAny",
  secret: "connectSecretEventDeregisterAny",
  qemu: "qemuConnectDomainMonitorEventDeregister",
} as const;

function callDeregister(link: Link, name: ChannelName, callbackID: number, options?: CallOptions): Promise<void> {
  return link.call(deregisterProcedures[name], { callbackID }, options);
}
