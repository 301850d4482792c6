/** The nodes of QEMU's block layer that show a guest the images of a disk. */
import { LibvirtError } from "../../../../errors.ts";
import type { Auth, Encryption } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { DeviceContext, SecretName } from "../devices/context.ts";
import { blockdev, clean, integer } from "../parts/make-part.ts";
import type { ObjectPart, Part } from "../parts/part.ts";
import { secretPart, tlsParts } from "../secrets.ts";
import { formatEncryption } from "./encryption.ts";
import type { CacheMode, Chain, Image } from "./image.ts";
import { cookieLine, usesTls } from "./network.ts";
import { sourceProps } from "./source.ts";

/** All nodes of a chain, each after those it uses, with the secrets they need. */
export function chainParts({ images, ended }: Chain, context: DeviceContext): Part[] {
  return images
    .map((image, at) => imageParts(image, images[at + 1]?.names.format ?? (ended ? null : undefined), context))
    .toReversed()
    .flat();
}

function imageParts(image: Image, backing: string | null | undefined, context: DeviceContext): Part[] {
  const parts: Part[] = [...imageSecrets(image, context), blockdev(storageNode(image, context))];
  if (hasSliceNode(image)) parts.push(blockdev(sliceNode(image)));
  parts.push(blockdev(formatNode(image, backing)));
  return parts;
}

/** The objects that the nodes of an image name. */
function imageSecrets(image: Image, context: DeviceContext): ObjectPart[] {
  const { facts, settings } = context;
  const { names, auth, encryption, storage } = image;
  const parts: ObjectPart[] = [];
  if (auth !== undefined) parts.push(secretPart(names.authSecret, facts.secret(secretOf(auth))));
  if (encryption !== undefined) parts.push(secretPart(names.encryptionSecret, facts.secret(keyOf(encryption))));
  if (storage.type !== "network" || storage.source === undefined) return parts;
  const { source } = storage;
  const cookies = cookieLine(source);
  if (cookies !== undefined) parts.push(secretPart(names.cookieSecret, facts.seal(Buffer.from(cookies))));
  if (usesTls(source, context)) {
    const credentials = source.protocol === "vxhs" ? settings.vxhsCredentials : settings.nbdCredentials;
    parts.push(...tlsParts(names.tls, credentials, { server: false }, facts.secret));
  }
  return parts;
}

function secretOf({ secret, username }: Auth): SecretName {
  if (secret !== undefined) return secret;
  throw new LibvirtError("XML_ERROR", "QEMU", `authentication of '${username}' names no secret`);
}

function keyOf({ secrets, format }: Encryption): SecretName {
  const [secret] = secrets;
  if (secret !== undefined) return secret;
  throw new LibvirtError("XML_ERROR", "QEMU", `encryption format '${format}' doesn't have a secret`);
}

const cacheProps: Readonly<Record<CacheMode, JsonObject | undefined>> = {
  default: undefined,
  none: { direct: true, "no-flush": false },
  writethrough: { direct: false, "no-flush": false },
  writeback: { direct: false, "no-flush": false },
  directsync: { direct: true, "no-flush": false },
  unsafe: { direct: false, "no-flush": true },
};

const cacheOf = ({ options }: Image): JsonObject | undefined =>
  options.cache === undefined ? undefined : cacheProps[options.cache];

/** The node that reads and writes where the image is; whether it may be written, the node above decides. */
export function storageNode(image: Image, context: DeviceContext): JsonObject {
  return clean({
    ...sourceProps(image, context),
    "node-name": nodeName(image.names.storage),
    cache: cacheOf(image),
    ...accessOf(image, context),
    discard: "unmap",
  });
}

/** Longest name of a node, in bytes. */
const maxNodeName = 31;

function nodeName(name: string): string {
  if (Buffer.byteLength(name) <= maxNodeName) return name;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `node-name '${name}' too long for qemu`);
}

/** One descriptor cannot be opened anew for writing, so it must be right from the start. */
function accessOf({ storage, readonly }: Image, { facts }: DeviceContext): JsonObject {
  const group = storage.type === "file" ? storage.source?.fdgroup : undefined;
  const single = group !== undefined && facts.fdSet(group).descriptors < 2;
  return single ? { "read-only": readonly } : { "auto-read-only": true };
}

/** A slice of a raw image is said with its format; other formats lie on a node that shows the slice. */
export const hasSliceNode = (image: Image): boolean => image.slice !== undefined && formatDriver(image) !== "raw";

export function sliceNode(image: Image): JsonObject {
  return clean({
    driver: "raw",
    "node-name": image.names.slice,
    ...sliceProps(image),
    file: image.names.storage,
    "auto-read-only": true,
    discard: "unmap",
    cache: cacheOf(image),
  });
}

function sliceProps({ slice }: Image): JsonObject {
  return slice === undefined ? {} : { offset: integer(slice.offset), size: integer(slice.size) };
}

/** The node that understands the format. */
export function formatNode(image: Image, backing: string | null | undefined): JsonObject {
  const driver = formatDriver(image);
  const { names, options, detectZeroes, metadataCache } = image;
  return clean({
    "node-name": nodeName(names.format),
    "read-only": image.readonly,
    cache: cacheOf(image),
    discard: options.discard,
    "detect-zeroes": detectZeroes,
    driver,
    ...encryptionProps(image, driver),
    "cache-size": metadataCache === undefined ? undefined : integer(metadataCache),
    ...(driver === "raw" ? sliceProps(image) : {}),
    file: hasSliceNode(image) ? names.slice : names.storage,
    backing: overlays.has(driver) ? backing : undefined,
  });
}

/** Formats whose images may lie on others. */
const overlays: ReadonlySet<string> = new Set(["qcow", "qcow2", "qed", "vmdk"]);

function encryptionProps({ encryption, names }: Image, driver: string): JsonObject {
  if (encryption === undefined || encryption.engine === "librbd") return {};
  if (driver === "luks") return { "key-secret": names.encryptionSecret };
  return { encrypt: formatEncryption(encryption, names.encryptionSecret) };
}

const drivers: Readonly<Record<string, string>> = {
  raw: "raw",
  iso: "raw",
  dir: "raw",
  fat: "raw",
  luks: "luks",
  bochs: "bochs",
  cloop: "cloop",
  dmg: "dmg",
  ploop: "parallels",
  qcow: "qcow",
  qcow2: "qcow2",
  qed: "qed",
  vdi: "vdi",
  vhd: "vpc",
  vpc: "vpc",
  vmdk: "vmdk",
};

/** QEMU's driver of a format; a raw image that QEMU decrypts is a LUKS volume. */
export function formatDriver({ format, encryption }: Image): string {
  if (format === "raw" && encryption?.format === "luks" && encryption.engine !== "librbd") return "luks";
  const driver = drivers[format];
  if (driver !== undefined) return driver;
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `storage format '${format}' is not supported by QEMU`);
}
