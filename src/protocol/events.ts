/** Every event message. */
import { DomainEventID } from "./constants/domain-event.ts";
import { NetworkEventID } from "./constants/network.ts";
import { NodeDeviceEventID } from "./constants/node-device.ts";
import { SecretEventID } from "./constants/secret.ts";
import { StoragePoolEventID } from "./constants/storage-pool.ts";
import { event, qemuEvents, remoteEvents } from "./event.ts";
import { DOMAIN_EVENT_GRAPHICS_IDENTITY_MAX, DOMAIN_EVENT_TUNABLE_MAX, DOMAIN_JOB_STATS_MAX } from "./limits.ts";
import { domain, network, nodeDevice, secret, storagePool, typedParameter } from "./shapes.ts";
import { array, hyper, int, type Of, optional, string, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const graphicsAddressShape = struct({ family: int, node: string, service: string });
/** An end of a graphics connection. `family` is a `DomainEventGraphicsAddressType`. */
export interface GraphicsAddress extends Of<typeof graphicsAddressShape> {}
const graphicsAddress: Type<GraphicsAddress> = graphicsAddressShape;

const graphicsIdentityShape = struct({ type: string, name: string });
/** Who a graphics client says it is. */
export interface GraphicsIdentity extends Of<typeof graphicsIdentityShape> {}
const graphicsIdentity: Type<GraphicsIdentity> = graphicsIdentityShape;

// What events say both to old clients and, with a callback id beside it, to those of today.

const lifecycle = { dom: domain, event: int, detail: int };

const reboot = { dom: domain };

const rtcChange = { dom: domain, offset: hyper };

const watchdog = { dom: domain, action: int };

const ioError = { dom: domain, srcPath: string, devAlias: string, action: int };

const graphics = {
  dom: domain,
  phase: int,
  local: graphicsAddress,
  remote: graphicsAddress,
  authScheme: string,
  subject: array(graphicsIdentity, DOMAIN_EVENT_GRAPHICS_IDENTITY_MAX),
};

const ioErrorReason = { dom: domain, srcPath: string, devAlias: string, action: int, reason: string };

const controlError = { dom: domain };

const blockJob = { dom: domain, path: string, type: int, status: int };

const diskChange = {
  dom: domain,
  oldSrcPath: optional(string),
  newSrcPath: optional(string),
  devAlias: string,
  reason: int,
};

const trayChange = { dom: domain, devAlias: string, reason: int };

const pmwakeup = { dom: domain };

const pmsuspend = { dom: domain };

const balloonChange = { dom: domain, actual: uhyper };

const pmsuspendDisk = { dom: domain };

const deviceRemoved = { dom: domain, devAlias: string };

/**
 * Events of domains as old clients take them, who register once per connection and have no callback id. A server sends
 * them only to clients that registered with `connectDomainEventRegister` or `connectDomainEventRegisterAny`.
 */
export const legacyDomainEvents = remoteEvents("domain", {
  domainEventLifecycle: event(107, { message: lifecycle, eventID: DomainEventID.LIFECYCLE, since: "0.8.0" }),
  domainEventReboot: event(169, { message: reboot, eventID: DomainEventID.REBOOT, since: "0.8.0" }),
  domainEventRtcChange: event(170, { message: rtcChange, eventID: DomainEventID.RTC_CHANGE, since: "0.8.0" }),
  domainEventWatchdog: event(171, { message: watchdog, eventID: DomainEventID.WATCHDOG, since: "0.8.0" }),
  domainEventIoError: event(172, { message: ioError, eventID: DomainEventID.IO_ERROR, since: "0.8.0" }),
  domainEventGraphics: event(173, { message: graphics, eventID: DomainEventID.GRAPHICS, since: "0.8.0" }),
  domainEventIoErrorReason: event(195, {
    message: ioErrorReason,
    eventID: DomainEventID.IO_ERROR_REASON,
    since: "0.8.1",
  }),
  domainEventControlError: event(224, { message: controlError, eventID: DomainEventID.CONTROL_ERROR, since: "0.9.2" }),
  domainEventBlockJob: event(241, { message: blockJob, eventID: DomainEventID.BLOCK_JOB, since: "0.9.4" }),
  domainEventDiskChange: event(248, { message: diskChange, eventID: DomainEventID.DISK_CHANGE, since: "0.9.7" }),
  domainEventTrayChange: event(268, { message: trayChange, eventID: DomainEventID.TRAY_CHANGE, since: "0.9.11" }),
  domainEventPmwakeup: event(269, { message: pmwakeup, eventID: DomainEventID.PMWAKEUP, since: "0.9.11" }),
  domainEventPmsuspend: event(270, { message: pmsuspend, eventID: DomainEventID.PMSUSPEND, since: "0.9.11" }),
  domainEventBalloonChange: event(276, {
    message: balloonChange,
    eventID: DomainEventID.BALLOON_CHANGE,
    since: "0.10.0",
  }),
  domainEventPmsuspendDisk: event(292, {
    message: pmsuspendDisk,
    eventID: DomainEventID.PMSUSPEND_DISK,
    since: "1.0.0",
  }),
  domainEventDeviceRemoved: event(311, {
    message: deviceRemoved,
    eventID: DomainEventID.DEVICE_REMOVED,
    since: "1.1.1",
  }),
});

/** Events of domains. */
export const domainEvents = remoteEvents("domain", {
  domainEventCallbackLifecycle: event(318, {
    message: { callbackID: int, msg: struct(lifecycle) },
    eventID: DomainEventID.LIFECYCLE,
    since: "0.8.0",
  }),
  domainEventCallbackReboot: event(319, {
    message: { callbackID: int, msg: struct(reboot) },
    eventID: DomainEventID.REBOOT,
    since: "0.8.0",
  }),
  domainEventCallbackRtcChange: event(320, {
    message: { callbackID: int, msg: struct(rtcChange) },
    eventID: DomainEventID.RTC_CHANGE,
    since: "0.8.0",
  }),
  domainEventCallbackWatchdog: event(321, {
    message: { callbackID: int, msg: struct(watchdog) },
    eventID: DomainEventID.WATCHDOG,
    since: "0.8.0",
  }),
  domainEventCallbackIoError: event(322, {
    message: { callbackID: int, msg: struct(ioError) },
    eventID: DomainEventID.IO_ERROR,
    since: "0.8.0",
  }),
  domainEventCallbackGraphics: event(323, {
    message: { callbackID: int, msg: struct(graphics) },
    eventID: DomainEventID.GRAPHICS,
    since: "0.8.0",
  }),
  domainEventCallbackIoErrorReason: event(324, {
    message: { callbackID: int, msg: struct(ioErrorReason) },
    eventID: DomainEventID.IO_ERROR_REASON,
    since: "0.8.1",
  }),
  domainEventCallbackControlError: event(325, {
    message: { callbackID: int, msg: struct(controlError) },
    eventID: DomainEventID.CONTROL_ERROR,
    since: "0.9.2",
  }),
  domainEventCallbackBlockJob: event(326, {
    message: { callbackID: int, msg: struct(blockJob) },
    eventID: DomainEventID.BLOCK_JOB,
    since: "0.9.4",
  }),
  domainEventCallbackDiskChange: event(327, {
    message: { callbackID: int, msg: struct(diskChange) },
    eventID: DomainEventID.DISK_CHANGE,
    since: "0.9.7",
  }),
  domainEventCallbackTrayChange: event(328, {
    message: { callbackID: int, msg: struct(trayChange) },
    eventID: DomainEventID.TRAY_CHANGE,
    since: "0.9.11",
  }),
  domainEventCallbackPmwakeup: event(329, {
    message: { callbackID: int, reason: int, msg: struct(pmwakeup) },
    eventID: DomainEventID.PMWAKEUP,
    since: "0.9.11",
  }),
  domainEventCallbackPmsuspend: event(330, {
    message: { callbackID: int, reason: int, msg: struct(pmsuspend) },
    eventID: DomainEventID.PMSUSPEND,
    since: "0.9.11",
  }),
  domainEventCallbackBalloonChange: event(331, {
    message: { callbackID: int, msg: struct(balloonChange) },
    eventID: DomainEventID.BALLOON_CHANGE,
    since: "0.10.0",
  }),
  domainEventCallbackPmsuspendDisk: event(332, {
    message: { callbackID: int, reason: int, msg: struct(pmsuspendDisk) },
    eventID: DomainEventID.PMSUSPEND_DISK,
    since: "1.0.0",
  }),
  domainEventCallbackDeviceRemoved: event(333, {
    message: { callbackID: int, msg: struct(deviceRemoved) },
    eventID: DomainEventID.DEVICE_REMOVED,
    since: "1.1.1",
  }),
  domainEventBlockJob2: event(339, {
    message: { callbackID: int, dom: domain, dst: string, type: int, status: int },
    eventID: DomainEventID.BLOCK_JOB_2,
    since: "1.2.6",
  }),
  domainEventCallbackTunable: event(346, {
    message: { callbackID: int, dom: domain, params: array(typedParameter, DOMAIN_EVENT_TUNABLE_MAX) },
    eventID: DomainEventID.TUNABLE,
    since: "1.2.9",
  }),
  domainEventCallbackAgentLifecycle: event(348, {
    message: { callbackID: int, dom: domain, state: int, reason: int },
    eventID: DomainEventID.AGENT_LIFECYCLE,
    since: "1.2.11",
  }),
  domainEventCallbackDeviceAdded: event(354, {
    message: { callbackID: int, dom: domain, devAlias: string },
    eventID: DomainEventID.DEVICE_ADDED,
    since: "1.2.15",
  }),
  domainEventCallbackMigrationIteration: event(359, {
    message: { callbackID: int, dom: domain, iteration: int },
    eventID: DomainEventID.MIGRATION_ITERATION,
    since: "1.3.2",
  }),
  domainEventCallbackJobCompleted: event(363, {
    message: { callbackID: int, dom: domain, params: array(typedParameter, DOMAIN_JOB_STATS_MAX) },
    eventID: DomainEventID.JOB_COMPLETED,
    since: "1.3.3",
  }),
  domainEventCallbackDeviceRemovalFailed: event(367, {
    message: { callbackID: int, dom: domain, devAlias: string },
    eventID: DomainEventID.DEVICE_REMOVAL_FAILED,
    since: "1.3.4",
  }),
  domainEventCallbackMetadataChange: event(379, {
    message: { callbackID: int, dom: domain, type: int, nsuri: optional(string) },
    eventID: DomainEventID.METADATA_CHANGE,
    since: "3.0.0",
  }),
  domainEventBlockThreshold: event(385, {
    message: {
      callbackID: int,
      dom: domain,
      dev: string,
      path: optional(string),
      threshold: uhyper,
      excess: uhyper,
    },
    eventID: DomainEventID.BLOCK_THRESHOLD,
    since: "3.2.0",
  }),
  domainEventMemoryFailure: event(423, {
    message: { callbackID: int, dom: domain, recipient: int, action: int, flags: uint },
    eventID: DomainEventID.MEMORY_FAILURE,
    since: "6.9.0",
  }),
  domainEventMemoryDeviceSizeChange: event(438, {
    message: { callbackID: int, dom: domain, alias: string, size: uhyper },
    eventID: DomainEventID.MEMORY_DEVICE_SIZE_CHANGE,
    since: "7.9.0",
  }),
  domainEventNicMacChange: event(453, {
    message: { callbackID: int, dom: domain, alias: string, oldMAC: string, newMAC: string },
    eventID: 27,
    since: "11.2.0",
  }),
});

/** Events of virtual networks. */
export const networkEvents = remoteEvents("network", {
  networkEventLifecycle: event(315, {
    message: { callbackID: int, net: network, event: int, detail: int },
    eventID: NetworkEventID.LIFECYCLE,
    since: "1.2.1",
  }),
  networkEventCallbackMetadataChange: event(446, {
    message: { callbackID: int, net: network, type: int, nsuri: optional(string) },
    eventID: 1,
    since: "9.8.0",
  }),
});

/** Events of storage pools. */
export const storagePoolEvents = remoteEvents("storagePool", {
  storagePoolEventLifecycle: event(370, {
    message: { callbackID: int, pool: storagePool, event: int, detail: int },
    eventID: StoragePoolEventID.LIFECYCLE,
    since: "2.0.0",
  }),
  storagePoolEventRefresh: event(373, {
    message: { callbackID: int, pool: storagePool },
    eventID: StoragePoolEventID.REFRESH,
    since: "2.0.0",
  }),
});

/** Events of the host's devices. */
export const nodeDeviceEvents = remoteEvents("nodeDevice", {
  nodeDeviceEventLifecycle: event(376, {
    message: { callbackID: int, dev: nodeDevice, event: int, detail: int },
    eventID: NodeDeviceEventID.LIFECYCLE,
    since: "2.2.0",
  }),
  nodeDeviceEventUpdate: event(377, {
    message: { callbackID: int, dev: nodeDevice },
    eventID: NodeDeviceEventID.UPDATE,
    since: "2.2.0",
  }),
});

/** Events of secrets. */
export const secretEvents = remoteEvents("secret", {
  secretEventLifecycle: event(382, {
    message: { callbackID: int, secret, event: int, detail: int },
    eventID: SecretEventID.LIFECYCLE,
    since: "3.0.0",
  }),
  secretEventValueChanged: event(383, {
    message: { callbackID: int, secret },
    eventID: SecretEventID.VALUE_CHANGED,
    since: "3.0.0",
  }),
});

/** Events of the connection itself. */
export const connectEvents = remoteEvents("connect", {
  connectEventConnectionClosed: event(362, { message: { reason: int }, since: "1.3.2" }),
});

/** Events of the QEMU driver alone. */
export const qemuMonitorEvents = qemuEvents({
  qemuDomainMonitorEvent: event(6, {
    message: {
      callbackID: int,
      dom: domain,
      event: string,
      seconds: hyper,
      micros: uint,
      details: optional(string),
    },
    since: "1.2.3",
  }),
});
