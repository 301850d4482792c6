/** Which devices are on PCI, and what each asks of its slot. */

import type { PciAddress } from "../../../../model/common/pci-address.ts";
import {
  type AnyDevice,
  type Controller,
  type ControllerOf,
  type Devices,
  type Disk,
  type Hostdev,
  type Input,
  type Interface,
  isUnplaced,
  isVirtio,
  type ParsedDomain,
  type Video,
} from "../../../../model/domain/index.ts";
import type { DefinitionContext } from "../../definition/context.ts";
import { hasPcieRoot, isPseries } from "../../definition/machine.ts";
import type { Need } from "./kinds.ts";

/** Slots for the generations of devices. On a board without PCI Express all are alike. */
interface Generations {
  readonly old: Need;
  readonly express: Need;
  /** What virtio devices are that do not say it. */
  readonly virtio: Need;
}

const old: Need = { plug: "pci", hotplug: true };
const express: Need = { plug: "pcie", hotplug: true };

export interface PciDevice {
  readonly device: AnyDevice;
  readonly need: Need;
}

/** A device with an address of another kind, or with a place already, wants none. */
export function wantsPlace({ address }: AnyDevice): boolean {
  return address === undefined || (address.type === "pci" && isUnplaced(address));
}

/** An emulator that cannot leave out virtio's older protocol has virtio devices of old only. */
function generationsOf(domain: ParsedDomain, { capabilities }: DefinitionContext): Generations {
  if (!hasPcieRoot(domain)) return { old, express: old, virtio: old };
  return { old, express, virtio: capabilities.has("virtio-pci-non-transitional") ? express : old };
}

/** Every device that is on PCI, or would be if it were asked, in the order in which they get their places. */
export function* pciDevices(domain: ParsedDomain, context: DefinitionContext): Generator<PciDevice> {
  const generations = generationsOf(domain, context);
  const { devices } = domain;
  for (const controller of devices.controllers) {
    if (controller.type === "pci") yield* needing(controller, controllerNeed(controller, generations));
  }
  for (const device of devices.filesystems) yield* needing(device, virtioNeed(device.model, generations));
  for (const device of devices.interfaces) {
    if (device.connection.type !== "hostdev") yield* needing(device, interfaceNeed(device, generations));
  }
  for (const device of devices.sounds) yield* needing(device, soundNeed(device.model, generations));
  for (const controller of devices.controllers) {
    if (controller.type !== "pci") yield* needing(controller, controllerNeed(controller, generations));
  }
  for (const device of devices.disks) yield* needing(device, diskNeed(device, generations));
  yield* hostDevices(devices, generations, context, isPseries(domain));
  yield* virtioAndBoards(devices, generations);
}

function* hostDevices(
  { interfaces, hostdevs }: Devices,
  generations: Generations,
  context: DefinitionContext,
  isolate: boolean,
): Generator<PciDevice> {
  const onHost = (source: PciAddress): Need => {
    const need = context.isExpressDevice?.(source) === false ? generations.old : generations.express;
    const group = isolate ? context.iommuGroup?.(source) : undefined;
    // Group 0 is that of all devices that are not the host's.
    return group === undefined ? need : { ...need, group: group + 1 };
  };
  for (const card of interfaces) {
    if (card.connection.type !== "hostdev") continue;
    const source = card.connection.source?.address;
    if (source?.type === "pci") yield { device: card, need: onHost(source) };
  }
  for (const hostdev of hostdevs) {
    if (hostdev.mode !== "subsystem") continue;
    const { device } = hostdev;
    if (device.type === "pci") yield { device: hostdev, need: onHost(device.source.address) };
    else yield* needing(hostdev, hostdevNeed(hostdev, generations));
  }
}

function hostdevNeed(hostdev: Hostdev, generations: Generations): Need | undefined {
  const { device } = hostdev;
  if (device.type === "mdev") return device.model === "vfio-pci" ? generations.express : undefined;
  return device.type === "scsi_host" ? virtioNeed(device.model, generations) : undefined;
}

