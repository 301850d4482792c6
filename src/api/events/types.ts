/** The types of events, derived from their descriptions. */
import type { Domain } from "../domain/domain.ts";
import type { NodeDevice } from "../host/node-device.ts";
import type { Network } from "../network/network.ts";
import type { Secret } from "../secret/secret.ts";
import type { StoragePool } from "../storage/pool.ts";
import type {
  domainEvents,
  EventDescription,
  networkEvents,
  nodeDeviceEvents,
  qemuEvents,
  secretEvents,
  storagePoolEvents,
} from "./kinds.ts";

type ToldOf<D> = D extends EventDescription<infer Told> ? Told : never;

/** Each event of a table, with its kind, its type and its object. */
type EventsOf<Kind extends string, Table, Subject> = {
  [Type in keyof Table & string]: {
    readonly kind: Kind;
    readonly type: Type;
  } & Readonly<Subject> &
    Readonly<ToldOf<Table[Type]>>;
}[keyof Table & string];

/** An event of a domain; `type` tells which, and with it what else there is to read. */
export type DomainEvent = EventsOf<"domain", typeof domainEvents, { domain: Domain }>;
/** An event of a network. */
export type NetworkEvent = EventsOf<"network", typeof networkEvents, { network: Network }>;
/** An event of a storage pool. */
export type StoragePoolEvent = EventsOf<"storagePool", typeof storagePoolEvents, { pool: StoragePool }>;
/** An event of a device of the host. */
export type NodeDeviceEvent = EventsOf<"nodeDevice", typeof nodeDeviceEvents, { device: NodeDevice }>;
/** An event of a secret. */
export type SecretEvent = EventsOf<"secret", typeof secretEvents, { secret: Secret }>;
/** An event of QEMU's monitor. */
export type QemuMonitorEvent = EventsOf<"qemu", typeof qemuEvents, { domain: Domain }>;

/** Any event; `kind` and `type` tell which. */
export type LibvirtEvent =
  | DomainEvent
  | NetworkEvent
  | StoragePoolEvent
  | NodeDeviceEvent
  | SecretEvent
  | QemuMonitorEvent;

/** The name of an event. */
export type EventType = LibvirtEvent["type"];

/** The event with a name. */
export type EventOf<Type extends EventType> = Extract<LibvirtEvent, { readonly type: Type }>;

/**
 * Stands in the place of events that were dropped because nobody read them in time, or that were missed while the
 * connection was lost.
 */
export interface EventGap {
  readonly kind: "gap";
  readonly type: "gap";
  /** How many events were dropped here. */
  readonly missed: number;
  /** Whether the connection was lost here and made anew: nobody knows how many events were missed beside. */
  readonly reconnected: boolean;
}
