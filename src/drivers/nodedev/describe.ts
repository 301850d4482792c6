/** What is known of one device, as its document says it. */
import { readInteger, readLink, readText } from "../../host/node/sysfs.ts";
import { readSmbios } from "../../host/smbios.ts";
import type { DeviceCapability, NodeDevice } from "../../model/node-device.ts";
import { lookUpNames } from "./ids.ts";
import { describePci } from "./pci.ts";
import { type DeviceKind, type DeviceSources, type FoundDevice, parentOf } from "./scan.ts";
import { describeStorage } from "./storage.ts";

type Describe = (sources: DeviceSources, path: string) => Promise<DeviceCapability>;

const lastOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const describers: { readonly [Kind in DeviceKind]: Describe } = {
  system: describeSystem,
  pci: describePci,
  usb_device: describeUsbDevice,
  usb: describeUsbInterface,
  net: describeNet,
  scsi_host: describeScsiHost,
  scsi_target: async (_, path) => ({ type: "scsi_target", target: lastOf(path) }),
  scsi: describeScsi,
  storage: describeStorage,
  scsi_generic: async (_, path) => ({ type: "scsi_generic", char: `/dev/${lastOf(path)}` }),
  drm: describeDrm,
};

/** The document of a device that was found. */
export async function describeDevice(
  sources: DeviceSources,
  device: FoundDevice,
  devices: ReadonlyMap<string, FoundDevice>,
): Promise<NodeDevice> {
  const { name, kind, path } = device;
  const parent = parentOf(device, devices);
  const driver = path === "" ? null : await sources.sys.resolve(`${path}/driver`);
  return {
    name,
    ...(path !== "" && { path: `/sys/${path}` }),
    devnodes: await nodesOf(sources, device),
    ...(parent && { parent: { name: parent.name } }),
    ...(driver !== null && { driver: { name: lastOf(driver) } }),
    capabilities: [await describers[kind](sources, path)],
  };
}

/** Files in /dev. The links to them are udev's, which tells them where it runs. */
async function nodesOf({ sys, udev }: DeviceSources, { path }: FoundDevice): Promise<NodeDevice["devnodes"]> {
  if (path === "") return [];
  const name = /^DEVNAME=(.+)$/m.exec((await sys.read(`${path}/uevent`)) ?? "")?.[1];
  if (name === undefined) return [];
  const number = await sys.read(`${path}/dev`);
  const told = number !== null && /^\d+:\d+$/.test(number) ? await udev.read(`b${number}`) : null;
  const links = (told ?? "").split("\n").flatMap((line) => (line.startsWith("S:") ? [line.slice(2)] : []));
  return [
    { type: "dev" as const, path: `/dev/${name}` },
    ...links.sort().map((link) => ({ type: "link" as const, path: `/dev/${link}` })),
  ];
}

const noUuid = "00000000-0000-0000-0000-000000000000";

async function describeSystem({ sys }: DeviceSources): Promise<DeviceCapability> {
  const dmi = { read: (path: string) => sys.read(`class/dmi/id/${path}`), list: (path: string) => sys.list(path) };
  const { system, bios } = (await readSmbios(dmi)) ?? {};
  return {
    type: "system",
    ...(system?.product !== undefined && { product: system.product }),
    hardware: {
      ...(system?.manufacturer !== undefined && { vendor: system.manufacturer }),
      ...(system?.version !== undefined && { version: system.version }),
      ...(system?.serial !== undefined && { serial: system.serial }),
      uuid: system?.uuid?.toLowerCase() ?? noUuid,
    },
    firmware: {
      ...(bios?.vendor !== undefined && { vendor: bios.vendor }),
      ...(bios?.version !== undefined && { version: bios.version }),
      ...(bios?.date !== undefined && { release_date: bios.date }),
    },
  };
}

