/** What libvirt fills in, drops and refuses when it reads a volume of a certain type of pool. Pure. */
import { type ErrorName, LibvirtError } from "../../errors.ts";
import type { Mode, ReadOptions } from "../../xml/index.ts";
import { checkEncryption } from "../common/encryption.ts";
import type { PoolType } from "./pool.ts";
import { poolTypes } from "./pool-types.ts";
import { type Volume, type VolumeDocument, type VolumeTarget, volumeDocument, volumeTarget } from "./volume.ts";
import { partitionFormats, volumeFormats } from "./volume-formats.ts";

function refuse(detail: string, code: ErrorName = "XML_ERROR"): never {
  throw new LibvirtError(code, "STORAGE", detail);
}

export interface VolumeOptions extends ReadOptions {
  /** The capacity may be missing: it follows from an existing image or from the backing store. */
  readonly noCapacity?: boolean;
  /** It may be missing where there is a backing store. */
  readonly capacityOfBacking?: boolean;
}

const formatsOf = { image: volumeFormats, partition: partitionFormats, plain: [] } as const;

/**
 * Reads a volume as libvirt does: description, completion, checks.
 * @throws LibvirtError
 */
export function parseVolume(xml: string, pool: PoolType, options: VolumeOptions = {}): Volume {
  const read = volumeDocument.parse(xml, options);
  const follows =
    options.noCapacity === true || (options.capacityOfBacking === true && read.backingStore?.path !== undefined);
  if (read.capacity === undefined && !follows) refuse("missing capacity element");
  const volume = completeVolume(read, pool);
  checkVolume(volume, pool);
  return volume;
}

/** Prints a volume (virStorageVolGetXMLDesc). */
export function formatVolume(volume: Volume, mode: Mode = {}): string {
  return volumeDocument.format(volume, mode);
}

function completeVolume(given: VolumeDocument, pool: PoolType): Volume {
  const capacity = given.capacity ?? 0n;
  const target = completeTarget(given.target ?? volumeTarget.make({}), pool);
  const volume: Volume = { ...given, capacity, allocation: given.allocation ?? capacity, target };
  // What only the storage itself knows is not taken from a document.
  delete volume.source;
  delete volume.physical;
  const { backingStore } = given;
  if (backingStore?.path === undefined) delete volume.backingStore;
  else volume.backingStore = completePlace(backingStore, pool);
  return volume;
}

type Place = NonNullable<VolumeDocument["backingStore"]>;

function completePlace<T extends Place>(given: T, pool: PoolType): T {
  const place: T = { ...given };
  delete place.timestamps;
  const [first] = formatsOf[poolTypes[pool].volumes];
  if (first === undefined) delete place.format;
  else place.format = { type: given.format?.type ?? first };
  return place;
}

function completeTarget(given: VolumeTarget, pool: PoolType): VolumeTarget {
  const target = completePlace(given, pool);
  // The features need a format version that has them.
  if (target.features !== undefined) target.compat ??= "1.1";
  return target;
}

/** @throws LibvirtError XML_ERROR, CONFIG_UNSUPPORTED */
function checkVolume(volume: Volume, pool: PoolType): void {
  const known: readonly string[] = formatsOf[poolTypes[pool].volumes];
  for (const format of [volume.target.format?.type, volume.backingStore?.format?.type]) {
    if (format !== undefined && !known.includes(format)) {
      refuse(`unknown volume format type ${format}`, "CONFIG_UNSUPPORTED");
    }
  }
  if (volume.target.encryption !== undefined) checkEncryption(volume.target.encryption);
}
