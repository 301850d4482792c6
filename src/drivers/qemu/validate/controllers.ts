/** Controllers other than PCI: models QEMU has, places that boards prescribe, and options. */
import type { Controller, ControllerOf, Domain } from "../../../model/domain/index.ts";
import { iothreadIds } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { hasBuiltinIde, isI440fx, isQ35 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { broken, need, unsupported } from "./refuse.ts";

export function validateControllers(domain: Domain, context: ValidationContext): void {
  for (const controller of domain.devices.controllers) validateController(controller, domain, context);
}

/** Checks one controller, also one that is plugged in. */
function validateController(controller: Controller, domain: Domain, context: ValidationContext): void {
  switch (controller.type) {
    case "ide":
      validateIde(controller, domain);
      break;
    case "scsi":
      validateScsi(controller, domain, context);
      break;
    case "sata":
      if (!isOnBoard(controller, domain)) need("ich9-ahci", context, "SATA is not supported with this QEMU binary");
      break;
    case "usb":
      validateUsbPlace(controller, domain);
      break;
  }
}

/** Q35 comes with one. */
function isOnBoard({ index }: ControllerOf<"sata">, domain: Domain): boolean {
  return index === 0 && isQ35(domain);
}

export function validateControllersStart({ devices }: Domain, context: ValidationContext): void {
  for (const controller of devices.controllers) {
    if (controller.type === "usb") validateUsbModel(controller, context);
  }
}

/** PC boards have one IDE controller, at a place that cannot be changed; others have none. */
function validateIde({ index, address }: ControllerOf<"ide">, domain: Domain): void {
  if (isI440fx(domain) && index === 0 && address?.type === "pci") {
    if (address.bus !== 0 || address.slot !== 1 || address.function !== 1) {
      broken("Primary IDE controller must have PCI address 0:0:1.1");
    }
  }
  if (!hasBuiltinIde(domain)) unsupported("IDE controllers are unsupported for this QEMU binary or machine type");
  if (index !== 0) unsupported("Only a single IDE controller is supported for this machine type");
}

function validateUsbPlace({ index, model, address }: ControllerOf<"usb">, domain: Domain): void {
  if (!isI440fx(domain) || index !== 0 || address?.type !== "pci") return;
  if (model !== undefined && model !== "piix3-uhci") return;
  if (address.bus !== 0 || address.slot !== 1 || address.function !== 2) {
    broken("PIIX3 USB controller at index 0 must have PCI address 0:0:1.2");
  }
}

const usbFlags: { readonly [Model in NonNullable<ControllerOf<"usb">["model"]>]?: CapabilityFlag } = {
  "piix3-uhci": "piix3-usb-uhci",
  "piix4-uhci": "piix4-usb-uhci",
  ehci: "usb-ehci",
  "ich9-ehci1": "ich9-usb-ehci1",
  "ich9-uhci1": "ich9-usb-ehci1",
  "ich9-uhci2": "ich9-usb-ehci1",
  "ich9-uhci3": "ich9-usb-ehci1",
  "vt82c686b-uhci": "vt82c686b-usb-uhci",
  "pci-ohci": "pci-ohci",
  "nec-xhci": "nec-usb-xhci",
  "qemu-xhci": "qemu-xhci",
};

function validateUsbModel({ model, ports }: ControllerOf<"usb">, context: ValidationContext): void {
  const flag = model === undefined ? undefined : usbFlags[model];
  if (flag !== undefined) need(flag, context, `USB controller model '${model}' not supported in this QEMU binary`);
  if (ports !== undefined && model !== "nec-xhci" && model !== "qemu-xhci") {
    unsupported(`usb controller type '${model}' doesn't support 'ports' with this QEMU binary`);
  }
}

const scsiFlags: { readonly [Model in NonNullable<ControllerOf<"scsi">["model"]>]?: CapabilityFlag } = {
  lsilogic: "lsi",
  lsisas1068: "mptsas1068",
  lsisas1078: "megasas",
  vmpvscsi: "pvscsi",
  dc390: "dc390",
  am53c974: "am53c974",
  "virtio-scsi": "virtio-scsi-pci",
};

const isVirtio = (model: string | undefined): boolean => model?.startsWith("virtio") === true;

function validateScsi(controller: ControllerOf<"scsi">, domain: Domain, context: ValidationContext): void {
  const { model, driver } = controller;
  if (model === "auto" || model === "buslogic") unsupported(`Unsupported controller model: ${model}`);
  if (model === "ncr53c90") unsupported("ncr53c90 SCSI controller is not a built-in for this machine");
  const flag = model === undefined ? undefined : scsiFlags[model];
  if (flag !== undefined && model !== "virtio-scsi") {
    need(flag, context, `The ${model} SCSI controller model is not supported by this QEMU`);
  }
  if (driver === undefined) return;
  if (!isVirtio(model)) {
    for (const option of ["queues", "cmd_per_lun", "max_sectors", "ioeventfd"] as const) {
      if (driver[option] !== undefined) unsupported(`'${option}' is only supported by virtio-scsi controller`);
    }
    return;
  }
  if (driver.iothread !== undefined && !iothreadIds(domain).includes(driver.iothread)) {
    unsupported(`controller iothread '${driver.iothread}' not defined in iothreadid`);
  }
}
