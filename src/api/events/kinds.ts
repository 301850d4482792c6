/** Every event by its name: what it is on the wire, and what a program sees. The types of events follow from here. */
import { type EventFamily, type EventPayload, eventFamilies, eventPayload } from "../../driver/events.ts";
import type { EventName } from "../../protocol/index.ts";
import * as protocol from "../../protocol/index.ts";
import type { Link } from "../core/link.ts";
import { Domain } from "../domain/domain.ts";
import { NodeDevice } from "../host/node-device.ts";
import { Network } from "../network/network.ts";
import { Secret } from "../secret/secret.ts";
import { StoragePool } from "../storage/pool.ts";
import { wordOf } from "../values/names.ts";
import { fromParameters } from "../values/parameters.ts";
import type { ChannelName } from "./dispatcher.ts";
import { lifecycle } from "./lifecycle.ts";

/** What a program is told of an event. */
export interface EventDescription<Told extends object = object> {
  readonly name: EventName;
  readonly channel: ChannelName;
  /** What clients register for: the number of the event in its family. */
  readonly id: number | null;
  readonly tell: (payload: never) => Told;
}

function event<Name extends EventName, Told extends object>(
  name: Name,
  tell: (payload: EventPayload<Name>) => Told,
): EventDescription<Told> {
  for (const [family, names] of Object.entries(eventFamilies)) {
    const id = (names as readonly EventName[]).indexOf(name);
    if (id >= 0) return { name, channel: family as EventFamily, id, tell };
  }
  return { name, channel: "qemu", id: null, tell };
}

const nothing = () => ({});

