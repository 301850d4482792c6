/** Image chains of a guest's disks, read from the images when the guest starts. */
import { isLibvirtError, LibvirtError } from "../../../../errors.ts";
import { type ImageChain, type ImageLayer, readImageChain } from "../../../../host/image-chain.ts";
import type { BackingStore, Domain as Definition, Disk, ImageFormat } from "../../../../model/domain/index.ts";
import { parseReference } from "../../../../model/image/reference.ts";
import { pathOf } from "../files/files.ts";

/** A disk whose image was not there, and which goes on without it. */
export interface MissingImage {
  readonly disk: Disk;
  readonly path: string;
}

/**
 * Says of each disk what lies below its image, and takes images away that are not there and need not be.
 * @returns the disks that have lost their image.
 */
export async function completeChains({ devices }: Definition): Promise<MissingImage[]> {
  const missing: MissingImage[] = [];
  await Promise.all(
    devices.disks.map(async (disk) => {
      const path = pathOf(disk.storage);
      if (path === undefined) return;
      try {
        await completeChain(disk, path);
      } catch (error) {
        if (!isMissing(error) || !mayBeMissing(disk)) throw error;
        missing.push({ disk, path });
      }
    }),
  );
  for (const { disk } of missing) dropImage(devices.disks, disk);
  return missing;
}

async function completeChain(disk: Disk, path: string): Promise<void> {
  const format = disk.driver?.type ?? "raw";
  const { layers, remote } = await readImageChain(path, format === "aio" ? "raw" : format, "QEMU");
  if (disk.backingStore !== undefined) return;
  disk.backingStore = below(layers.slice(1), remote && remoteImage(remote, layers.at(-1)?.path ?? path));
}

/** The images below one as a definition says it: a store without an image ends the chain. */
function below([layer, ...rest]: readonly ImageLayer[], lowest: BackingStore | null): BackingStore {
  if (layer === undefined) return lowest ?? { index: 0 };
  const storage: NonNullable<BackingStore["storage"]> =
    layer.type === "block"
      ? { type: "block", source: { dev: layer.path, index: 0, seclabels: [] } }
      : { type: "file", source: { file: layer.path, index: 0, seclabels: [] } };
  return { index: 0, format: { type: layer.format as ImageFormat }, storage, backingStore: below(rest, lowest) };
}

type Remote = NonNullable<ImageChain["remote"]>;

/** An image that is no file of this host. What lies below it, the emulator finds out. */
function remoteImage({ reference, format }: Remote, holder: string): BackingStore {
  const { storage, hadCredentials } = parseReference(reference);
  // The reference itself is not shown: it holds a password.
  if (hadCredentials) return refuse(holder, "an image that needs a password, which a secret must hold");
  if (format === null) return refuse(holder, `'${reference}', whose format it does not name`);
  return { index: 0, format: { type: format as ImageFormat }, storage };
}

function refuse(holder: string, what: string): never {
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "QEMU",
    `the image '${holder}' lies on ${what}: say what it is in a <backingStore> of the disk`,
  );
}

function isMissing(error: unknown): boolean {
  const cause = isLibvirtError(error) ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code === "ENOENT";
}

/** `requisite` forgives only what was lost on the way, which a start is not. */
function mayBeMissing({ storage }: Disk): boolean {
  const source = storage.type === "file" || storage.type === "block" ? storage.source : undefined;
  return source?.startupPolicy === "optional";
}

/** A drive stays without its medium; a disk goes. */
function dropImage(disks: Disk[], disk: Disk): void {
  if (disk.device === "cdrom" || disk.device === "floppy") delete (disk.storage as { source?: unknown }).source;
  else disks.splice(disks.indexOf(disk), 1);
}
