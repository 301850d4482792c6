/** What QEMU tells of a guest's devices becomes libvirt's events and the live definition. */
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  ConnectDomainEventAgentLifecycleReason,
  ConnectDomainEventAgentLifecycleState,
  DomainEventPMSuspendedDetailType,
  DomainEventTrayChangeReason,
  DomainEventType,
  DomainMemoryFailureActionType,
  DomainMemoryFailureFlags,
  DomainMemoryFailureRecipientType,
  DomainPMSuspendedReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import type { EventHandlers } from "../monitor/events.ts";
import { deviceLeft } from "../plug/detach.ts";
import { imageOfNode } from "./block-threshold.ts";

const recipients: Readonly<Record<string, number>> = {
  hypervisor: DomainMemoryFailureRecipientType.HYPERVISOR,
  guest: DomainMemoryFailureRecipientType.GUEST,
};

const failureActions: Readonly<Record<string, number>> = {
  ignore: DomainMemoryFailureActionType.IGNORE,
  inject: DomainMemoryFailureActionType.INJECT,
  fatal: DomainMemoryFailureActionType.FATAL,
  reset: DomainMemoryFailureActionType.RESET,
};

/** The handlers of QEMU's device events for one running domain. */
export function deviceEventHandlers(host: QemuHost, domain: QemuDomain, live: LiveDomain): EventHandlers {
  const { hub } = host;
  const changed = (): void => host.noteStatus(domain);
  return {
    VSERPORT_CHANGE: ({ id, open }) => {
      setChannelState(live.definition, id, open);
      changed();
      if (live.agent?.alias !== id) return;
      live.agent.guestOpened(open);
      const { CONNECTED, DISCONNECTED } = ConnectDomainEventAgentLifecycleState;
      hub.emit("domainEventCallbackAgentLifecycle", {
        dom: domain.ref,
        state: open ? CONNECTED : DISCONNECTED,
        reason: ConnectDomainEventAgentLifecycleReason.CHANNEL,
      });
    },
    DEVICE_DELETED: ({ device }) => {
      if (device !== undefined) deviceLeft(host, domain, live, device);
    },
    DEVICE_UNPLUG_GUEST_ERROR: ({ device }) => {
      if (device === undefined) return;
      hub.emit("domainEventCallbackDeviceRemovalFailed", { dom: domain.ref, devAlias: device });
    },
    DEVICE_TRAY_MOVED: ({ id, "tray-open": open }) => {
      const disk = live.definition.devices.disks.find(({ alias }) => alias !== undefined && alias === id);
      if (!disk) return;
      disk.target.tray = open ? "open" : "closed";
      changed();
      const { OPEN, CLOSE } = DomainEventTrayChangeReason;
      hub.emit("domainEventCallbackTrayChange", {
        dom: domain.ref,
        devAlias: id,
        reason: open ? OPEN : CLOSE,
      });
    },
    BLOCK_WRITE_THRESHOLD: ({ "node-name": node, "write-threshold": threshold, "amount-exceeded": excess }) => {
      const image = imageOfNode(live.definition, node);
      for (const dev of image?.names ?? []) {
        const { path = null } = image ?? {};
        hub.emit("domainEventBlockThreshold", { dom: domain.ref, dev, path, threshold, excess });
      }
    },
    SUSPEND_DISK: () => {
      live.status = { state: DomainState.PMSUSPENDED, reason: DomainPMSuspendedReason.UNKNOWN };
      changed();
      host.emitLifecycle(domain, DomainEventType.PMSUSPENDED, DomainEventPMSuspendedDetailType.DISK);
      hub.emit("domainEventCallbackPmsuspendDisk", { dom: domain.ref, reason: 0 });
    },
    MEMORY_FAILURE: ({ recipient, action, flags }) => {
      const { ACTION_REQUIRED, RECURSIVE } = DomainMemoryFailureFlags;
      hub.emit("domainEventMemoryFailure", {
        dom: domain.ref,
        recipient: recipients[recipient] ?? DomainMemoryFailureRecipientType.HYPERVISOR,
        action: failureActions[action] ?? DomainMemoryFailureActionType.IGNORE,
        flags: (flags["action-required"] === true ? ACTION_REQUIRED : 0) | (flags.recursive === true ? RECURSIVE : 0),
      });
    },
    MEMORY_DEVICE_SIZE_CHANGE: ({ id, size }) => {
      if (id === undefined) return;
      hub.emit("domainEventMemoryDeviceSizeChange", { dom: domain.ref, alias: id, size: size / 1024n });
    },
  };
}

function setChannelState({ devices }: Definition, alias: string, open: boolean): void {
  const channel = devices.channels.find((candidate) => candidate.alias === alias);
  if (channel?.target.type === "virtio") channel.target.state = open ? "connected" : "disconnected";
}
