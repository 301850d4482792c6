/** Devices of the host in the guest. */
import { LibvirtError } from "../../../../errors.ts";
import { type PciAddress, pciAddressText } from "../../../../model/common/pci-address.ts";
import type {
  AddressOf,
  AnyDevice,
  Hostdev,
  HostSubsystemOf,
  Interface,
  SubsystemHostdev,
} from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import { type Bootable, bootProps } from "../board/boot-order.ts";
import { hostAndPort, iscsiPort } from "../images/network.ts";
import { hostdevNumber } from "../images/numbers.ts";
import { blockdev, device, onOffAuto } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { secretPart } from "../secrets.ts";
import type { DeviceContext } from "./context.ts";
import { scsiPlace } from "./disk.ts";
import { romProps } from "./rom.ts";
import { versionedDriver } from "./virtio.ts";

/** @param number the number of the node that a SCSI device is; at the start of a guest it follows from the definition. */
export function hostdevParts(
  hostdev: Hostdev,
  context: DeviceContext,
  number: number = hostdevNumber(hostdev, context.domain),
): Part[] {
  if (hostdev.mode !== "subsystem") return refuse();
  // A device without a place is only kept from the host.
  if (hostdev.address?.type === "unassigned") return [];
  const { device: what } = hostdev;
  switch (what.type) {
    case "pci":
      return pciHostDevice(hostdev, what.source.address, what.teaming, context);
    case "usb":
      return usbParts(hostdev, what, context);
    case "scsi":
      return scsiParts(hostdev, what, context, number);
    case "scsi_host":
      return vhostScsiParts(hostdev, what, context);
    case "mdev":
      return mediatedParts(hostdev, what, context);
  }
}

function refuse(): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "hostdev mode 'capabilities' is not supported in QEMU");
}

type Assigned = AnyDevice & Bootable & Pick<Interface, "rom">;

/** A PCI device, given through VFIO. */
export function pciHostDevice(
  hostdev: Assigned,
  address: PciAddress,
  teaming: Interface["teaming"],
  { domain }: DeviceContext,
): Part[] {
  return [
    device("vfio-pci", {
      host: pciAddressText(address),
      id: aliasOf(hostdev),
      ...bootProps(hostdev, domain),
      failover_pair_id: teaming?.type === "transient" ? teaming.persistent : undefined,
      ...addressProps(hostdev, domain),
      ...romProps(hostdev),
    }),
  ];
}

function usbParts(hostdev: SubsystemHostdev, { source }: HostSubsystemOf<"usb">, context: DeviceContext): Part[] {
  // A device that may be missing, and is, is nothing for the guest.
  if (source.missing === true) return [];
  if (source.address === undefined) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", "USB host device is missing bus/device information");
  }
  return usbHostDevice(hostdev, source.address, resetProps(source.guestReset), context);
}

type GuestReset = HostSubsystemOf<"usb">["source"]["guestReset"];

/** What happens to the real device when the guest resets it. */
function resetProps(guestReset: GuestReset): JsonObject {
  switch (guestReset) {
    case undefined:
      return {};
    case "off":
      return { "guest-reset": false };
    case "uninitialized":
      return { "guest-reset": true, "guest-resets-all": false };
    case "on":
      return { "guest-reset": true, "guest-resets-all": true };
  }
}

/** A USB device, by where it is plugged in on the host. */
export function usbHostDevice(
  hostdev: AnyDevice & Bootable,
  address: { readonly bus: number; readonly device: number },
  reset: JsonObject,
  { domain, capabilities }: DeviceContext,
): Part[] {
  const digits = (value: number): string => String(value).padStart(3, "0");
  const host = capabilities.has("usb-host.hostdevice")
    ? { hostdevice: `/dev/bus/usb/${digits(address.bus)}/${digits(address.device)}` }
    : { hostbus: address.bus, hostaddr: address.device };
  return [
    device("usb-host", {
      ...host,
      id: aliasOf(hostdev),
      ...bootProps(hostdev, domain),
      ...reset,
      ...addressProps(hostdev, domain),
    }),
  ];
}

type Scsi = HostSubsystemOf<"scsi">;

function scsiParts(hostdev: SubsystemHostdev, { source }: Scsi, context: DeviceContext, number: number): Part[] {
  const node = `libvirt-${number}-backend`;
  const id = aliasOf(hostdev);
  const common = { "node-name": node, "read-only": hostdev.readonly === true };
  const { parts, props } = scsiBackend(source, node, context);
  return [
    ...parts,
    blockdev({ ...props, ...common }),
    device("scsi-generic", {
      drive: node,
      id,
      ...bootProps(hostdev, context.domain),
      ...scsiPlace(drivePlace(hostdev.address), context.domain),
    }),
  ];
}

function drivePlace(address: SubsystemHostdev["address"]): AddressOf<"drive"> {
  if (address?.type === "drive") return address;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", "a SCSI host device has no place on its bus");
}

function scsiBackend(
  source: Scsi["source"],
  node: string,
  { facts }: DeviceContext,
): { parts: Part[]; props: JsonObject } {
  if (source.protocol === "adapter") {
    const { adapter = "", address } = source;
    const place = { adapter, bus: address?.bus ?? 0, target: address?.target ?? 0, unit: address?.unit ?? 0n };
    return { parts: [], props: { driver: "host_device", filename: facts.scsiGeneric(place) } };
  }
  const { auth, hosts, initiator } = source;
  const [target = "", lun = "0"] = source.name.split("/");
  const secret = `${node}-secret0`;
  const [host] = hosts;
  return {
    parts: auth?.secret === undefined ? [] : [secretPart(secret, facts.secret(auth.secret))],
    props: {
      driver: "iscsi",
      portal: hostAndPort({ name: host?.name, port: host?.port ?? iscsiPort }),
      target,
      lun: Number(lun),
      transport: "tcp",
      ...(auth && { user: auth.username, "password-secret": secret }),
      "initiator-name": initiator?.iqn,
    },
  };
}

/** A SCSI target that the host's kernel serves. */
function vhostScsiParts(hostdev: SubsystemHostdev, what: HostSubsystemOf<"scsi_host">, context: DeviceContext): Part[] {
  const variant = { model: what.model, address: hostdev.address };
  const { driver, props } = versionedDriver("vhost-scsi", variant, context);
  return [
    device(driver, {
      ...props,
      wwpn: what.source.wwpn,
      id: aliasOf(hostdev),
      ...bootProps(hostdev, context.domain),
      ...addressProps(hostdev, context.domain),
    }),
  ];
}

/** A part of a host's device that its driver has divided. */
function mediatedParts(hostdev: SubsystemHostdev, what: HostSubsystemOf<"mdev">, { domain }: DeviceContext): Part[] {
  const { model, display, ramfb, source } = what;
  // The boot screen is only there from the start.
  const driver = model === "vfio-pci" && ramfb === true ? "vfio-pci-nohotplug" : model;
  return [
    device(driver, {
      id: aliasOf(hostdev),
      sysfsdev: `/sys/bus/mdev/devices/${source.address}`,
      display: onOffAuto(display),
      ramfb: ramfb === true ? true : undefined,
      ...bootProps(hostdev, domain),
      ...addressProps(hostdev, domain),
    }),
  ];
}