function* virtioAndBoards(devices: Devices, generations: Generations): Generator<PciDevice> {
  const { memballoon, watchdog, vsock, iommu } = devices;
  if (memballoon !== undefined && isVirtio(memballoon.model)) {
    yield { device: memballoon, need: virtioNeed(memballoon.model, generations) };
  }
  for (const device of devices.rngs) yield { device, need: virtioNeed(device.model, generations) };
  if (watchdog?.model === "i6300esb") yield { device: watchdog, need: generations.old };
  for (const device of devices.videos) yield* needing(device, videoNeed(device, generations));
  for (const device of devices.shmems) yield { device, need: generations.old };
  for (const device of devices.inputs) yield* needing(device, inputNeed(device, generations));
  for (const device of devices.serials) {
    if (device.target.type === "pci-serial") yield { device, need: generations.old };
  }
  if (vsock !== undefined) yield { device: vsock, need: virtioNeed(vsock.model, generations) };
  for (const device of devices.memories) {
    if (device.model === "virtio-pmem" || device.model === "virtio-mem") yield { device, need: generations.old };
  }
  if (iommu?.model === "virtio") yield { device: iommu, need: { plug: generations.express.plug, integrated: true } };
}

function* needing(device: AnyDevice, need: Need | undefined): Generator<PciDevice> {
  if (need !== undefined) yield { device, need };
}

/** Devices that speak both protocols are devices of old. */
function virtioNeed(model: string | undefined, { old, express, virtio }: Generations): Need {
  if (model === "virtio-transitional") return old;
  return model === "virtio-non-transitional" ? express : virtio;
}

function interfaceNeed({ model, address }: Interface, generations: Generations): Need | undefined {
  if (model === "spapr-vlan") return undefined;
  // Whoever places a card on PCI knows why.
  if (model === "usb-net") return address?.type === "pci" ? generations.old : undefined;
  if (isVirtio(model)) return virtioNeed(model, generations);
  return model === "e1000e" ? generations.express : generations.old;
}

const soundsOffPci: ReadonlySet<string> = new Set(["sb16", "pcspk", "usb"]);

function soundNeed(model: string, { old }: Generations): Need | undefined {
  return soundsOffPci.has(model) ? undefined : old;
}

function diskNeed({ target, model }: Disk, generations: Generations): Need | undefined {
  return target.bus === "virtio" ? virtioNeed(model, generations) : undefined;
}

function inputNeed({ bus, model }: Input, generations: Generations): Need | undefined {
  return bus === "virtio" ? virtioNeed(model, generations) : undefined;
}

function videoNeed({ model }: Video, { old, express, virtio }: Generations): Need | undefined {
  switch (model?.type) {
    case "virtio":
      return virtio;
    case "bochs":
      return express;
    case "vga":
    case "cirrus":
    case "vmvga":
    case "qxl":
      return old;
    default:
      return undefined;
  }
}

/** What a controller asks of the slot it is put into; undefined for those that are not on PCI. */
function controllerNeed(controller: Controller, generations: Generations): Need | undefined {
  switch (controller.type) {
    case "pci":
      return bridgeNeed(controller);
    case "usb":
      if (controller.model === "none") return undefined;
      return controller.model === "nec-xhci" || controller.model === "qemu-xhci"
        ? generations.express
        : generations.old;
    case "scsi":
      return scsiNeed(controller.model, generations);
    case "virtio-serial":
      return virtioNeed(controller.model, generations);
    case "ide":
    case "sata":
      return generations.old;
    default:
      return undefined;
  }
}

/** What a PCI controller itself is plugged into; undefined for root buses. */
export function bridgeNeed({ model }: Pick<ControllerOf<"pci">, "model">): Need | undefined {
  if (model === undefined || model === "pci-root" || model === "pcie-root") return undefined;
  switch (model) {
    case "pcie-root-port":
      return { plug: model, aggregate: true };
    case "pcie-to-pci-bridge":
      return { plug: model, hotplug: true };
    default:
      return { plug: model };
  }
}

function scsiNeed(model: Extract<Controller, { type: "scsi" }>["model"], generations: Generations): Need | undefined {
  switch (model) {
    case undefined:
    case "auto":
    case "ibmvscsi":
    case "ncr53c90":
      return undefined;
    case "virtio-scsi":
    case "virtio-transitional":
    case "virtio-non-transitional":
      return virtioNeed(model, generations);
    default:
      return generations.old;
  }
}
