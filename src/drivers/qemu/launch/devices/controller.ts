/** Controllers: what other devices are plugged into. */
import { LibvirtError } from "../../../../errors.ts";
import type { Controller, ControllerOf } from "../../../../model/domain/index.ts";
import { isQ35 } from "../../definition/machine.ts";
import { addressProps, aliasOf, controllerAlias } from "../address.ts";
import { device, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { iothreadId } from "../processors/iothread-id.ts";
import type { DeviceContext } from "./context.ts";
import { pciControllerParts } from "./pci-controller.ts";
import { versionedDriver, virtioProps } from "./virtio.ts";

/** Controllers that are part of the machine are no parts of the launch. */
export function controllerParts(controller: Controller, context: DeviceContext): Part[] {
  switch (controller.type) {
    case "pci":
      return pciControllerParts(controller, context);
    case "usb":
      return usbParts(controller, context);
    case "scsi":
      return scsiParts(controller, context);
    case "virtio-serial":
      return virtioSerialParts(controller, context);
    case "sata":
      return sataParts(controller, context);
    case "ccid":
      return [device("usb-ccid", { id: aliasOf(controller), ...addressProps(controller, context.domain) })];
    // Floppy controllers come with the drives, the others with the machine.
    case "ide":
    case "fdc":
    case "isa":
    case "xenbus":
      return [];
  }
}

type Usb = ControllerOf<"usb">;

const usbDrivers: { readonly [model in NonNullable<Usb["model"]>]?: string } = {
  "piix3-uhci": "piix3-usb-uhci",
  "piix4-uhci": "piix4-usb-uhci",
  ehci: "usb-ehci",
  "ich9-ehci1": "ich9-usb-ehci1",
  "ich9-uhci1": "ich9-usb-uhci1",
  "ich9-uhci2": "ich9-usb-uhci2",
  "ich9-uhci3": "ich9-usb-uhci3",
  "vt82c686b-uhci": "vt82c686b-usb-uhci",
  "pci-ohci": "pci-ohci",
  "nec-xhci": "nec-usb-xhci",
  "qemu-xhci": "qemu-xhci",
};

function usbParts(controller: Usb, { domain }: DeviceContext): Part[] {
  const { model, ports, master } = controller;
  if (model === "none") return [];
  if (model === undefined) return controller.index === 0 ? [option("-usb")] : [];
  const driver = usbDrivers[model];
  if (driver === undefined) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `Unsupported controller model: ${model}`);
  }
  // A companion has no name: its ports are those of its master.
  const place =
    master === undefined
      ? { id: aliasOf(controller) }
      : { masterbus: `${controllerAlias(domain, "usb", controller.index ?? 0)}.0`, firstport: master.startport };
  return [device(driver, { p2: ports, p3: ports, ...place, ...addressProps(controller, domain) })];
}

type Scsi = ControllerOf<"scsi">;

const scsiDrivers: { readonly [model in NonNullable<Scsi["model"]>]?: string } = {
  lsilogic: "lsi",
  lsisas1068: "mptsas1068",
  lsisas1078: "megasas",
  vmpvscsi: "pvscsi",
  ibmvscsi: "spapr-vscsi",
  dc390: "dc390",
  am53c974: "am53c974",
};

/** Models of a SCSI controller that speak virtio. */
const isVirtioScsi = ({ model }: Scsi): boolean =>
  model === "virtio-scsi" || model === "virtio-transitional" || model === "virtio-non-transitional";

function scsiParts(controller: Scsi, context: DeviceContext): Part[] {
  const { driver, model } = controller;
  const id = aliasOf(controller);
  const place = addressProps(controller, context.domain);
  const limits = {
    num_queues: driver?.queues,
    cmd_per_lun: driver?.cmd_per_lun,
    max_sectors: driver?.max_sectors,
    ioeventfd: driver?.ioeventfd,
  };
  if (isVirtioScsi(controller)) {
    const { driver: name, props } = versionedDriver("virtio-scsi", controller, context);
    const iothread = driver?.iothread === undefined ? undefined : iothreadId(driver.iothread);
    return [device(name, { ...props, iothread, ...virtioProps(driver), id, ...limits, ...place })];
  }
  const name = scsiDrivers[model ?? "auto"];
  if (name === undefined) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `Unsupported controller model: ${model ?? "auto"}`);
  }
  return [device(name, { id, ...limits, ...place })];
}

function virtioSerialParts(controller: ControllerOf<"virtio-serial">, context: DeviceContext): Part[] {
  const { driver: name, props } = versionedDriver("virtio-serial", controller, context);
  const { driver, ports, vectors } = controller;
  return [
    device(name, {
      ...props,
      ...virtioProps(driver),
      id: aliasOf(controller),
      max_ports: ports,
      vectors,
      ...addressProps(controller, context.domain),
    }),
  ];
}

/** The first one of a Q35 machine is part of its chip set. */
function sataParts(controller: ControllerOf<"sata">, { domain }: DeviceContext): Part[] {
  if (controller.index === 0 && isQ35(domain)) return [];
  return [device("ahci", { id: aliasOf(controller), ...addressProps(controller, domain) })];
}
