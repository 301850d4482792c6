/** Directories of the host inside the guest: by 9p, which QEMU serves, or by a virtiofs daemon. */
import { LibvirtError } from "../../../../errors.ts";
import type { Filesystem } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { bootProps } from "../board/boot-order.ts";
import { chardev, device, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import type { DeviceContext } from "./context.ts";
import { versionedDriver, virtioProps } from "./virtio.ts";

export function filesystemParts(filesystem: Filesystem, context: DeviceContext): Part[] {
  return filesystem.driver?.type === "virtiofs"
    ? virtiofsParts(filesystem, context)
    : sharedFolderParts(filesystem, context);
}

/** Socket of the daemon that serves a file system. */
function virtiofsSocket(filesystem: Filesystem, folder: string): string {
  const own = filesystem.origin.type === "mount" ? filesystem.origin.source?.socket : undefined;
  return own ?? `${folder}/${aliasOf(filesystem)}-fs.sock`;
}

function virtiofsParts(filesystem: Filesystem, context: DeviceContext): Part[] {
  const { domain, folder } = context;
  const id = aliasOf(filesystem);
  const socket = `chr-vu-${id}`;
  const addr = { type: "unix", data: { path: virtiofsSocket(filesystem, folder) } };
  const { driver, props } = versionedDriver("vhost-user-fs", filesystem, context);
  return [
    chardev(socket, "socket", { addr, server: false }),
    device(driver, {
      ...props,
      ...virtioProps(filesystem.driver),
      id,
      chardev: socket,
      "queue-size": filesystem.driver?.queue,
      tag: filesystem.target,
      ...bootProps(filesystem, domain),
      ...addressProps(filesystem, domain),
    }),
  ];
}

function sharedFolderParts(filesystem: Filesystem, context: DeviceContext): Part[] {
  const id = aliasOf(filesystem);
  const fsdev = `fsdev-${id}`;
  const { driver, props } = versionedDriver("virtio-9p", filesystem, context);
  return [
    option("-fsdev", folderOptions(filesystem, fsdev)),
    device(driver, {
      ...props,
      ...virtioProps(filesystem.driver),
      id,
      fsdev,
      mount_tag: filesystem.target,
      ...addressProps(filesystem, context.domain),
    }),
  ];
}

/** Who the guest's accesses run as, in QEMU's words. */
const securityModels = { passthrough: "passthrough", mapped: "mapped", squash: "none" } as const;

function folderOptions(filesystem: Filesystem, id: string): string {
  const { driver, accessmode, multidevs, fmode, dmode, readonly } = filesystem;
  const isHandle = driver?.type === "handle";
  const mode = (value: number): string => value.toString(8).padStart(4, "0");
  const words: string[] = [isHandle ? "handle" : "local"];
  if (!isHandle) words.push(`security_model=${securityModels[accessmode ?? "passthrough"]}`);
  if (multidevs !== undefined && multidevs !== "default") words.push(`multidevs=${multidevs}`);
  if (fmode !== undefined) words.push(`fmode=${mode(fmode)}`);
  if (dmode !== undefined) words.push(`dmode=${mode(dmode)}`);
  if (driver?.wrpolicy === "immediate") words.push("writeout=immediate");
  words.push(`id=${id}`, `path=${sourceOf(filesystem).replaceAll(",", ",,")}`);
  if (readonly === true) words.push("readonly=on");
  return words.join(",");
}

function sourceOf({ origin }: Filesystem): string {
  const folder = origin.type === "mount" ? origin.source?.dir : undefined;
  if (folder !== undefined) return folder;
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "only supports mount filesystem type");
}
