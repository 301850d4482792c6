/** Models of controllers that the definition leaves open. */
import type { Controller, ControllerOf, ParsedDomain } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import type { DefinitionContext } from "./context.ts";
import { isArmVirt, isPseries, isRiscvVirt, isS390, isX86 } from "./machine.ts";
import { unsupported } from "./refuse.ts";

export function completeControllers(domain: ParsedDomain, context: DefinitionContext): void {
  for (const controller of domain.devices.controllers) completeController(domain, controller, context);
}

/** Completes one controller, also one that is plugged in or that a device implied. */
function completeController(domain: ParsedDomain, controller: Controller, context: DefinitionContext): void {
  switch (controller.type) {
    case "usb":
      completeUsb(domain, controller, context);
      break;
    case "scsi":
      completeScsi(domain, controller, context.capabilities);
      break;
    case "pci":
      completePci(domain, controller);
      break;
  }
}

type Usb = ControllerOf<"usb">;

/** Picks what the emulator has; one that has none of them gets its machine's own controller by another option. */
function completeUsb(domain: ParsedDomain, controller: Usb, context: DefinitionContext): void {
  if (controller.model === undefined) {
    const model = defaultUsb(domain, controller, context);
    if (model !== undefined) controller.model = model;
  }
  const { model, ports } = controller;
  // These two once had names of Xen's.
  if (model === "qusb1" || model === "qusb2") {
    unsupported("USB controller model type 'qusb1' or 'qusb2' is not supported in qemu");
  }
  if (ports !== undefined && ports > 15 && (model === "nec-xhci" || model === "qemu-xhci")) {
    unsupported(`'${model}' controller only supports up to '15' ports`);
  }
}

function defaultUsb(domain: ParsedDomain, controller: Usb, context: DefinitionContext): Usb["model"] {
  const { capabilities, abiUpdate } = context;
  if (isS390(domain)) return controller.address === undefined ? "none" : undefined;
  if (isPseries(domain)) {
    // Guests that exist must keep the controller they were made with.
    if (abiUpdate === true && capabilities.has("qemu-xhci")) return "qemu-xhci";
    if (capabilities.has("pci-ohci")) return "pci-ohci";
    return capabilities.has("nec-usb-xhci") ? "nec-xhci" : undefined;
  }
  if (domain.os.type.arch === "aarch64") {
    if (capabilities.has("qemu-xhci")) return "qemu-xhci";
    return capabilities.has("nec-usb-xhci") ? "nec-xhci" : undefined;
  }
  if (capabilities.has("piix3-usb-uhci")) return "piix3-uhci";
  return undefined;
}

type Scsi = ControllerOf<"scsi">;

function completeScsi(domain: ParsedDomain, controller: Scsi, capabilities: QemuCapabilities): void {
  if (controller.model !== undefined && controller.model !== "auto") return;
  const model = defaultScsi(domain, capabilities);
  if (model === undefined) unsupported("Unable to determine model for SCSI controller");
  controller.model = model;
}

function defaultScsi(domain: ParsedDomain, capabilities: QemuCapabilities): Scsi["model"] {
  if (isPseries(domain)) return "ibmvscsi";
  if (isS390(domain) || isArmVirt(domain) || isRiscvVirt(domain)) return "virtio-scsi";
  if (capabilities.has("lsi")) return "lsilogic";
  return capabilities.has("virtio-scsi-pci") ? "virtio-scsi" : undefined;
}

/** Expander buses belong to a NUMA node, the first unless they say otherwise; so do not other buses. */
function completePci(domain: ParsedDomain, controller: ControllerOf<"pci">): void {
  if (controller.model === undefined && controller.index !== undefined) {
    controller.model = controller.index === 0 ? rootModel(domain) : "pci-bridge";
  }
}

function rootModel(domain: ParsedDomain): "pci-root" | "pcie-root" {
  return isX86(domain) && /q35/.test(domain.os.type.machine ?? "") ? "pcie-root" : "pci-root";
}