/** Events of domains, by `type`. */
export const domainEvents = {
  /** A domain was defined, started, stopped, ...: `event` says what, `detail` how it came to it. */
  lifecycle: event("domainEventCallbackLifecycle", (it) => lifecycle(it.event, it.detail)),
  /** The guest restarted itself. */
  reboot: event("domainEventCallbackReboot", nothing),
  /** The guest set its clock, by `offset` seconds from UTC. */
  rtcChange: event("domainEventCallbackRtcChange", ({ offset }) => ({ offset })),
  /** The guest's watchdog ran out. */
  watchdog: event("domainEventCallbackWatchdog", (it) => ({
    action: wordOf(protocol.DomainEventWatchdogAction, it.action),
  })),
  /** A disk failed. */
  ioError: event("domainEventCallbackIoError", ({ srcPath, devAlias, action }) => ({
    srcPath,
    devAlias,
    action: wordOf(protocol.DomainEventIOErrorAction, action),
  })),
  /** A client of the screen came, said who it is, or went. */
  graphics: event("domainEventCallbackGraphics", ({ phase, local, remote, authScheme, subject }) => ({
    phase: wordOf(protocol.DomainEventGraphicsPhase, phase),
    local: { ...local, family: wordOf(protocol.DomainEventGraphicsAddressType, local.family) },
    remote: { ...remote, family: wordOf(protocol.DomainEventGraphicsAddressType, remote.family) },
    authScheme,
    subject: subject.map((identity) => ({ ...identity })),
  })),
  /** A disk failed, and why: `reason` is `enospc` or empty. */
  ioErrorReason: event("domainEventCallbackIoErrorReason", ({ srcPath, devAlias, action, reason }) => ({
    srcPath,
    devAlias,
    action: wordOf(protocol.DomainEventIOErrorAction, action),
    reason,
  })),
  /** The way to the hypervisor broke: the domain cannot be controlled any more. */
  controlError: event("domainEventCallbackControlError", nothing),
  /** A disk's background job ended or came into step; `path` is the disk's source. */
  blockJob: event("domainEventCallbackBlockJob", ({ path, type, status }) => ({
    path,
    job: wordOf(protocol.DomainBlockJobType, type),
    status: wordOf(protocol.ConnectDomainEventBlockJobStatus, status),
  })),
  /** A disk's source was changed or dropped at start. */
  diskChange: event("domainEventCallbackDiskChange", ({ oldSrcPath, newSrcPath, devAlias, reason }) => ({
    oldSrcPath,
    newSrcPath,
    devAlias,
    reason: wordOf(protocol.ConnectDomainEventDiskChangeReason, reason),
  })),
  /** The tray of a removable disk was opened or closed. */
  trayChange: event("domainEventCallbackTrayChange", ({ devAlias, reason }) => ({
    devAlias,
    reason: wordOf(protocol.DomainEventTrayChangeReason, reason),
  })),
  /** The guest woke up. */
  pmWakeup: event("domainEventCallbackPmwakeup", nothing),
  /** The guest fell asleep. */
  pmSuspend: event("domainEventCallbackPmsuspend", nothing),
  /** The guest has `actual` KiB of memory now. */
  balloonChange: event("domainEventCallbackBalloonChange", ({ actual }) => ({ actual })),
  /** The guest fell asleep on its disk. */
  pmSuspendDisk: event("domainEventCallbackPmsuspendDisk", nothing),
  /** A device is gone. */
  deviceRemoved: event("domainEventCallbackDeviceRemoved", ({ devAlias }) => ({ devAlias })),
  /** A disk's background job ended or came into step; `dst` is the disk's target. */
  blockJob2: event("domainEventBlockJob2", ({ dst, type, status }) => ({
    dst,
    job: wordOf(protocol.DomainBlockJobType, type),
    status: wordOf(protocol.ConnectDomainEventBlockJobStatus, status),
  })),
  /** Limits or shares were changed: `params` by the names in `DomainTunable`. */
  tunable: event("domainEventCallbackTunable", ({ params }) => ({ params: fromParameters(params) })),
  /** The guest's agent came or went. */
  agentLifecycle: event("domainEventCallbackAgentLifecycle", ({ state, reason }) => ({
    state: wordOf(protocol.ConnectDomainEventAgentLifecycleState, state),
    reason: wordOf(protocol.ConnectDomainEventAgentLifecycleReason, reason),
  })),
  /** A device was added. */
  deviceAdded: event("domainEventCallbackDeviceAdded", ({ devAlias }) => ({ devAlias })),
  /** A migration goes over the memory once more. */
  migrationIteration: event("domainEventCallbackMigrationIteration", ({ iteration }) => ({ iteration })),
  /** A job is done: its statistics, by the names in `DomainJob`. */
  jobCompleted: event("domainEventCallbackJobCompleted", ({ params }) => ({ params: fromParameters(params) })),
  /** The guest did not let go of a device. */
  deviceRemovalFailed: event("domainEventCallbackDeviceRemovalFailed", ({ devAlias }) => ({ devAlias })),
  /** The title, the description or an element of the metadata was changed. */
  metadataChange: event("domainEventCallbackMetadataChange", ({ type, nsuri }) => ({
    metadata: wordOf(protocol.DomainMetadataType, type),
    nsuri,
  })),
  /** A disk's file has passed a threshold: both in bytes. */
  blockThreshold: event("domainEventBlockThreshold", ({ dev, path, threshold, excess }) => ({
    dev,
    path,
    threshold,
    excess,
  })),
  /** The host's memory failed under the guest. */
  memoryFailure: event("domainEventMemoryFailure", ({ recipient, action, flags }) => ({
    recipient: wordOf(protocol.DomainMemoryFailureRecipientType, recipient),
    action: wordOf(protocol.DomainMemoryFailureActionType, action),
    flags,
  })),
  /** The guest takes `size` KiB of a memory device now. */
  memoryDeviceSizeChange: event("domainEventMemoryDeviceSizeChange", ({ alias, size }) => ({ alias, size })),
  /** The guest gave its network interface another address. */
  nicMacChange: event("domainEventNicMacChange", ({ alias, oldMAC, newMAC }) => ({ alias, oldMAC, newMAC })),
};

