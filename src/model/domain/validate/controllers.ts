/** Controllers and the USB that may be switched off. */
import type { Controller, ControllerOf } from "../controller.ts";
import type { Domain } from "../domain.ts";
import { invalidValue, malformed, malformedDetail, unsupported } from "../refuse.ts";

export function validateControllers(domain: Domain): void {
  for (const controller of domain.devices.controllers) {
    if (controller.type === "pci") validatePci(controller);
    validateDriver(controller);
    if (controller.type === "scsi") validateScsi(controller);
  }
  validateUsb(domain);
}

function validatePci({ model, index, address, target }: ControllerOf<"pci">): void {
  const isRoot = model === "pci-root" || model === "pcie-root";
  if (isRoot && address !== undefined) {
    unsupported("pci-root and pcie-root controllers should not have an address");
  }
  if (target?.chassisNr === 0) unsupported("PCI controller chassisNr '0' out of range - must be 1-255");
  if (target?.busNr === 0) unsupported("PCI controller busNr '0' out of range - must be 1-254");
  if (target?.node !== undefined && index === 0) {
    unsupported("The PCI controller with index=0 can't be associated with a NUMA node");
  }
}

function validateDriver(controller: Controller): void {
  const { driver } = controller;
  if (driver?.iothread === 0) {
    invalidValue("Invalid value for attribute 'iothread' in element 'driver': Zero is not permitted");
  }
}

function validateScsi({ model, driver }: ControllerOf<"scsi">): void {
  if (driver?.iothread !== undefined && model?.startsWith("virtio") !== true) {
    malformed("'iothread' attribute only supported for virtio scsi controllers");
  }
}

function validateUsb({ devices }: Domain): void {
  const controllers = devices.controllers.filter((controller) => controller.type === "usb");
  const off = controllers.some(({ model }) => model === "none");
  if (off && controllers.length > 1)
    malformedDetail("Can't add another USB controller: USB is disabled for this domain");
  const master = new Set(controllers.filter((one) => one.master === undefined).map(({ index }) => index));
  if (controllers.some((one) => one.master !== undefined && !master.has(one.index))) {
    malformedDetail("No master USB controller specified");
  }
  if (!off) return;
  if (devices.hubs.some(({ type }) => type === "usb")) {
    unsupported("Can't add USB hub: USB is disabled for this domain");
  }
  if (devices.inputs.some(({ bus }) => bus === "usb")) {
    unsupported("Can't add USB input device. USB bus is disabled");
  }
  if (devices.redirdevs.length > 0) {
    unsupported("USB is disabled for this domain, but USB devices are present in the domain XML");
  }
  if (devices.hostdevs.some((hostdev) => hostdev.mode === "subsystem" && hostdev.device.type === "usb")) {
    unsupported("Device configuration is not compatible: Domain has USB bus disabled");
  }
}
