/** Devices of the host: drivers and models QEMU has. */
import type { Domain, HostSubsystemOf, SubsystemHostdev } from "../../../model/domain/index.ts";
import type { ValidationContext } from "./context.ts";
import { broken, need, unsupported } from "./refuse.ts";

export function validateHostdevs(domain: Domain, context: ValidationContext): void {
  const matrices = domain.devices.hostdevs.filter(
    (one) => one.mode === "subsystem" && one.device.type === "mdev" && one.device.model === "vfio-ap",
  );
  if (matrices.length > 1) unsupported("Only one hostdev of model vfio-ap is supported");
  for (const hostdev of domain.devices.hostdevs) {
    if (hostdev.mode === "capabilities") unsupported("hostdev mode 'capabilities' is not supported in qemu");
    else validateSubsystem(hostdev, domain, context);
  }
}

export function validateHostdevsStart({ devices }: Domain): void {
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode !== "subsystem") continue;
    const { device } = hostdev;
    if (device.type === "usb" && device.source.vendor === undefined && device.source.address === undefined) {
      broken("USB host device is missing bus/device information");
    }
    if (device.type === "pci" && device.driver?.name !== undefined && device.driver.name !== "vfio") {
      broken(`invalid PCI passthrough type '${device.driver.name}'`);
    }
  }
}

function validateSubsystem({ device }: SubsystemHostdev, domain: Domain, context: ValidationContext): void {
  switch (device.type) {
    case "pci":
      need("vfio-pci", context, "VFIO PCI device assignment is not supported by this version of qemu");
      if (device.source.writeFiltering === false) {
        unsupported("Write filtering of PCI device configuration space is not supported by qemu");
      }
      break;
    case "usb":
      if (device.source.guestReset === "uninitialized") {
        need("usb-host.guest-resets-all", context, "guestReset is not supported by this version of QEMU");
      }
      break;
    case "scsi_host":
      need("vhost-scsi", context, "vhost SCSI hostdev is not supported by this version of qemu");
      if (device.model !== undefined && device.model !== "virtio") {
        need("virtio-pci-non-transitional", context, "virtio non-transitional model not supported for this qemu");
      }
      break;
    case "mdev":
      validateMediated(device, domain, context);
      break;
  }
}

function validateMediated(device: HostSubsystemOf<"mdev">, { devices }: Domain, context: ValidationContext): void {
  switch (device.model) {
    case "vfio-pci":
      need("vfio-pci", context, "VFIO PCI device assignment is not supported by this version of QEMU");
      break;
    case "vfio-ap":
      need("vfio-ap", context, "VFIO AP device assignment is not supported by this version of QEMU");
      break;
    case "vfio-ccw":
      need("vfio-ccw", context, "VFIO CCW device assignment is not supported by this version of QEMU");
      break;
  }
  if (device.display !== undefined) {
    need("vfio-pci.display", context, "display property of device vfio-pci is not supported by this version of QEMU");
    if (device.display && devices.graphics.length === 0) {
      unsupported("graphics device is needed for attribute value 'display=on' in <hostdev>");
    }
  }
}
