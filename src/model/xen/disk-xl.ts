/** Disks as xl knows them: keys and positions in one string (xl-disk-configuration(5)). */

import { InvalidValue } from "../../xml/index.ts";
import { type Disk, diskBusOf, disk as diskShape, imageOf, type Storage } from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import type { Given } from "./given.ts";
import { blockImage, fileImage } from "./images.ts";
import { type Pairs, writePairs } from "./pairs.ts";
import { parseRbd, writeRbd } from "./rbd.ts";

type DriverType = NonNullable<NonNullable<Disk["driver"]>["type"]>;

/** xl's words for formats, and the definition's. */
const formats = { raw: "raw", qcow: "qcow", qcow2: "qcow2", qed: "qed", vhd: "vpc" } as const;
type Format = keyof typeof formats;
const formatWords = new Map<string, Format>(Object.entries(formats).map(([word, type]) => [type, word as Format]));

/** Who serves a disk: the definition's name of the driver, and xl's. */
const backends: Readonly<Record<string, string>> = { qemu: "qdisk", file: "qdisk", phy: "phy", tap: "tap" };
const drivers: Readonly<Record<string, string>> = { qdisk: "qemu", phy: "phy", tap: "tap" };

const positions = ["target", "format", "vdev", "access"] as const;
const deviceForm = /^[a-z]{2,4}[a-z0-9]*$/;

/** The words of a specification by name; the target takes all that is left when it is named. */
function wordsOf(text: string): Map<string, string> {
  const words = new Map<string, string>();
  let at = 0;
  let rest = text;
  while (rest !== "") {
    const [, name = "", target] = /^\s*(target)=([\s\S]*)$/.exec(rest) ?? [];
    if (name !== "") {
      words.set(name, target ?? "");
      break;
    }
    const comma = rest.indexOf(",");
    const part = (comma === -1 ? rest : rest.slice(0, comma)).trim();
    rest = comma === -1 ? "" : rest.slice(comma + 1);
    const [, key, value] = /^([a-z][a-z0-9_-]*)=(.*)$/i.exec(part) ?? [];
    if (key !== undefined) words.set(key.toLowerCase(), value ?? "");
    else if (/^(cdrom|direct-io-safe|(no-)?discard|(un)?trusted|colo)$/.test(part)) words.set(part, "");
    else {
      while (at < positions.length && words.get(positions[at] ?? "")) at++;
      const position = positions[at++];
      if (position !== undefined) words.set(position, part);
    }
  }
  return words;
}

/** The form of old: `raw:/dev/vg/volume,hda:cdrom,w`, `phy:vg/volume,xvda,w`. */
function olderWords(text: string): Map<string, string> | undefined {
  const [, prefixes = "", target = "", vdev = "", type, access = ""] =
    /^((?:[a-z0-9]+:)*)([^,]*),([a-z0-9]+)(:cdrom|:disk)?,(r|ro|w|rw|w!)$/.exec(text) ?? [];
  if (prefixes === "" && type === undefined) return undefined;
  const words = new Map([
    ["target", target],
    ["vdev", vdev],
    ["access", access],
  ]);
  if (type === ":cdrom") words.set("cdrom", "");
  for (const prefix of prefixes.split(":")) {
    if (Object.hasOwn(formats, prefix)) words.set("format", prefix);
    else if (prefix === "phy") words.set("backendtype", "phy");
    else if (prefix === "aio") words.set("format", "raw");
    else if (prefix === "rbd" || prefix === "iscsi") return undefined;
  }
  return words;
}

export function readXlDisk(given: Given): Disk {
  return diskOf(given.text());
}

