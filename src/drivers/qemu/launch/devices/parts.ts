/** Each kind of device and what becomes of it: one table for the start and for plugging in. */
import type { AnyDevice, Controller, ControllerType, Devices, Disk } from "../../../../model/domain/index.ts";
import { overlayOf } from "../images/overlay.ts";
import { overridden } from "../parts/override.ts";
import type { Part } from "../parts/part.ts";
import { videoParts } from "../screens/video.ts";
import type { DeviceContext } from "./context.ts";
import { controllerParts } from "./controller.ts";
import { diskParts, floppyControllerParts, managedReservationParts } from "./disk.ts";
import { filesystemParts } from "./filesystem.ts";
import { hostdevParts } from "./hostdev.ts";
import { inputParts } from "./input.ts";
import { interfaceParts } from "./interface.ts";
import { redirdevParts } from "./redirdev.ts";
import { channelParts, consoleParts, parallelParts, serialParts } from "./serial.ts";
import {
  hubParts,
  iommuParts,
  memballoonParts,
  panicParts,
  rngParts,
  shmemParts,
  vsockParts,
  watchdogParts,
} from "./small-devices.ts";
import { smartcardParts } from "./smartcard.ts";
import { soundParts } from "./sound.ts";
import { zpciParts } from "./zpci.ts";

/** One device of a kind that may have several. */
export type One<T> = NonNullable<T extends readonly (infer Item)[] ? Item : T>;
type Maker<K extends keyof Devices> = (device: One<Devices[K]>, context: DeviceContext) => Part[];

const makers = {
  disks: diskParts,
  controllers: controllerParts,
  filesystems: filesystemParts,
  interfaces: interfaceParts,
  smartcards: smartcardParts,
  serials: serialParts,
  parallels: parallelParts,
  consoles: consoleParts,
  channels: channelParts,
  inputs: inputParts,
  sounds: soundParts,
  videos: videoParts,
  hostdevs: hostdevParts,
  redirdevs: redirdevParts,
  hubs: hubParts,
  watchdog: watchdogParts,
  memballoon: memballoonParts,
  rngs: rngParts,
  panics: panicParts,
  shmems: shmemParts,
  iommu: iommuParts,
  vsock: vsockParts,
} satisfies { readonly [K in keyof Devices]?: Maker<K> };

/** Kinds of devices that parts are made of here. */
export type DeviceKind = keyof typeof makers;

/** Whether parts are made of a kind of device here. */
export const isDeviceKind = (key: keyof Devices): key is DeviceKind => Object.hasOwn(makers, key);

/** All that one device consists of, in the order in which it is made. */
export function deviceParts<K extends DeviceKind>(kind: K, device: One<Devices[K]>, context: DeviceContext): Part[] {
  const made = (makers[kind] as Maker<K>)(device, context);
  const parts = overridden(made, (device as AnyDevice).alias, context.domain);
  // On s390 a PCI device has identifiers that must be there when it comes.
  const at = parts.findIndex((part) => part.kind === "device");
  return at < 0 ? parts : parts.toSpliced(at, 0, ...zpciParts(device as AnyDevice));
}

/** All devices of one kind, each after what it is plugged into, with what serves them together. */
export function kindParts<K extends DeviceKind>(kind: K, context: DeviceContext): Part[] {
  const { devices } = context.domain;
  switch (kind) {
    case "disks":
      return [
        ...managedReservationParts(context),
        ...floppyControllerParts(context),
        ...partsOf(
          "disks",
          devices.disks.filter((disk) => isPresent(disk, context)),
          context,
        ),
      ];
    case "controllers":
      return controllersInOrder(devices).flatMap((controller) => deviceParts("controllers", controller, context));
    case "hubs":
      // A reader of smart cards may be plugged into a hub.
      return [
        ...partsOf("hubs", devices.hubs, context),
        ...partsOf("controllers", devices.controllers.filter(isReader), context),
      ];
    default: {
      const entry = devices[kind];
      const list = entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
      return partsOf(kind, list as One<Devices[K]>[], context);
    }
  }
}

function partsOf<K extends DeviceKind>(kind: K, devices: readonly One<Devices[K]>[], context: DeviceContext): Part[] {
  return devices.flatMap((device) => deviceParts(kind, device, context));
}

/** A disk that shares what it lies on is plugged in when its overlay has been made. */
function isPresent(disk: Disk, { domain }: DeviceContext): boolean {
  return disk.transient?.shareBacking !== true || overlayOf(disk, domain.name) !== undefined;
}

const isReader = ({ type }: Controller): boolean => type === "ccid";

/** PCI is what all the others are plugged into. */
const controllerOrder: readonly ControllerType[] = ["pci", "usb", "scsi", "ide", "sata", "fdc", "virtio-serial"];

function controllersInOrder({ controllers }: Devices): Controller[] {
  return controllerOrder.flatMap((type) => controllers.filter((controller) => controller.type === type));
}
