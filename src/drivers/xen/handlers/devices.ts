/** Plugging disks and interfaces in and out, while guests run or for their next start. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  type Domain as Definition,
  type Disk,
  formatDomain,
  type GivenDevice,
  type Interface,
  parseDevice,
} from "../../../model/domain/index.ts";
import { randomXenMac } from "../../../model/xen/index.ts";
import { DomainDeviceModifyFlags, type Domain as DomainRef, type ProcedureName } from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

type DeviceProcedures =
  | "domainAttachDevice"
  | "domainAttachDeviceFlags"
  | "domainDetachDevice"
  | "domainDetachDeviceFlags";

/** What can be plugged. */
type Plugged =
  | { readonly key: "disks"; readonly device: Disk }
  | { readonly key: "interfaces"; readonly device: Interface };

const { LIVE } = DomainDeviceModifyFlags;

function readDevice(xml: string): Plugged {
  const { key, element, device }: GivenDevice = parseDevice(xml, { inactive: true });
  if (key === "disks") return { key, device: device as Disk };
  if (key === "interfaces") return { key, device: device as Interface };
  throw new LibvirtError(
    "OPERATION_UNSUPPORTED",
    "XEN",
    `devices of type '${element}' cannot be plugged into Xen's guests`,
  );
}

/** What a device is known by. */
function nameOf({ key, device }: Plugged): string {
  if (key === "disks") return device.target.dev;
  return device.mac?.address ?? device.target?.dev ?? "interface";
}

function sameDevice(wanted: Plugged, device: Disk | Interface): boolean {
  if (wanted.key === "disks") return (device as Disk).target.dev === wanted.device.target.dev;
  const mac = (device as Interface).mac?.address.toLowerCase();
  return wanted.device.mac !== undefined && wanted.device.mac.address.toLowerCase() === mac;
}

function find(definition: Definition, wanted: Plugged): Plugged | undefined {
  if (wanted.key === "disks") {
    const device = definition.devices.disks.find((disk) => sameDevice(wanted, disk));
    return device && { key: "disks", device };
  }
  const { interfaces } = definition.devices;
  // One that is not named by its address is the only one, or it is not known which is meant.
  const device = wanted.device.mac ? interfaces.find((card) => sameDevice(wanted, card)) : interfaces[0];
  if (!wanted.device.mac && interfaces.length > 1) {
    throw new LibvirtError(
      "OPERATION_FAILED",
      "XEN",
      "several interfaces are there: the MAC address says which is meant",
    );
  }
  return device && { key: "interfaces", device };
}

/** The definition completed and checked anew, with another list of devices. */
function withDevices(definition: Definition, key: Plugged["key"], list: readonly (Disk | Interface)[]): Definition {
  const devices = { ...definition.devices, [key]: list } as Definition["devices"];
  // Completion works in place, so that it needs a definition of its own.
  return readDefinition(formatDomain({ ...definition, devices }, { secure: true, inactive: true })).definition;
}

function withDevice(definition: Definition, plugged: Plugged): Definition {
  if (find(definition, plugged) && (plugged.key === "disks" || plugged.device.mac)) {
    throw new LibvirtError("OPERATION_FAILED", "XEN", `target ${nameOf(plugged)} already exists`);
  }
  return withDevices(definition, plugged.key, [...definition.devices[plugged.key], plugged.device]);
}

function withoutDevice(definition: Definition, wanted: Plugged): Definition {
  const found = required(definition, wanted);
  const rest = (definition.devices[wanted.key] as readonly (Disk | Interface)[]).filter((one) => one !== found.device);
  return withDevices(definition, wanted.key, rest);
}

function required(definition: Definition, wanted: Plugged): Plugged {
  const found = find(definition, wanted);
  if (found) return found;
  throw new LibvirtError("DEVICE_MISSING", "XEN", `no device found that is '${nameOf(wanted)}'`);
}

async function plugIn({ roads }: XenHost, { id, definition }: LiveDomain, given: Plugged): Promise<void> {
  const { tools } = roads;
  // As it is completed: the tool stack wants all of it.
  const complete = required(withDevice(definition, given), given);
  if (complete.key === "disks") await tools.attachDisk(id, complete.device);
  else await tools.attachInterface(id, complete.device);
}

async function plugOut({ roads }: XenHost, { id, definition }: LiveDomain, wanted: Plugged): Promise<void> {
  const found = required(definition, wanted);
  if (found.key === "disks") await roads.tools.detachDisk(id, found.device.target.dev);
  else await roads.tools.detachInterface(id, found.device.mac?.address ?? "");
}

export function deviceHandlers(host: XenHost): Handlers<DeviceProcedures> {
  const attach = async (dom: DomainRef, procedure: ProcedureName, xml: string, flags: number) => {
    const given = readDevice(xml);
    // The stored definition and the guest get the same card.
    if (given.key === "interfaces") given.device.mac ??= { address: randomXenMac() };
    const { live } = await changeDefinition(host, dom, procedure, flags, {
      change: (definition) => withDevice(definition, given),
      apply: (running) => plugIn(host, running, given),
    });
    const { ref } = host.finder.find(dom);
    if (live) host.hub.emit("domainEventCallbackDeviceAdded", { dom: ref, devAlias: nameOf(given) });
  };
  const detach = async (dom: DomainRef, procedure: ProcedureName, xml: string, flags: number) => {
    const wanted = readDevice(xml);
    const { live } = await changeDefinition(host, dom, procedure, flags, {
      change: (definition) => withoutDevice(definition, wanted),
      apply: (running) => plugOut(host, running, wanted),
    });
    const { ref } = host.finder.find(dom);
    if (live) host.hub.emit("domainEventCallbackDeviceRemoved", { dom: ref, devAlias: nameOf(wanted) });
  };
  return {
    domainAttachDevice: ({ dom, xml }) => attach(dom, "domainAttachDevice", xml, LIVE),
    async domainAttachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainAttachDeviceFlags", "XEN");
      await attach(dom, "domainAttachDeviceFlags", xml, flags);
    },
    domainDetachDevice: ({ dom, xml }) => detach(dom, "domainDetachDevice", xml, LIVE),
    async domainDetachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceFlags", "XEN");
      await detach(dom, "domainDetachDeviceFlags", xml, flags);
    },
  };
}
