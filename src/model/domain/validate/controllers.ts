/** Controllers and the USB that may be switched off. */
import type { Controller, ControllerOf } from "../controller.ts";
import type { Domain } from "../domain.ts";
import { broken, malformed, unsupported } from "../refuse.ts";

export function validateControllers(domain: Domain): void {
  for (const controller of domain.devices.controllers) {
    if (controller.type === "pci") validatePci(controller);
    validateDriver(controller);
  }
  validateUsb(domain);
}

function validatePci({ model, index, address, target }: ControllerOf<"pci">): void {
  const isRoot = model === "pci-root" || model === "pcie-root";
  if (isRoot && address !== undefined) {
    unsupported("pci-root and pcie-root controllers should not have an address");
  }
  if (target?.chassisNr === 0) malformed("PCI controller chassisNr '0' out of range - must be 1-255");
  if (target?.busNr === 0) malformed("PCI controller busNr '0' out of range - must be 1-254");
  if (target?.node !== undefined && index === 0) {
    unsupported("The PCI controller with index=0 can't be associated with a NUMA node");
  }
}

function validateDriver(controller: Controller): void {
  const { driver } = controller;
  if (driver?.iothread === 0) {
    malformed("Invalid value for attribute 'iothread' in element 'driver': Zero is not permitted");
  }
}

function validateUsb({ devices }: Domain): void {
  const controllers = devices.controllers.filter((controller) => controller.type === "usb");
  const off = controllers.some(({ model }) => model === "none");
  if (off && controllers.length > 1) malformed("Can't add another USB controller: USB is disabled for this domain");
  const master = new Set(controllers.filter((one) => one.master === undefined).map(({ index }) => index));
  if (controllers.some((one) => one.master !== undefined && !master.has(one.index))) {
    broken("No master USB controller specified");
  }
  if (!off) return;
  if (devices.hubs.some(({ type }) => type === "usb")) {
    unsupported("Can't add USB hub: USB is disabled for this domain");
  }
  if (devices.inputs.some(({ bus }) => bus === "usb")) {
    unsupported("Can't add USB input device. USB bus is disabled");
  }
  if (devices.redirdevs.length > 0) {
    unsupported("cannot add redirected USB device: USB is disabled for this domain");
  }
  if (devices.hostdevs.some((hostdev) => hostdev.mode === "subsystem" && hostdev.device.type === "usb")) {
    unsupported("Device configuration is not compatible: Domain has USB bus disabled");
  }
}
