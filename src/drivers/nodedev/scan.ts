/** Which devices the host has, by the names that libvirt gives them, and where in /sys each of them is. */
import type { FileTree } from "../../host/node/file-tree.ts";
import type { SysTree } from "../../host/node/sysfs.ts";

/** Where the host tells of its devices. */
export interface DeviceSources {
  /** /sys */
  readonly sys: SysTree;
  /** /run/udev/data: what udev has found out about devices, where it runs. */
  readonly udev: FileTree;
  /** Lists of names by number, `pci.ids` and `usb.ids`. */
  readonly names: FileTree;
}

export type DeviceKind =
  | "system"
  | "pci"
  | "usb_device"
  | "usb"
  | "net"
  | "scsi_host"
  | "scsi_target"
  | "scsi"
  | "storage"
  | "scsi_generic"
  | "drm";

/** A device as far as lists go. */
export interface FoundDevice {
  readonly name: string;
  readonly kind: DeviceKind;
  /** Below /sys, without links; empty for the machine itself. */
  readonly path: string;
  /** What it is besides: `fc_host`, `vports`, `mdev_types`. */
  readonly more: readonly string[];
}

/** The machine itself: what every device without another parent hangs on. */
export const computer: FoundDevice = { name: "computer", kind: "system", path: "", more: [] };

/** All devices by name, the machine first. */
export async function scanDevices(sources: DeviceSources): Promise<ReadonlyMap<string, FoundDevice>> {
  const groups = await Promise.all(classes.map((one) => scanClass(sources, one)));
  return new Map([computer, ...groups.flat()].map((device) => [device.name, device]));
}

interface DeviceClass {
  /** The folder below /sys that lists them. */
  readonly folder: string;
  /** What an entry is; undefined for what is no device of ours. */
  kind(entry: string): DeviceKind | undefined;
  /** The name's part after the kind's own. */
  suffix(entry: string, path: string, sources: DeviceSources): string | Promise<string>;
  readonly prefix: string;
  more?(entry: string, path: string, sys: SysTree): Promise<string[]>;
}

const always = (kind: DeviceKind) => (): DeviceKind => kind;
const itself = (entry: string): string => entry;

const classes: readonly DeviceClass[] = [
  {
    folder: "bus/pci/devices",
    kind: always("pci"),
    prefix: "pci",
    suffix: itself,
    more: async (_, path, sys) => ((await sys.list(path)).includes("mdev_supported_types") ? ["mdev_types"] : []),
  },
  {
    folder: "bus/usb/devices",
    kind: (entry) => (entry.includes(":") ? "usb" : "usb_device"),
    prefix: "usb",
    suffix: itself,
  },
  {
    folder: "class/net",
    kind: always("net"),
    prefix: "net",
    suffix: async (entry, path, { sys }) => `${entry}_${(await sys.read(`${path}/address`)) ?? ""}`,
  },
  { folder: "bus/scsi/devices", kind: scsiKind, prefix: "scsi", suffix: itself, more: fibreChannel },
  { folder: "class/block", kind: diskKind, prefix: "block", suffix: withSerial },
  { folder: "class/scsi_generic", kind: always("scsi_generic"), prefix: "scsi_generic", suffix: itself },
  {
    folder: "class/drm",
    kind: (entry) => (/^(card|renderD|controlD)\d+$/.test(entry) ? "drm" : undefined),
    prefix: "drm",
    suffix: itself,
  },
];

function scsiKind(entry: string): DeviceKind | undefined {
  if (/^host\d+$/.test(entry)) return "scsi_host";
  if (/^target\d/.test(entry)) return "scsi_target";
  return /^\d+:\d+:\d+:\d+$/.test(entry) ? "scsi" : undefined;
}

/** Memory, loops and parts of disks are no devices that somebody gives to a guest. */
function diskKind(entry: string): DeviceKind | undefined {
  return /^(vd[a-z]+|sd[a-z]+|hd[a-z]+|xvd[a-z]+|sr\d+|nvme\d+n\d+|mmcblk\d+|fd\d+|dasd[a-z]+)$/.test(entry)
    ? "storage"
    : undefined;
}

async function fibreChannel(entry: string, _: string, sys: SysTree): Promise<string[]> {
  if (!/^host\d+$/.test(entry)) return [];
  const port = await sys.list(`class/fc_host/${entry}`);
  if (port.length === 0) return [];
  const has = async (folder: string) => (await sys.list(`${folder}/${entry}`)).includes("vport_create");
  return (await has("class/fc_host")) || (await has("class/scsi_host")) ? ["fc_host", "vports"] : ["fc_host"];
}

async function withSerial(entry: string, path: string, sources: DeviceSources): Promise<string> {
  const serial = (await udevProperties(sources, path)).get("ID_SERIAL");
  return serial === undefined ? entry : `${entry}_${serial}`;
}

const maxNamesOfClass = 4096;

async function scanClass(sources: DeviceSources, one: DeviceClass): Promise<FoundDevice[]> {
  const { sys } = sources;
  const entries = [...(await sys.list(one.folder))].sort().slice(0, maxNamesOfClass);
  const found = await Promise.all(
    entries.map(async (entry): Promise<FoundDevice | undefined> => {
      const kind = one.kind(entry);
      if (kind === undefined) return undefined;
      const path = await sys.resolve(`${one.folder}/${entry}`);
      if (path === null) return undefined;
      const suffix = await one.suffix(entry, path, sources);
      // A SCSI host and its targets say themselves what they are.
      const name =
        /^(host|target)\d/.test(entry) && one.prefix === "scsi" ? `scsi_${suffix}` : `${one.prefix}_${suffix}`;
      return { name: plain(name), kind, path, more: (await one.more?.(entry, path, sys)) ?? [] };
    }),
  );
  return found.filter((device) => device !== undefined);
}

/** Names of devices hold letters, digits and underscores. */
const plain = (name: string): string => name.replace(/[^A-Za-z0-9]/g, "_");

/** What udev has found out about a device that has a file in /dev; nothing where it does not run. */
export async function udevProperties({ sys, udev }: DeviceSources, path: string): Promise<ReadonlyMap<string, string>> {
  const number = await sys.read(`${path}/dev`);
  const text = number === null || !/^\d+:\d+$/.test(number) ? null : await udev.read(`b${number}`);
  const lines = (text ?? "").split("\n").flatMap((line) => {
    const [, name, value] = /^E:([^=]+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(lines);
}

/** The device that another one hangs on: the nearest one above it in /sys. */
export function parentOf(device: FoundDevice, devices: ReadonlyMap<string, FoundDevice>): FoundDevice | undefined {
  if (device === computer) return undefined;
  let nearest = computer;
  for (const other of devices.values()) {
    if (other.path === "" || !device.path.startsWith(`${other.path}/`)) continue;
    if (other.path.length > nearest.path.length) nearest = other;
  }
  return nearest;
}
