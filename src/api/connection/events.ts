/** Events of a connection. */

import type { EventFamily } from "../../driver/events.ts";
import { LibvirtError } from "../../errors.ts";
import { DomainEventID } from "../../protocol/index.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { type ApiObject, wireOf } from "../core/object.ts";
import type { Domain } from "../domain/domain.ts";
import {
  type ClassicDetails,
  deregisterClassic,
  type EventId,
  registerClassic,
  type SubjectOf,
} from "../events/classic.ts";
import { qemuMonitorType, readEvent } from "../events/kinds.ts";
import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventOptions, EventStream } from "../events/stream.ts";
import type { EventOf, EventType, LibvirtEvent, QemuMonitorEvent } from "../events/types.ts";
import type { NodeDevice } from "../host/node-device.ts";
import type { Network } from "../network/network.ts";
import type { Secret } from "../secret/secret.ts";
import type { StoragePool } from "../storage/pool.ts";
import { ConnectionDevices } from "./devices.ts";

/** A classic callback: the object that the event is about, and what libvirt's numbers say of it. */
export type EventCallback<Family extends EventFamily, Id extends EventId<Family>> = (
  subject: SubjectOf<Family>,
  details: ClassicDetails<Family, Id>,
) => void;

/** A classic callback for the life cycle of domains; the numbers are of `DomainEventType` and its details. */
export type LifecycleCallback = (domain: Domain, event: number, detail: number) => void;

/** A classic callback for QEMU's monitor events. */
export type QemuMonitorEventCallback = (
  domain: Domain,
  event: Omit<QemuMonitorEvent, "kind" | "type" | "domain">,
) => void;

function readQemuEvent(link: Link, message: unknown): QemuMonitorEvent {
  return readEvent(link, qemuMonitorType, message) as QemuMonitorEvent;
}

function wireOrNull(object: ApiObject<unknown> | null): unknown {
  return object === null ? null : wireOf(object);
}

/** The part of {@link Connection} about events. */
export abstract class ConnectionEvents extends ConnectionDevices {
  /** The registrations that are found again by their callback. */
  readonly #lifecycle = new Map<LifecycleCallback, number>();

  /**
   * Events, as they happen from now on, of all objects that the driver tells of.
   *
   *     for await (const event of conn.events({ kinds: ["domain"] })) {
   *       if (event.type === "lifecycle") console.log(event.domain.name(), event.event, event.detail);
   *     }
   */
  events(options: EventOptions = {}): EventStream<LibvirtEvent> {
    return openEvents<LibvirtEvent>(this.link, options);
  }

  /**
   * Calls a function at each event of a type, until the listener or the connection is closed.
   *
   *     const listener = conn.on("lifecycle", ({ domain, event }) => console.log(domain.name(), event));
   *     await listener.close();
   */
  on<Type extends EventType>(type: Type, listener: (event: EventOf<Type>) => void): EventListener {
    return listenTo(this.link, { types: [type] }, listener);
  }

  /** Calls a function at each life cycle event of a domain (`virConnectDomainEventRegister`, since 0.5.0). */
  async domainEventRegister(callback: LifecycleCallback, options?: CallOptions): Promise<void> {
    if (this.#lifecycle.has(callback)) {
      throw this.link.report(new LibvirtError("INVALID_ARG", "NONE", "event callback already tracked"));
    }
    const told: EventCallback<"domain", 0> = (domain, { event, detail }) => callback(domain, event, detail);
    this.#lifecycle.set(callback, -1);
    try {
      this.#lifecycle.set(callback, await this.domainEventRegisterAny(null, DomainEventID.LIFECYCLE, told, options));
    } catch (error) {
      this.#lifecycle.delete(callback);
      throw error;
    }
  }

  /**
   * Takes a function away that {@link domainEventRegister} was given (`virConnectDomainEventDeregister`, since 0.5.0).
   */
  async domainEventDeregister(callback: LifecycleCallback, options?: CallOptions): Promise<void> {
    const callbackID = this.#lifecycle.get(callback);
    if (callbackID === undefined) {
      throw this.link.report(new LibvirtError("INVALID_ARG", "NONE", "event callback was not registered"));
    }
    this.#lifecycle.delete(callback);
    await this.domainEventDeregisterAny(callbackID, options);
  }

  /**
   * Calls a function at each event with a number; gives the number of the registration
   * (`virConnectDomainEventRegisterAny`, since 0.8.0).
   * @param domain only of this domain; null for all.
   * @param eventID `DomainEventID`.
   */
  domainEventRegisterAny<Id extends EventId<"domain">>(
    domain: Domain | null,
    eventID: Id,
    callback: EventCallback<"domain", Id>,
    options?: CallOptions,
  ): Promise<number> {
    return registerClassic(this.link, "domain", { object: wireOrNull(domain), id: eventID }, callback, options);
  }

