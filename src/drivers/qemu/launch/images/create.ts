/** Making images with QEMU's own jobs: what `blockdev-create` takes. */
import type { Encryption } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { DeviceContext } from "../devices/context.ts";
import { clean, integer } from "../parts/make-part.ts";
import type { Image } from "./image.ts";
import { formatDriver, hasSliceNode } from "./parts.ts";
import { imageReference, referenceProps } from "./reference.ts";

/**
 * Options that make the place of an image: the file, or the object on a server.
 * @param size bytes
 * @returns undefined for places that must be there already.
 */
export function storageCreation(image: Image, size: bigint, context: DeviceContext): JsonObject | undefined {
  const { storage } = image;
  if (storage.type === "file") return { driver: "file", filename: storage.source?.file, size: integer(size) };
  if (storage.type !== "network" || storage.source === undefined) return undefined;
  if (!creatable.has(storage.source.protocol)) return undefined;
  const { driver, ...location } = referenceProps(image, context);
  return { driver, location, size: integer(size) };
}

const creatable: ReadonlySet<string> = new Set(["gluster", "rbd", "sheepdog", "ssh", "nfs"]);

/**
 * Options that make the image inside of its place.
 * @param size bytes that the guest sees
 * @param backing the image it lies on
 * @returns undefined for raw images, which have no inside.
 */
export function formatCreation(
  image: Image,
  size: bigint,
  backing: Image | undefined,
  context: DeviceContext,
): JsonObject | undefined {
  const driver = formatDriver(image);
  if (driver === "raw") return undefined;
  const { encryption, names } = image;
  const key = encryption && keyOptions(encryption, names.encryptionSecret);
  return clean({
    ...(driver === "luks" ? key : {}),
    driver,
    file: hasSliceNode(image) ? names.slice : names.storage,
    size: integer(size),
    "backing-file": backing === undefined ? undefined : imageReference(backing, context),
    "backing-fmt": backing === undefined ? undefined : formatDriver(backing),
    encrypt: key !== undefined && driver !== "luks" ? { ...key, format: encryption?.format } : undefined,
  });
}

function keyOptions({ cipher, ivgen }: Encryption, secret: string): JsonObject {
  return clean({
    "key-secret": secret,
    "cipher-alg": cipher === undefined ? undefined : `${cipher.name}-${cipher.size}`,
    "cipher-mode": cipher?.mode,
    "hash-alg": cipher?.hash,
    "ivgen-alg": ivgen?.name,
    "ivgen-hash-alg": ivgen?.hash,
  });
}
