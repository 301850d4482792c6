/** Where a device sits, as properties: which bus, which place on it. */
import { LibvirtError } from "../../../errors.ts";
import type {
  Address,
  AddressOf,
  AnyDevice,
  Controller,
  ControllerOf,
  ControllerType,
  Domain,
} from "../../../model/domain/index.ts";
import type { JsonObject } from "../monitor/json.ts";

/** The alias a device was given before the launch; its ids on the command line derive from it. */
export function aliasOf(device: AnyDevice): string {
  if (device.alias !== undefined) return device.alias;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", "a device has no alias");
}

/** `bus`, `addr` and whatever else says where a device is; with what ACPI calls it. */
export function addressProps(device: AnyDevice, domain: Domain): JsonObject {
  const { address, acpi } = device;
  const place = address === undefined ? {} : placeOf(address, domain);
  return acpi?.index === undefined ? place : { "acpi-index": acpi.index, ...place };
}

function placeOf(address: Address, domain: Domain): JsonObject {
  switch (address.type) {
    case "pci":
      return pciPlace(address, domain);
    case "usb":
      return usbPlace(address, domain);
    case "ccw":
      return { devno: ccwNumber(address) };
    case "spapr-vio":
      return address.reg === undefined ? {} : { reg: Number(address.reg) };
    case "isa":
      return { iobase: address.iobase, irq: address.irq };
    case "virtio-serial":
      return { bus: `${virtioSerialAlias(address, domain)}.0`, nr: address.port };
    case "ccid":
      return { bus: `${controllerAlias(domain, "ccid", address.controller)}.0` };
    // Drives and memory modules say it in a way of their own; the others have no place to name.
    case "drive":
    case "dimm":
    case "virtio-s390":
    case "virtio-mmio":
    case "unassigned":
      return {};
  }
}

function pciPlace({ bus, slot, function: part, multifunction }: AddressOf<"pci">, domain: Domain): JsonObject {
  const addr = `0x${slot.toString(16)}${part === 0 ? "" : `.0x${part.toString(16)}`}`;
  return { bus: pciBus(domain, bus), multifunction, addr };
}

/** Name of the bus behind a PCI controller. */
function pciBus(domain: Domain, index: number): string {
  const controller = findController(domain, "pci", index);
  const alias = aliasOf(controller);
  return isHostBridge(controller) ? `${alias}.0` : alias;
}

/** The further host bridges of a pSeries guest are devices, and their buses have names of their own. */
function isHostBridge(controller: ControllerOf<"pci">): boolean {
  return controller.model === "pci-root" && (controller.target?.index ?? 0) > 0;
}

function usbPlace({ bus, port }: AddressOf<"usb">, domain: Domain): JsonObject {
  return { bus: `${controllerAlias(domain, "usb", bus)}.0`, port };
}

const virtioSerialAlias = ({ controller }: AddressOf<"virtio-serial">, domain: Domain): string =>
  controllerAlias(domain, "virtio-serial", controller);

/** `fe.0.0001`: subsystem, subset and number in hexadecimal. */
function ccwNumber({ cssid, ssid, devno = 0 }: AddressOf<"ccw">): string {
  return `${cssid.toString(16)}.${ssid.toString(16)}.${devno.toString(16).padStart(4, "0")}`;
}

/** The alias of a controller by kind and index: the bus it gives is called after it. */
export function controllerAlias(domain: Domain, type: ControllerType, index: number): string {
  return aliasOf(findController(domain, type, index));
}

/** A controller by kind and index; of USB controllers that form one, the one that is not a companion. */
export function findController<T extends ControllerType>(domain: Domain, type: T, index: number): ControllerOf<T> {
  const found = domain.devices.controllers.find(
    (controller): controller is ControllerOf<T> =>
      controller.type === type && controller.index === index && !isCompanion(controller),
  );
  if (found !== undefined) return found;
  throw new LibvirtError(
    "INTERNAL_ERROR",
    "QEMU",
    `Could not find ${type} controller with index ${index} required for device`,
  );
}

const isCompanion = (controller: Controller): boolean => controller.type === "usb" && controller.master !== undefined;