/** Events of networks. */
export const networkEvents = {
  /** A network was defined, started, ... */
  networkLifecycle: event("networkEventLifecycle", (it) => ({
    event: wordOf(protocol.NetworkEventLifecycleType, it.event),
  })),
  /** A network's title, description or metadata was changed. */
  networkMetadataChange: event("networkEventCallbackMetadataChange", ({ type, nsuri }) => ({
    metadata: wordOf(protocol.DomainMetadataType, type),
    nsuri,
  })),
};

/** Events of storage pools. */
export const storagePoolEvents = {
  /** A pool was defined, started, ... */
  storagePoolLifecycle: event("storagePoolEventLifecycle", (it) => ({
    event: wordOf(protocol.StoragePoolEventLifecycleType, it.event),
  })),
  /** A pool's volumes were read anew. */
  storagePoolRefresh: event("storagePoolEventRefresh", nothing),
};

/** Events of the host's devices. */
export const nodeDeviceEvents = {
  /** A device came, went, ... */
  nodeDeviceLifecycle: event("nodeDeviceEventLifecycle", (it) => ({
    event: wordOf(protocol.NodeDeviceEventLifecycleType, it.event),
  })),
  /** A device's description changed. */
  nodeDeviceUpdate: event("nodeDeviceEventUpdate", nothing),
};

/** Events of secrets. */
export const secretEvents = {
  /** A secret was defined or undefined. */
  secretLifecycle: event("secretEventLifecycle", (it) => ({
    event: wordOf(protocol.SecretEventLifecycleType, it.event),
  })),
  /** A secret has another value. */
  secretValueChanged: event("secretEventValueChanged", nothing),
};

/** Events of QEMU's monitor; they come only to those who name them. */
export const qemuEvents = {
  /** QEMU said so: `details` is JSON, the time is in seconds and microseconds since 1970. */
  qemuMonitor: event("qemuDomainMonitorEvent", ({ event: name, seconds, micros, details }) => ({
    event: name,
    seconds,
    micros,
    details,
  })),
};

/** The events of each kind of object, and what the event's object is made of. */
export const eventKinds = {
  domain: {
    events: domainEvents,
    object: (link: Link, { dom }: { readonly dom: protocol.Domain }) => ({ domain: new Domain(link, dom) }),
  },
  network: {
    events: networkEvents,
    object: (link: Link, { net }: { readonly net: protocol.Network }) => ({ network: new Network(link, net) }),
  },
  storagePool: {
    events: storagePoolEvents,
    object: (link: Link, { pool }: { readonly pool: protocol.StoragePool }) => ({ pool: new StoragePool(link, pool) }),
  },
  nodeDevice: {
    events: nodeDeviceEvents,
    object: (link: Link, { dev }: { readonly dev: protocol.NodeDevice }) => ({ device: new NodeDevice(link, dev) }),
  },
  secret: {
    events: secretEvents,
    object: (link: Link, { secret }: { readonly secret: protocol.Secret }) => ({ secret: new Secret(link, secret) }),
  },
  qemu: {
    events: qemuEvents,
    object: (link: Link, { dom }: { readonly dom: protocol.Domain }) => ({ domain: new Domain(link, dom) }),
  },
} as const;

/** The kinds of objects that events are about. */
export type EventKind = keyof typeof eventKinds;

/** One type of event with all that is known of it. */
export interface EventTypeInfo {
  readonly type: string;
  readonly kind: EventKind;
  readonly description: EventDescription;
}

/** Every type of event. */
export const eventTypes: readonly EventTypeInfo[] = Object.entries(eventKinds).flatMap(([kind, { events }]) =>
  Object.entries(events).map(([type, description]) => ({ type, kind: kind as EventKind, description })),
);

/** The type of QEMU's own events. */
export const qemuMonitorType: EventTypeInfo = {
  type: "qemuMonitor",
  kind: "qemu",
  description: qemuEvents.qemuMonitor,
};

/** What a program sees of an event that came over the wire. */
export function readEvent(link: Link, { type, kind, description }: EventTypeInfo, message: unknown): object {
  const payload = eventPayload(description.name, message as never);
  const object = eventKinds[kind].object(link, payload as never);
  return { kind, type, ...object, ...description.tell(payload as never) };
}