/** @throws InvalidValue */
export function diskOf(text: string): Disk {
  const words = olderWords(text) ?? wordsOf(text);
  const get = (name: string): string | undefined => words.get(name) || undefined;
  const dev = get("vdev");
  if (dev === undefined || !deviceForm.test(dev))
    throw new InvalidValue(`a disk needs a vdev such as xvda: '${text.slice(0, 80)}'`);
  const isCdrom = words.has("cdrom") || words.get("devtype") === "cdrom";
  const format = get("format") ?? "raw";
  if (!Object.hasOwn(formats, format)) throw new InvalidValue(`unknown format '${format.slice(0, 40)}' of disk ${dev}`);
  const backend = get("backendtype");
  const driver = backend === undefined ? "qemu" : (drivers[backend] ?? unsupported(`unknown backend '${backend}'`));
  const disk = diskShape.make({
    device: isCdrom ? "cdrom" : "disk",
    driver: { name: driver, type: formats[format as Format] satisfies DriverType },
    storage: storageOf(get("target"), driver),
    target: { dev, bus: diskBusOf(dev) ?? "ide" },
  });
  const access = get("access");
  disk.readonly = access === "r" || access === "ro" || (isCdrom && access === undefined);
  if (access === "w!" || access === "!") disk.shareable = true;
  if (words.has("no-discard") && disk.driver !== undefined) disk.driver.discard = "ignore";
  const domain = get("backend");
  if (domain !== undefined && domain !== "0") disk.backenddomain = domain;
  return disk;
}

function storageOf(target: string | undefined, driver: string): Storage {
  if (target?.startsWith("rbd:") === true) return parseRbd(target);
  return driver === "phy" ? blockImage(target) : fileImage(target);
}

/** One disk for xl. */
export function writeXlDisk(disk: Disk): string {
  const { driver, target } = disk;
  if (!deviceForm.test(target.dev)) unsupported(`'${target.dev}' is no name of a disk for Xen`);
  if (disk.transient !== undefined) unsupported(`disk ${target.dev}: Xen has no transient disks`);
  const pairs: Pairs = {
    format: formatOf(driver?.type),
    vdev: target.dev,
    access: disk.readonly ? "ro" : "rw",
    backendtype:
      driver?.name === undefined
        ? undefined
        : (backends[driver.name] ?? unsupported(`disk ${target.dev}: unsupported driver '${driver.name}'`)),
    backend: disk.backenddomain,
    devtype: disk.device === "cdrom" ? "cdrom" : undefined,
  };
  const flags = driver?.discard === "ignore" ? ",no-discard" : "";
  const path = targetOf(disk);
  // The target is all that is left: it may hold commas.
  return `${writePairs(pairs)}${flags}${path === undefined ? "" : `,target=${path}`}`;
}

function formatOf(type: string | undefined): Format {
  if (type === undefined) return "raw";
  return formatWords.get(type) ?? unsupported(`libxenlight does not support disk format '${type}'`);
}

/** The image as xl is told it. */
export function targetOf({ storage, target }: Disk): string | undefined {
  switch (storage.type) {
    case "file":
    case "block":
      return imageOf(storage);
    case "network":
      if (storage.source?.protocol === "rbd") return writeRbd(storage.source);
      return unsupported(`disk ${target.dev}: unsupported network storage '${storage.source?.protocol ?? ""}'`);
    default:
      return unsupported(`disk ${target.dev}: Xen has no disks of type '${storage.type}'`);
  }
}

const floppyForm = /^if=floppy,index=([01]),format=([a-z0-9]+)(,readonly=on)?,file=([\s\S]*)$/;

/** Floppies are the device model's own: xl has no word for them. */
export function writeFloppy(disk: Disk): string[] {
  const path = targetOf(disk);
  if (path === undefined) return [];
  const index = disk.target.dev === "fdb" ? 1 : 0;
  const readonly = disk.readonly ? ",readonly=on" : "";
  return [
    "-drive",
    `if=floppy,index=${index},format=${formatOf(disk.driver?.type)}${readonly},file=${path.replaceAll(",", ",,")}`,
  ];
}

export function readFloppy(drive: string): Disk | undefined {
  const [, index, format = "", readonly, path = ""] = floppyForm.exec(drive) ?? [];
  if (index === undefined || !Object.hasOwn(formats, format)) return undefined;
  return diskShape.make({
    device: "floppy",
    driver: { name: "qemu", type: formats[format as Format] },
    storage: { type: "file", source: { file: path.replaceAll(",,", ",") } },
    target: { dev: index === "1" ? "fdb" : "fda", bus: "fdc" },
    readonly: readonly !== undefined,
  });
}
