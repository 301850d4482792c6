/** Plugging disks, interfaces and devices of the host in and out, while guests run or for their next start. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { type Domain as Definition, type Disk, formatDomain } from "../../../model/domain/index.ts";
import { randomXenMac } from "../../../model/xen/index.ts";
import { DomainDeviceModifyFlags, type Domain as DomainRef } from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import type { XenHost } from "../host.ts";
import { devicesLike, find, nameOf, type Plugged, plugIn, plugOut, readDevice } from "./plugged.ts";

type DeviceProcedures = "domainAttachDeviceFlags" | "domainDetachDeviceFlags" | "domainUpdateDeviceFlags";

const { FORCE } = DomainDeviceModifyFlags;

/** The definition completed and checked anew, with another list of devices. */
function withDevices(definition: Definition, { key }: Plugged, list: readonly Plugged["device"][]): Definition {
  const devices = { ...definition.devices, [key]: list } as Definition["devices"];
  // Completion works in place, so that it needs a definition of its own.
  return readDefinition(formatDomain({ ...definition, devices }, { secure: true, inactive: true })).definition;
}

function withDevice(definition: Definition, plugged: Plugged): Definition {
  if ((plugged.key !== "interfaces" || plugged.device.mac) && find(definition, plugged)) {
    throw new LibvirtError("OPERATION_FAILED", "XEN", `target ${nameOf(plugged)} already exists`);
  }
  return withDevices(definition, plugged, [...devicesLike(definition, plugged), plugged.device]);
}

function withoutDevice(definition: Definition, wanted: Plugged): Definition {
  const found = required(definition, wanted);
  const rest = devicesLike(definition, wanted).filter((one) => one !== found.device);
  return withDevices(definition, wanted, rest);
}

function required(definition: Definition, wanted: Plugged): Plugged {
  const found = find(definition, wanted);
  if (found) return found;
  throw new LibvirtError("DEVICE_MISSING", "XEN", `no device found that is '${nameOf(wanted)}'`);
}

/** The definition with another medium in a drive. */
function withMedium(definition: Definition, given: Plugged): Definition {
  const { device: drive } = required(definition, given) as { readonly device: Disk };
  if (drive.device !== "cdrom" && drive.device !== "floppy") {
    const detail = `disk '${drive.target.dev}' is no drive for CD-ROMs or floppies, whose medium alone can be changed`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }
  const { storage } = given.device as Disk;
  const disks = definition.devices.disks.map((disk) => (disk === drive ? { ...drive, storage } : disk));
  return withDevices(definition, given, disks);
}

export function deviceHandlers(host: XenHost): Handlers<DeviceProcedures> {
  const attach = async (dom: DomainRef, xml: string, flags: number) => {
    const given = readDevice(xml);
    // The stored definition and the guest get the same card.
    if (given.key === "interfaces") given.device.mac ??= { address: randomXenMac() };
    const { live } = await changeDefinition(host, dom, "domainAttachDeviceFlags", flags, {
      change: (definition) => withDevice(definition, given),
      // As it is completed: the tool stack wants all of it.
      apply: ({ id, definition }) => plugIn(host.roads.tools, id, required(withDevice(definition, given), given)),
    });
    const { ref } = host.finder.find(dom);
    if (live) host.hub.emit("domainEventCallbackDeviceAdded", { dom: ref, devAlias: nameOf(given) });
  };
  const detach = async (dom: DomainRef, xml: string, flags: number) => {
    const wanted = readDevice(xml);
    const { live } = await changeDefinition(host, dom, "domainDetachDeviceFlags", flags, {
      change: (definition) => withoutDevice(definition, wanted),
      apply: ({ id, definition }) => plugOut(host.roads.tools, id, required(definition, wanted)),
    });
    const { ref } = host.finder.find(dom);
    if (live) host.hub.emit("domainEventCallbackDeviceRemoved", { dom: ref, devAlias: nameOf(wanted) });
  };
  const update = async (dom: DomainRef, xml: string, flags: number) => {
    const given = readDevice(xml);
    if (given.key !== "disks") {
      throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", "only the medium of a drive can be changed");
    }
    await changeDefinition(host, dom, "domainUpdateDeviceFlags", flags, {
      change: (definition) => withMedium(definition, given),
      apply: ({ id, definition }) => {
        const { tools } = host.roads;
        if (!tools.changeMedium) throw new LibvirtError("NO_SUPPORT", "XEN", `${tools.name} cannot change media`);
        const { device } = required(withMedium(definition, given), given);
        return tools.changeMedium(id, device as Disk);
      },
    });
  };
  return {
    async domainUpdateDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags | FORCE, "domainUpdateDeviceFlags", "XEN");
      await update(dom, xml, flags);
    },
    async domainAttachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainAttachDeviceFlags", "XEN");
      await attach(dom, xml, flags);
    },
    async domainDetachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceFlags", "XEN");
      await detach(dom, xml, flags);
    },
  };
}
