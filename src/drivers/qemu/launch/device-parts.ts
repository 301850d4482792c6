/** Each kind of device and what becomes of it: one table for the start and for plugging in. */
import type { AnyDevice, Devices, Disk } from "../../../model/domain/index.ts";
import { controllerParts } from "./controller.ts";
import type { DeviceContext } from "./device-context.ts";
import { diskParts, floppyControllerParts, managedReservationParts } from "./disk.ts";
import { filesystemParts } from "./filesystem.ts";
import { hostdevParts } from "./hostdev.ts";
import { inputParts } from "./input.ts";
import { interfaceParts } from "./interface.ts";
import { overridden } from "./override.ts";
import type { Part } from "./part.ts";
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
import { videoParts } from "./video.ts";
import { zpciParts } from "./zpci.ts";

type One<T> = NonNullable<T extends readonly (infer Item)[] ? Item : T>;
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

/** All that one device consists of, in the order in which it is made. */
export function deviceParts<K extends DeviceKind>(kind: K, device: One<Devices[K]>, context: DeviceContext): Part[] {
  const made = (makers[kind] as Maker<K>)(device, context);
  const parts = overridden(made, (device as AnyDevice).alias, context.domain);
  // On s390 a PCI device has identifiers that must be there when it comes.
  const at = parts.findIndex((part) => part.kind === "device");
  return at < 0 ? parts : parts.toSpliced(at, 0, ...zpciParts(device as AnyDevice));
}

/** All devices of one kind, in the order of the definition, with what serves them together. */
export function kindParts<K extends DeviceKind>(kind: K, context: DeviceContext): Part[] {
  const entry = context.domain.devices[kind];
  const devices = entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
  const parts = (devices as One<Devices[K]>[])
    .filter((device) => kind !== "disks" || !isLate(device as Disk))
    .flatMap((device) => deviceParts(kind, device, context));
  return kind === "disks" ? [...managedReservationParts(context), ...floppyControllerParts(context), ...parts] : parts;
}

/** A disk that shares what it lies on is plugged in when its overlay has been made. */
const isLate = ({ transient }: Disk): boolean => transient?.shareBacking === true;