  /** Ends a registration (`virConnectDomainEventDeregisterAny`, since 0.8.0). */
  domainEventDeregisterAny(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "domain", callbackID, options);
  }

  /**
   * Calls a function at each event with a number; gives the number of the registration
   * (`virConnectNetworkEventRegisterAny`, since 1.2.1).
   * @param network only of this network; null for all.
   * @param eventID `NetworkEventID`.
   */
  networkEventRegisterAny<Id extends EventId<"network">>(
    network: Network | null,
    eventID: Id,
    callback: EventCallback<"network", Id>,
    options?: CallOptions,
  ): Promise<number> {
    return registerClassic(this.link, "network", { object: wireOrNull(network), id: eventID }, callback, options);
  }

  /** Ends a registration (`virConnectNetworkEventDeregisterAny`, since 1.2.1). */
  networkEventDeregisterAny(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "network", callbackID, options);
  }

  /**
   * Calls a function at each event with a number; gives the number of the registration
   * (`virConnectStoragePoolEventRegisterAny`, since 2.0.0).
   * @param pool only of this pool; null for all.
   * @param eventID `StoragePoolEventID`.
   */
  storagePoolEventRegisterAny<Id extends EventId<"storagePool">>(
    pool: StoragePool | null,
    eventID: Id,
    callback: EventCallback<"storagePool", Id>,
    options?: CallOptions,
  ): Promise<number> {
    return registerClassic(this.link, "storagePool", { object: wireOrNull(pool), id: eventID }, callback, options);
  }

  /** Ends a registration (`virConnectStoragePoolEventDeregisterAny`, since 2.0.0). */
  storagePoolEventDeregisterAny(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "storagePool", callbackID, options);
  }

  /**
   * Calls a function at each event with a number; gives the number of the registration
   * (`virConnectNodeDeviceEventRegisterAny`, since 2.2.0).
   * @param device only of this device; null for all.
   * @param eventID `NodeDeviceEventID`.
   */
  nodeDeviceEventRegisterAny<Id extends EventId<"nodeDevice">>(
    device: NodeDevice | null,
    eventID: Id,
    callback: EventCallback<"nodeDevice", Id>,
    options?: CallOptions,
  ): Promise<number> {
    return registerClassic(this.link, "nodeDevice", { object: wireOrNull(device), id: eventID }, callback, options);
  }

  /** Ends a registration (`virConnectNodeDeviceEventDeregisterAny`, since 2.2.0). */
  nodeDeviceEventDeregisterAny(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "nodeDevice", callbackID, options);
  }

  /**
   * Calls a function at each event with a number; gives the number of the registration
   * (`virConnectSecretEventRegisterAny`, since 3.0.0).
   * @param secret only of this secret; null for all.
   * @param eventID `SecretEventID`.
   */
  secretEventRegisterAny<Id extends EventId<"secret">>(
    secret: Secret | null,
    eventID: Id,
    callback: EventCallback<"secret", Id>,
    options?: CallOptions,
  ): Promise<number> {
    return registerClassic(this.link, "secret", { object: wireOrNull(secret), id: eventID }, callback, options);
  }

  /** Ends a registration (`virConnectSecretEventDeregisterAny`, since 3.0.0). */
  secretEventDeregisterAny(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "secret", callbackID, options);
  }

  /**
   * Calls a function at events of QEMU's monitor; gives the number of the registration
   * (`virConnectDomainQemuMonitorEventRegister`, since 1.2.3).
   * @param domain only of this domain; null for all.
   * @param event only with this name; null for all.
   * @param flags how the name is compared: `ConnectDomainQemuMonitorEventRegisterFlags`.
   */
  async qemuMonitorEventRegister(
    domain: Domain | null,
    event: string | null,
    callback: QemuMonitorEventCallback,
    flags = 0,
    options?: CallOptions,
  ): Promise<number> {
    const registration = { channel: "qemu", event, object: wireOrNull(domain), flags } as const;
    const listener = (message: unknown) => {
      const { kind: _kind, type: _type, domain: subject, ...told } = readQemuEvent(this.link, message);
      callback(subject, told);
    };
    try {
      return await this.link.events.register(this.link, registration, listener, options);
    } catch (error) {
      throw this.link.report(error);
    }
  }

  /** Ends a registration (`virConnectDomainQemuMonitorEventDeregister`, since 1.2.3). */
  qemuMonitorEventDeregister(callbackID: number, options?: CallOptions): Promise<void> {
    return deregisterClassic(this.link, "qemu", callbackID, options);
  }
}