async function describeUsbDevice({ sys, names }: DeviceSources, path: string): Promise<DeviceCapability> {
  const hex = async (file: string) => Number.parseInt((await sys.read(`${path}/${file}`)) ?? "0", 16) || 0;
  const [vendorId, productId] = await Promise.all([hex("idVendor"), hex("idProduct")]);
  const known = await lookUpNames(names, "usb.ids", vendorId, productId);
  const product = known.product ?? (await readText(sys, `${path}/product`));
  const vendor = known.vendor ?? (await readText(sys, `${path}/manufacturer`));
  return {
    type: "usb_device",
    bus: (await readInteger(sys, `${path}/busnum`)) ?? 0,
    device: (await readInteger(sys, `${path}/devnum`)) ?? 0,
    product: { id: productId, ...(product !== undefined && { name: product }) },
    vendor: { id: vendorId, ...(vendor !== undefined && { name: vendor }) },
  };
}

async function describeUsbInterface({ sys }: DeviceSources, path: string): Promise<DeviceCapability> {
  const hex = async (file: string) => Number.parseInt((await sys.read(`${path}/${file}`)) ?? "0", 16) || 0;
  const description = await readText(sys, `${path}/interface`);
  return {
    type: "usb",
    number: await hex("bInterfaceNumber"),
    class: await hex("bInterfaceClass"),
    subclass: await hex("bInterfaceSubClass"),
    protocol: await hex("bInterfaceProtocol"),
    ...(description !== undefined && { description }),
  };
}

async function describeNet({ sys }: DeviceSources, path: string): Promise<DeviceCapability> {
  const name = lastOf(path);
  const address = await readText(sys, `${path}/address`);
  const link = await readLink(sys, name);
  const isWireless = (await sys.list(path)).includes("phy80211");
  return {
    type: "net",
    interface: name,
    ...(address !== undefined && { address }),
    ...(link && { link }),
    features: [],
    kind: isWireless ? "80211" : "80203",
  };
}

async function describeScsiHost({ sys }: DeviceSources, path: string): Promise<DeviceCapability> {
  const name = lastOf(path);
  const uniqueId = await readInteger(sys, `class/scsi_host/${name}/unique_id`);
  const port = `class/fc_host/${name}`;
  const wwn = async (file: string) => (await readText(sys, `${port}/${file}`))?.replace(/^0x/, "");
  const [wwnn, wwpn, fabric] = await Promise.all(["node_name", "port_name", "fabric_name"].map(wwn));
  return {
    type: "scsi_host",
    host: Number(name.replace(/^host/, "")),
    ...(uniqueId !== undefined && { unique_id: uniqueId }),
    ...(wwnn !== undefined &&
      wwpn !== undefined && { fcHost: { wwnn, wwpn, ...(fabric !== undefined && { fabric_wwn: fabric }) } }),
    ...(await virtualPortsOf(sys, name)),
  };
}

async function virtualPortsOf(sys: DeviceSources["sys"], name: string) {
  for (const folder of [`class/fc_host/${name}`, `class/scsi_host/${name}`]) {
    if (!(await sys.list(folder)).includes("vport_create")) continue;
    return {
      vportOps: {
        max_vports: (await readInteger(sys, `${folder}/max_npiv_vports`)) ?? 0,
        vports: (await readInteger(sys, `${folder}/npiv_vports_inuse`)) ?? 0,
      },
    };
  }
  return {};
}

/** Kinds of SCSI devices by number. */
const scsiTypes: readonly (string | undefined)[] = [
  "disk",
  "tape",
  "printer",
  "processor",
  "worm",
  "cdrom",
  "scanner",
  "mod",
  "changer",
  "communications",
  undefined,
  undefined,
  "raid",
  "enclosure",
  "rbc",
  "optical card",
];

async function describeScsi({ sys }: DeviceSources, path: string): Promise<DeviceCapability> {
  const [host = 0, bus = 0, target = 0, lun = 0] = lastOf(path).split(":").map(Number);
  const deviceType = scsiTypes[(await readInteger(sys, `${path}/type`)) ?? -1];
  return { type: "scsi", host, bus, target, lun, ...(deviceType !== undefined && { deviceType }) };
}

async function describeDrm(_: DeviceSources, path: string): Promise<DeviceCapability> {
  const name = lastOf(path);
  const drmType = name.startsWith("renderD") ? "render" : name.startsWith("controlD") ? "control" : "primary";
  return { type: "drm", drmType };
}
