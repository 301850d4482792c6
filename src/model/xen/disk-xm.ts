/** Disks as xend knew them: `phy:/dev/vg/volume,hda,w`. The same words, apart, are what xend itself is told. */

import { InvalidValue } from "../../xml/index.ts";
import { type Disk, diskBusOf, disk as diskShape, imageOf } from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import { blockImage, fileImage } from "./images.ts";
import { plain } from "./pairs.ts";

/** A disk as xend names its parts. */
export interface OldDisk {
  /** `phy:/dev/vg/volume`, `file:/image`, `tap:qcow:/image`; empty for a drive without a medium. */
  readonly uname: string;
  /** `hda`, `hdc:cdrom` */
  readonly dev: string;
  /** `r`, `w`, or `w!` for one that is shared. */
  readonly mode: string;
}

const formats = { aio: "raw", raw: "raw", qcow: "qcow", qcow2: "qcow2", vhd: "vpc", vmdk: "vmdk", qed: "qed" } as const;
type Word = keyof typeof formats;
const wordOf = new Map<string, string>(Object.entries(formats).map(([word, type]) => [type, word]));
wordOf.set("raw", "aio");

const tapDrivers = ["tap", "tap2"] as const;

/** @throws InvalidValue */
export function readOldDisk({ uname, dev: device, mode }: OldDisk): Disk {
  const [name = "", kind = "disk"] = device.replace(/^ioemu:/, "").split(":");
  if (name === "") throw new InvalidValue("a disk needs a name such as xvda");
  if (kind !== "disk" && kind !== "cdrom" && kind !== "floppy")
    throw new InvalidValue(`unknown kind of disk '${kind}'`);
  const disk = diskShape.make({
    device: name.startsWith("fd") ? "floppy" : kind,
    ...imageWords(uname),
    target: { dev: name, bus: name.startsWith("fd") ? "fdc" : (diskBusOf(name) ?? "ide") },
  });
  if (mode.startsWith("r")) disk.readonly = true;
  if (mode.includes("!")) disk.shareable = true;
  return disk;
}

function imageWords(uname: string): Pick<Disk, "driver" | "storage"> {
  if (uname === "") return { driver: { name: "phy", type: "raw" }, storage: blockImage(undefined) };
  const [, driver, rest = ""] = /^([a-z0-9]+):([\s\S]*)$/.exec(uname) ?? [];
  switch (driver) {
    case undefined:
    case "phy":
      return {
        driver: { name: "phy", type: "raw" },
        storage: blockImage(driver === undefined ? uname : rest),
      };
    case "file":
      return {
        driver: { name: "file", type: "raw" },
        storage: fileImage(rest),
      };
    case "tap":
    case "tap2": {
      const [, word = "", file = ""] = /^([a-z0-9]+):([\s\S]*)$/.exec(rest) ?? [];
      if (!Object.hasOwn(formats, word)) throw new InvalidValue(`unknown format in '${uname.slice(0, 80)}'`);
      return {
        driver: { name: driver, type: formats[word as Word] },
        storage: fileImage(file),
      };
    }
    default:
      throw new InvalidValue(`unknown kind of image '${uname.slice(0, 80)}'`);
  }
}

export function writeOldDisk(disk: Disk): OldDisk {
  const { device, target } = disk;
  return {
    uname: unameOf(disk),
    dev: device === "cdrom" ? `${target.dev}:cdrom` : target.dev,
    mode: disk.readonly ? "r" : disk.shareable ? "w!" : "w",
  };
}

function unameOf({ driver, storage, target }: Disk): string {
  if (storage.type !== "file" && storage.type !== "block") {
    return unsupported(`disk ${target.dev}: xend has no disks of type '${storage.type}'`);
  }
  const path = imageOf(storage);
  if (path === undefined) return "";
  const tap = tapDrivers.find((name) => name === driver?.name);
  if (tap !== undefined) return `${tap}:${wordOf.get(driver?.type ?? "raw") ?? "aio"}:${path}`;
  return driver?.name === "phy" || (driver?.name === undefined && storage.type === "block")
    ? `phy:${path}`
    : `file:${path}`;
}

export const oldDiskText = ({ uname, dev, mode }: OldDisk): string => `${plain("uname", uname)},${dev},${mode}`;

/** @throws InvalidValue */
export function oldDiskOf(text: string): OldDisk {
  const parts = text.split(",").map((part) => part.trim());
  const [uname = "", dev, mode = "w", ...others] = parts;
  if (dev === undefined || others.length > 0) {
    throw new InvalidValue(`'${text.slice(0, 80)}' is not a disk like phy:/dev/vg/volume,xvda,w`);
  }
  return { uname, dev, mode };
}
