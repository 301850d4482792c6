/**
 * Events: which ones there are for each kind of object, and the hub through which a driver sends them to whoever
 * registered for them.
 */
import { LibvirtError } from "../errors.ts";
import { type EventMessage, type EventName, events } from "../protocol/index.ts";
import type { Handlers } from "./handler.ts";
import type { Session } from "./session.ts";

/**
 * The events of each kind of object, in the order of libvirt's event ids: the id that a client registers for is the
 * index in the list.
 */
export const eventFamilies = {
  domain: [
    "domainEventCallbackLifecycle",
    "domainEventCallbackReboot",
    "domainEventCallbackRtcChange",
    "domainEventCallbackWatchdog",
    "domainEventCallbackIoError",
    "domainEventCallbackGraphics",
    "domainEventCallbackIoErrorReason",
    "domainEventCallbackControlError",
    "domainEventCallbackBlockJob",
    "domainEventCallbackDiskChange",
    "domainEventCallbackTrayChange",
    "domainEventCallbackPmwakeup",
    "domainEventCallbackPmsuspend",
    "domainEventCallbackBalloonChange",
    "domainEventCallbackPmsuspendDisk",
    "domainEventCallbackDeviceRemoved",
    "domainEventBlockJob2",
    "domainEventCallbackTunable",
    "domainEventCallbackAgentLifecycle",
    "domainEventCallbackDeviceAdded",
    "domainEventCallbackMigrationIteration",
    "domainEventCallbackJobCompleted",
    "domainEventCallbackDeviceRemovalFailed",
    "domainEventCallbackMetadataChange",
    "domainEventBlockThreshold",
    "domainEventMemoryFailure",
    "domainEventMemoryDeviceSizeChange",
    "domainEventNicMacChange",
  ],
  network: ["networkEventLifecycle", "networkEventCallbackMetadataChange"],
  storagePool: ["storagePoolEventLifecycle", "storagePoolEventRefresh"],
  nodeDevice: ["nodeDeviceEventLifecycle", "nodeDeviceEventUpdate"],
  secret: ["secretEventLifecycle", "secretEventValueChanged"],
} as const satisfies Readonly<Record<string, readonly EventName[]>>;

export type EventFamily = keyof typeof eventFamilies;
/** An event that a client registers for by id. */
export type RegisteredEvent = (typeof eventFamilies)[EventFamily][number];

type Flat<T> = { readonly [K in keyof T]: T[K] };

/** What an event says, without the callback it is delivered to: the same for every event, however the wire nests it. */
export type EventPayload<Name extends EventName> =
  EventMessage<Name> extends { readonly msg: infer Inner }
    ? Flat<Inner & Omit<EventMessage<Name>, "callbackID" | "msg">>
    : Flat<Omit<EventMessage<Name>, "callbackID">>;

/** Puts an event's payload into the message that the wire carries. */
export function eventMessage<Name extends EventName>(
  name: Name,
  callbackID: number,
  payload: EventPayload<Name>,
): EventMessage<Name> {
  const { reason, ...rest } = payload as Record<string, unknown>;
  if (!nested(name)) return { callbackID, ...payload } as unknown as EventMessage<Name>;
  // Power events carry their reason beside the nested part, I/O errors inside of it.
  const outer = fieldsOf(name);
  const message = "reason" in outer ? { callbackID, reason, msg: rest } : { callbackID, msg: payload };
  return message as unknown as EventMessage<Name>;
}

/** Takes an event's payload out of the message that the wire carries. */
export function eventPayload<Name extends EventName>(name: Name, message: EventMessage<Name>): EventPayload<Name> {
  const { callbackID: _, msg, ...rest } = message as Record<string, unknown>;
  return (nested(name) ? { ...(msg as object), ...rest } : rest) as EventPayload<Name>;
}

function fieldsOf(name: EventName): Readonly<Record<string, unknown>> {
  const { shape } = events[name].message;
  return shape.kind === "struct" ? shape.fields : {};
}

function nested(name: EventName): boolean {
  return "msg" in fieldsOf(name);
}

/** The object an event is about, as a key: its UUID, or its name where it has none. */
type ObjectRef = { readonly uuid?: Uint8Array; readonly name?: string };

const objectFields = ["dom", "net", "pool", "dev", "secret"] as const;

function keyOf(object: ObjectRef | null | undefined): string | null {
  if (!object) return null;
  return object.uuid ? Buffer.from(object.uuid).toString("hex") : (object.name ?? null);
}

function keyOfPayload(payload: Readonly<Record<string, unknown>>): string | null {
  for (const field of objectFields) if (field in payload) return keyOf(payload[field] as ObjectRef);
  return null;
}

interface Registration {
  readonly session: Session;
  readonly event: EventName;
  /** Only events of this object; null for all. */
  readonly object: string | null;
  readonly forget: () => void;
}

