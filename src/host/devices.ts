/** Device files of the host: what kind they are, which belongs to what, whether we may open them. */
import { access, constants, stat } from "node:fs/promises";
import type { FileTree } from "./node/file-tree.ts";

/** The kernel's number of CD-ROM drives (SCSI_CDROM_MAJOR). */
const cdromMajor = 11;

/** Whether a path leads to a block device that is a CD-ROM drive, whatever it is called. */
export async function isCdromDrive(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isBlockDevice() && majorOf(found.rdev) === cdromMajor;
  } catch {
    return false;
  }
}

/** The major number of a device, as the kernel packs both numbers for programs. */
export const majorOf = (device: number): number => Math.floor(device / 256) % 4096;

/** Whether we may read and write a device file; null when it is not there at all. */
export async function mayOpen(path: string): Promise<boolean | null> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : false;
  }
}

/** A SCSI device by its place: `scsi_host3`, bus, target, unit. */
export interface ScsiAddress {
  readonly adapter: string;
  readonly bus: number;
  readonly target: number;
  readonly unit: bigint;
}

/**
 * The generic node of a SCSI device of the host, such as `/dev/sg0`; null when there is no such device.
 * @param sys /sys
 */
export async function scsiGeneric({ adapter, bus, target, unit }: ScsiAddress, sys: FileTree): Promise<string | null> {
  const host = /^scsi_host(\d{1,6})$/.exec(adapter)?.[1];
  if (host === undefined) return null;
  const names = await sys.list(`bus/scsi/devices/${host}:${bus}:${target}:${unit}/scsi_generic`);
  const name = names.find((one) => /^sg\d+$/.test(one));
  return name === undefined ? null : `/dev/${name}`;
}

/**
 * Graphics cards of the host that render without a screen, the first one first.
 * @param dev /dev
 */
export async function renderNodes(dev: FileTree): Promise<string[]> {
  const names = (await dev.list("dri")).filter((name) => /^renderD\d{1,6}$/.test(name));
  const number = (name: string): number => Number(name.slice("renderD".length));
  return names.sort((a, b) => number(a) - number(b)).map((name) => `/dev/dri/${name}`);
}
