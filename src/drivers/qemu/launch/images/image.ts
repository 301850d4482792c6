/** One image of a disk, with all that its nodes in QEMU's block layer need to know. */
import { LibvirtError } from "../../../../errors.ts";
import type { Auth, BackingStore, Disk, Encryption, Storage, StorageOf } from "../../../../model/domain/index.ts";
import type { DeviceContext } from "../devices/context.ts";

/** Names of an image's nodes and of the objects they use. */
export interface ImageNames {
  /** The node that reads and writes where the image is. */
  readonly storage: string;
  /** The node that understands its format; the guest's device or the image above use it. */
  readonly format: string;
  /** The node that shows a part of the storage. */
  readonly slice: string;
  readonly authSecret: string;
  readonly encryptionSecret: string;
  readonly cookieSecret: string;
  readonly tls: string;
}

/** Names as libvirt gives them: the number is the `index` that `<source>` of a running guest shows. */
export function imageNames(prefix: string | number): ImageNames {
  const node = typeof prefix === "number" ? `libvirt-${prefix}` : prefix;
  return {
    storage: `${node}-storage`,
    format: `${node}-format`,
    slice: `${node}-slice-sto`,
    authSecret: `${node}-storage-auth-secret0`,
    encryptionSecret: `${node}-format-encryption-secret0`,
    cookieSecret: `${node}-storage-httpcookie-secret0`,
    tls: `obj${node}-storage_tls0`,
  };
}

export type CacheMode = NonNullable<NonNullable<Disk["driver"]>["cache"]>;

/** What holds for all images of a disk. */
export interface DiskOptions {
  readonly cache?: CacheMode | undefined;
  readonly io?: "native" | "threads" | "io_uring" | undefined;
  readonly discard?: "ignore" | "unmap" | undefined;
  readonly device: Disk["device"];
}

export interface Image {
  readonly names: ImageNames;
  readonly storage: Storage;
  /** As definitions say it; see {@link formatDriver} for QEMU's name. */
  readonly format: string;
  readonly readonly: boolean;
  readonly options: DiskOptions;
  readonly auth?: Auth | undefined;
  readonly encryption?: Encryption | undefined;
  readonly slice?: { readonly offset: bigint; readonly size: bigint } | undefined;
  /** Only of the image that the guest writes to. */
  readonly detectZeroes?: "off" | "on" | "unmap" | undefined;
  /** Bytes that tables of the format may be cached in. */
  readonly metadataCache?: bigint | undefined;
  /** The object through which persistent reservations are made. */
  readonly prManager?: string | undefined;
}

/** The images of a disk from the top down, and whether the lowest is known to lie on nothing. */
export interface Chain {
  readonly images: readonly Image[];
  readonly ended: boolean;
}

/** The chain of a disk; no images for a drive without a medium. */
export function chainOf(disk: Disk, context: DeviceContext, names = namesOf): Chain {
  const storage = resolved(disk.storage, context);
  if (storage === undefined) return { images: [], ended: true };
  const options = optionsOf(disk);
  const top = names(disk.storage);
  const images: Image[] = [
    {
      ...placed(storage, disk.storage, disk, top),
      format: disk.driver?.type ?? "raw",
      readonly: disk.readonly === true,
      options,
      detectZeroes: effectiveDetectZeroes(disk),
      metadataCache: disk.driver?.metadata_cache?.max_size,
      prManager: prManagerId(disk, top),
    },
  ];
  let below = disk.backingStore;
  for (; below?.storage !== undefined; below = below.backingStore)
    images.push(backingImage(below, options, context, names));
  return { images, ended: below !== undefined };
}

function backingImage(
  { storage, format }: BackingStore,
  options: DiskOptions,
  context: DeviceContext,
  names: (storage: Storage) => ImageNames,
): Image {
  if (storage === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "a backing image has no source");
  return {
    ...imageAt(storage, names(storage), context),
    format: format?.type ?? "raw",
    readonly: true,
    options,
    metadataCache: format?.metadata_cache?.max_size,
  };
}

/** Where an image is that is no disk's own, and what its source says besides. */
export function imageAt(
  storage: Storage,
  names: ImageNames,
  context: DeviceContext,
): Pick<Image, "storage" | "names" | "auth" | "encryption" | "slice"> {
  const place = resolved(storage, context);
  if (place === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", "an image has no source");
  return placed(place, storage, {}, names);
}

/** What `<source>` says besides where the image is; a disk may say the same beside its source. */
function placed(
  storage: Storage,
  said: Storage,
  outer: { auth?: Auth | undefined; encryption?: Encryption | undefined },
  names: ImageNames,
): Pick<Image, "storage" | "names" | "auth" | "encryption" | "slice"> {
  return {
    storage,
    names,
    // A pool knows itself who logs in to its server.
    auth: authOf(storage) ?? (said.type === "volume" ? undefined : outer.auth),
    encryption: encryptionOf(said) ?? encryptionOf(storage) ?? outer.encryption,
    slice: sliceOf(said),
  };
}

function authOf({ source }: Storage): Auth | undefined {
  return source !== undefined && "auth" in source ? source.auth : undefined;
}

function encryptionOf({ source }: Storage): Encryption | undefined {
  return source !== undefined && "encryption" in source ? source.encryption : undefined;
}

function sliceOf({ source }: Storage): Image["slice"] {
  return source !== undefined && "slices" in source ? source.slices?.slices[0] : undefined;
}

/** Where an image is; undefined when there is none. A volume is where its pool has it. */
function resolved(storage: Storage, { facts }: DeviceContext): Storage | undefined {
  switch (storage.type) {
    case "file":
      return storage.source?.file === undefined ? undefined : storage;
    case "block":
      return storage.source?.dev === undefined ? undefined : storage;
    case "dir":
      return storage.source?.dir === undefined ? undefined : storage;
    case "volume":
      return storage.source === undefined ? undefined : facts.volume(storage.source);
    default:
      return storage.source === undefined ? undefined : storage;
  }
}

/** The names that an image was given by {@link numberImages}. */
export function namesOf(storage: Storage): ImageNames {
  const index = storage.source?.index;
  if (index) return imageNames(index);
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", "an image has not got a number");
}

function optionsOf(disk: Disk): DiskOptions {
  const { io, discard } = disk.driver ?? {};
  return { cache: effectiveCache(disk), io, discard, device: disk.device };
}

/** Guests that share an image must not see what the host's cache still holds. */
export function effectiveCache({ driver, shareable, readonly }: Disk): CacheMode | undefined {
  if (driver?.cache !== undefined) return driver.cache;
  return shareable === true && readonly !== true ? "none" : undefined;
}

/** Zeroes cannot be discarded where discarding is not allowed. */
function effectiveDetectZeroes({ driver }: Disk): Image["detectZeroes"] {
  if (driver?.detect_zeroes === "unmap" && driver.discard !== "unmap") return "on";
  return driver?.detect_zeroes;
}

/** Id of the object that makes persistent reservations for a disk: one that libvirt started serves all. */
export function prManagerId(disk: Disk, { storage }: ImageNames): string | undefined {
  const reservations = reservationsOf(disk);
  if (reservations === undefined) return undefined;
  return reservations.managed ? "pr-helper0" : `pr-helper-${storage}`;
}

type Reservations = NonNullable<StorageOf<"block">["source"]>["reservations"];

/** Who makes persistent reservations for a disk. */
export function reservationsOf({ storage: { source } }: Disk): Reservations {
  return source !== undefined && "reservations" in source ? source.reservations : undefined;
}
