/** Devices that every guest of a board has, whether its definition names them or not. */
import {
  type Audio,
  type ControllerOf,
  type ControllerType,
  controller as controllerShape,
  type Graphics,
  type Input,
  type ParsedDomain,
} from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import {
  isArm,
  isArmVirt,
  isI440fx,
  isIsaPc,
  isMicrovm,
  isPpc64,
  isPseries,
  isQ35,
  isRiscv,
  isRiscvVirt,
  isS390,
  isVersatilePb,
  isX86,
  isXenfv,
} from "./machine.ts";

type UsbModel = NonNullable<ControllerOf<"usb">["model"]>;

/** What a board brings along. */
interface BoardDevices {
  pciRoot?: "pci-root" | "pcie-root";
  sata?: boolean;
  /** The USB controller: of the emulator's own choice, of a model, or none. */
  usb?: "default" | UsbModel;
  memballoon?: boolean;
  panic?: "pseries" | "s390";
  /** Graphics come with a keyboard and a mouse on USB. */
  usbInputs?: boolean;
}

export function addDefaultDevices(domain: ParsedDomain, context: DefinitionContext): void {
  const board = boardDevices(domain, context);
  const { devices } = domain;
  if (board.usb !== undefined) addUsbController(domain, board.usb);
  if (board.sata === true) addController(domain, "sata");
  if (board.pciRoot !== undefined) addPciRoot(domain, board.pciRoot);
  if (board.memballoon === true) devices.memballoon ??= { model: isXenfv(domain) ? "none" : "virtio" };
  if (board.panic !== undefined) addPanic(domain, board.panic);
  if (board.usbInputs === true && devices.graphics.length > 0) addInputs(domain, "usb");
  if (isX86(domain)) addInputs(domain, "ps2");
  addAudio(domain, context);
}

function boardDevices(domain: ParsedDomain, context: DefinitionContext): BoardDevices {
  const { capabilities } = context;
  if (isX86(domain)) return pcDevices(domain, context);
  if (isArmVirt(domain)) return capabilities.has("gpex-pcihost") ? { pciRoot: "pcie-root" } : {};
  if (isRiscv(domain)) {
    const express = isRiscvVirt(domain) && capabilities.has("gpex-pcihost");
    return express ? { pciRoot: "pcie-root", memballoon: true } : { memballoon: true };
  }
  if (isVersatilePb(domain)) return { pciRoot: "pci-root", usb: "default", memballoon: true };
  if (isPpc64(domain)) {
    const common: BoardDevices = { pciRoot: "pci-root", usb: "default", memballoon: true, usbInputs: true };
    return isPseries(domain) ? { ...common, panic: "pseries" } : common;
  }
  if (isS390(domain)) {
    const devices: BoardDevices = { memballoon: true, panic: "s390" };
    return capabilities.has("zpci") ? { ...devices, pciRoot: "pci-root" } : devices;
  }
  if (isArm(domain)) return {};
  return { pciRoot: "pci-root", usb: "default", memballoon: true };
}

function pcDevices(domain: ParsedDomain, { capabilities }: DefinitionContext): BoardDevices {
  if (isIsaPc(domain)) return { memballoon: true };
  if (isMicrovm(domain)) return { memballoon: true };
  if (isQ35(domain)) {
    const devices: BoardDevices = { pciRoot: "pcie-root", sata: true, memballoon: true };
    if (capabilities.has("qemu-xhci")) return { ...devices, usb: "qemu-xhci" };
    if (capabilities.has("nec-usb-xhci")) return { ...devices, usb: "nec-xhci" };
    if (capabilities.has("ich9-usb-ehci1")) return { ...devices, usb: "ich9-ehci1" };
    return devices;
  }
  if (isI440fx(domain)) return { pciRoot: "pci-root", usb: "default", memballoon: true };
  return { usb: "default", memballoon: true };
}

const has = (domain: ParsedDomain, type: ControllerType, index = 0): boolean =>
  domain.devices.controllers.some((one) => one.type === type && one.index === index);

function addController(domain: ParsedDomain, type: "sata"): void {
  if (!has(domain, type)) domain.devices.controllers.push(controllerShape.make({ type, index: 0 }));
}

/** Unless the definition has a USB controller, be it to say that there is none. */
function addUsbController(domain: ParsedDomain, model: "default" | UsbModel): void {
  if (has(domain, "usb")) return;
  const draft = model === "default" ? {} : { model };
  domain.devices.controllers.push(controllerShape.make({ type: "usb", index: 0, ...draft }));
  if (model === "ich9-ehci1") addCompanions(domain);
}

function addCompanions(domain: ParsedDomain): void {
  const companions = ["ich9-uhci1", "ich9-uhci2", "ich9-uhci3"] as const;
  companions.forEach((model, at) => {
    const master = { startport: at * 2 };
    domain.devices.controllers.push(controllerShape.make({ type: "usb", index: 0, model, master }));
  });
}

function addPciRoot(domain: ParsedDomain, model: "pci-root" | "pcie-root"): void {
  if (!has(domain, "pci")) domain.devices.controllers.push(controllerShape.make({ type: "pci", index: 0, model }));
}

function addPanic({ devices }: ParsedDomain, model: "pseries" | "s390"): void {
  const there = devices.panics.some((one) => one.model === undefined || one.model === model);
  if (!there) devices.panics.push({ model });
}

function addInputs({ devices }: ParsedDomain, bus: NonNullable<Input["bus"]>): void {
  for (const type of bus === "usb" ? (["keyboard", "mouse"] as const) : (["mouse", "keyboard"] as const)) {
    // Two pointers would move against each other.
    if (type === "mouse" && devices.inputs.some((one) => one.type === "tablet" && one.bus === bus)) continue;
    const there = devices.inputs.some((one) => one.type === type && (one.bus ?? "ps2") === bus);
    if (!there) devices.inputs.push({ type, bus });
  }
}

/** What sound cards play through: what the last graphics carry that carry sound, else what the host offers. */
function addAudio({ devices }: ParsedDomain, context: DefinitionContext): void {
  if (devices.audios.length > 0) return;
  let backend: Audio["backend"] | undefined;
  if (devices.graphics.length === 0) {
    backend = context.nographicsAllowHostAudio === true ? context.hostAudio : { type: "none" };
  }
  for (const { type } of devices.graphics) backend = defaultAudio(type, context) ?? backend;
  if (backend !== undefined) devices.audios.push({ id: 1, backend });
}

function defaultAudio(graphics: Graphics["type"], context: DefinitionContext): Audio["backend"] | undefined {
  switch (graphics) {
    // Sound goes over the bus only where the definition says so.
    case "dbus":
      return undefined;
    case "spice":
      return { type: "spice" };
    case "vnc":
      return context.vncAllowHostAudio === true ? context.hostAudio : { type: "none" };
    default:
      return context.hostAudio;
  }
}