/** How many registrations one connection may hold. */
const maxRegistrations = 1024;

/** Who wants to hear what: one hub for each driver's state. */
export class EventHub {
  readonly #registrations = new Map<number, Registration>();
  #nextId = 0;

  /** Sends an event to everybody who registered for it. */
  emit<Name extends RegisteredEvent>(name: Name, payload: EventPayload<Name>): void {
    if (this.#registrations.size === 0) return;
    const object = keyOfPayload(payload as Readonly<Record<string, unknown>>);
    for (const [id, registration] of this.#registrations) {
      if (registration.event !== name) continue;
      if (registration.object !== null && registration.object !== object) continue;
      registration.session.emit(name, eventMessage(name, id, payload));
    }
  }

  /** Registers for an event by its id and gives the id of the registration. It ends with the session. */
  register(session: Session, family: EventFamily, eventId: number, object: ObjectRef | null): number {
    const event = eventFamilies[family][eventId];
    if (event === undefined) {
      throw new LibvirtError("INVALID_ARG", "NONE", `there is no ${family} event with id ${eventId}`);
    }
    if ([...this.#registrations.values()].filter((held) => held.session === session).length >= maxRegistrations) {
      throw new LibvirtError("RESOURCE_BUSY", "NONE", `a connection may hold ${maxRegistrations} event registrations`);
    }
    const id = this.#nextId++;
    const forget = session.onClose(() => void this.#registrations.delete(id));
    this.#registrations.set(id, { session, event, object: keyOf(object), forget });
    return id;
  }

  /** Ends a registration; one that this session does not hold is refused. */
  deregister(session: Session, id: number): void {
    const registration = this.#registrations.get(id);
    if (registration?.session !== session) {
      throw new LibvirtError("INVALID_ARG", "NONE", `there is no event callback with id ${id}`);
    }
    registration.forget();
    this.#registrations.delete(id);
  }
}

type DomainEventProcedures = "connectDomainEventCallbackRegisterAny" | "connectDomainEventCallbackDeregisterAny";

/** The handlers by which clients register for events of domains. */
export function domainEventHandlers(hub: EventHub): Handlers<DomainEventProcedures> {
  return {
    connectDomainEventCallbackRegisterAny: ({ eventID, dom }, { session }) => ({
      callbackID: hub.register(session, "domain", eventID, dom),
    }),
    connectDomainEventCallbackDeregisterAny: ({ callbackID }, { session }) => hub.deregister(session, callbackID),
  };
}

type NetworkEventProcedures = "connectNetworkEventRegisterAny" | "connectNetworkEventDeregisterAny";

/** The handlers by which clients register for events of networks. */
export function networkEventHandlers(hub: EventHub): Handlers<NetworkEventProcedures> {
  return {
    connectNetworkEventRegisterAny: ({ eventID, net }, { session }) => ({
      callbackID: hub.register(session, "network", eventID, net),
    }),
    connectNetworkEventDeregisterAny: ({ callbackID }, { session }) => hub.deregister(session, callbackID),
  };
}

type StoragePoolEventProcedures = "connectStoragePoolEventRegisterAny" | "connectStoragePoolEventDeregisterAny";

/** The handlers by which clients register for events of storage pools. */
export function storagePoolEventHandlers(hub: EventHub): Handlers<StoragePoolEventProcedures> {
  return {
    connectStoragePoolEventRegisterAny: ({ eventID, pool }, { session }) => ({
      callbackID: hub.register(session, "storagePool", eventID, pool),
    }),
    connectStoragePoolEventDeregisterAny: ({ callbackID }, { session }) => hub.deregister(session, callbackID),
  };
}

type NodeDeviceEventProcedures = "connectNodeDeviceEventRegisterAny" | "connectNodeDeviceEventDeregisterAny";

/** The handlers by which clients register for events of node devices. */
export function nodeDeviceEventHandlers(hub: EventHub): Handlers<NodeDeviceEventProcedures> {
  return {
    connectNodeDeviceEventRegisterAny: ({ eventID, dev }, { session }) => ({
      callbackID: hub.register(session, "nodeDevice", eventID, dev),
    }),
    connectNodeDeviceEventDeregisterAny: ({ callbackID }, { session }) => hub.deregister(session, callbackID),
  };
}

type SecretEventProcedures = "connectSecretEventRegisterAny" | "connectSecretEventDeregisterAny";

/** The handlers by which clients register for events of secrets. */
export function secretEventHandlers(hub: EventHub): Handlers<SecretEventProcedures> {
  return {
    connectSecretEventRegisterAny: ({ eventID, secret }, { session }) => ({
      callbackID: hub.register(session, "secret", eventID, secret),
    }),
    connectSecretEventDeregisterAny: ({ callbackID }, { session }) => hub.deregister(session, callbackID),
  };
}
