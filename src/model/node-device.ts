/** The node device document (`<device>`): a device of the host and what it can do. */
import {
  attr,
  child,
  childWhere,
  content,
  document,
  type Fields,
  fields,
  hex,
  type Infer,
  InvalidValue,
  int,
  leaf,
  type Mode,
  many,
  nonEmpty,
  oneOf,
  only,
  quote,
  type ReadOptions,
  type Scalar,
  type Shape,
  text,
  uint,
  ulong,
  uuid,
  variants,
} from "../xml/index.ts";
import { pciAddress } from "./common/pci-address.ts";

/** An identifier in hexadecimal, whether it says 0x or not. */
const identifier: Scalar<number> = {
  parse(from) {
    if (!/^(0x)?[0-9a-fA-F]{1,8}$/.test(from)) throw new InvalidValue(`${quote(from)} is not hexadecimal`);
    return Number.parseInt(from, 16);
  },
  format: hex(4).format,
};

/** A vendor or product: its number and its name. */
const named = child({ id: attr(identifier).required(), name: content(text) }).required();

const mdevTypes = childWhere("type", "mdev_types", {
  types: many({
    id: attr(nonEmpty).required(),
    name: leaf(text),
    deviceAPI: leaf(text).required(),
    /** How many more devices of this type can be made. */
    availableInstances: leaf(uint()).required(),
  }).named("type"),
}).named("capability");

const indexed = many({ index: attr(nonEmpty).required(), value: content(text) });

const vpd = childWhere("type", "vpd", {
  name: leaf(text),
  readonly: childWhere("access", "readonly", {
    change_level: leaf(text),
    manufacture_id: leaf(text),
    part_number: leaf(text),
    serial_number: leaf(text),
    vendorFields: indexed.named("vendor_field"),
  }).named("fields"),
  readwrite: childWhere("access", "readwrite", {
    asset_tag: leaf(text),
    vendorFields: indexed.named("vendor_field"),
    systemFields: indexed.named("system_field"),
  }).named("fields"),
}).named("capability");

const pci = {
  /** Class, subclass and interface: 0x020000 is an Ethernet controller. */
  class: leaf(hex(6, 0xff_ffff)),
  domain: leaf(uint()).required(),
  bus: leaf(uint()).required(),
  slot: leaf(uint()).required(),
  function: leaf(uint()).required(),
  product: named,
  vendor: named,
  /** Of a virtual function: the device it is part of. */
  physFunction: childWhere("type", "phys_function", { address: child(pciAddress) }).named("capability"),
  virtFunctions: childWhere("type", "virt_functions", {
    maxCount: attr(uint()),
    addresses: many(pciAddress).named("address"),
  }).named("capability"),
  pciBridge: childWhere("type", "pci-bridge", {}).named("capability"),
  cardbusBridge: childWhere("type", "cardbus-bridge", {}).named("capability"),
  mdevTypes,
  vpd,
  iommuGroup: child({ number: attr(uint()).required(), addresses: many(pciAddress).named("address") }),
  numa: child({ /** -1 is none in particular. */ node: attr(int) }),
  "pci-express": child({
    links: many({
      /** What it could do, or what it does. */
      validity: attr(oneOf("cap", "sta")).required(),
      port: attr(uint()),
      /** GT/s. */
      speed: attr(nonEmpty),
      width: attr(uint()).required(),
    }).named("link"),
  }).empty("keep"),
} satisfies Fields;

const system = {
  product: leaf(text),
  hardware: child({ vendor: leaf(text), version: leaf(text), serial: leaf(text), uuid: leaf(uuid) }).empty("pair"),
  firmware: child({ vendor: leaf(text), version: leaf(text), release_date: leaf(text) }).empty("pair"),
} satisfies Fields;

const featureNames = [
  "rx",
  "tx",
  "sg",
  "tso",
  "gso",
  "gro",
  "lro",
  "rxvlan",
  "txvlan",
  "ntuple",
  "rxhash",
  "rdma",
  "txudptnl",
  "switchdev",
] as const;

const net = {
  interface: leaf(text).required(),
  address: leaf(text),
  link: child({
    /** Mbit/s. */
    speed: attr(uint()),
    state: attr(oneOf("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")),
  }),
  features: many({ name: attr(oneOf(...featureNames)).required() }).named("feature"),
  kind: only("type", oneOf("80203", "80211")).named("capability"),
} satisfies Fields;

const scsiHost = {
  host: leaf(uint()).required(),
  unique_id: leaf(uint()),
  fcHost: childWhere("type", "fc_host", {
    wwnn: leaf(text).required(),
    wwpn: leaf(text).required(),
    fabric_wwn: leaf(text),
  }).named("capability"),
  vportOps: childWhere("type", "vport_ops", {
    max_vports: leaf(uint()).default(0),
    vports: leaf(uint()).default(0),
  }).named("capability"),
} satisfies Fields;

const blocks = { logical_block_size: leaf(ulong), num_blocks: leaf(ulong) } satisfies Fields;

const storage = {
  block: leaf(text).required(),
  bus: leaf(text),
  drive_type: leaf(text),
  model: leaf(text),
  vendor: leaf(text),
  serial: leaf(text),
  removable: childWhere("type", "removable", {
    media_available: leaf(uint(1)).required(),
    /** Bytes. */
    media_size: leaf(ulong),
    media_label: leaf(text),
    ...blocks,
  }).named("capability"),
  /** Bytes; of a device whose medium stays in it. */
  size: leaf(ulong),
  ...blocks,
  hotpluggable: childWhere("type", "hotpluggable", {}).named("capability"),
} satisfies Fields;

const cssid = leaf(hex(1, 0xff)).required();
const ccwAddress = { cssid, ssid: leaf(hex(1, 3)).required(), devno: leaf(hex(4, 0xffff)).required() } satisfies Fields;

const apAdapter = leaf(hex(2, 0xff)).required();

const capabilityShape = variants("type", {
  system,
  pci,
  usb_device: {
    bus: leaf(uint()).required(),
    device: leaf(uint()).required(),
    product: named,
    vendor: named,
  },
  usb: {
    number: leaf(uint()).required(),
    class: leaf(uint()).required(),
    subclass: leaf(uint()).required(),
    protocol: leaf(uint()).required(),
    description: leaf(text),
  },
  net,
  scsi_host: scsiHost,
  scsi_target: {
    target: leaf(text).required(),
    remotePort: childWhere("type", "fc_remote_port", {
      rport: leaf(text).required(),
      wwpn: leaf(text).required(),
    }).named("capability"),
  },
  scsi: {
    host: leaf(uint()).required(),
    bus: leaf(uint()).required(),
    target: leaf(uint()).required(),
    lun: leaf(uint()).required(),
    deviceType: leaf(text).named("type"),
  },
  scsi_generic: { char: leaf(text).required() },
  storage,
  drm: {
    drmType: leaf(oneOf("primary", "control", "render"))
      .required()
      .named("type"),
  },
  mdev: {
    mdevType: only("id", nonEmpty).required().named("type"),
    uuid: leaf(uuid),
    iommuGroup: child({ number: attr(uint()).default(0) }).default({ number: 0 }),
    /** The parent's address, as its subsystem writes it; never printed. */
    parent_addr: leaf(text).when(() => false),
    attributes: many({ name: attr(text).required(), value: attr(text).required() }).named("attr"),
  },
  ccw: ccwAddress,
  css: { ...ccwAddress, channel_dev_addr: child(ccwAddress), mdevTypes },
  vdpa: { chardev: leaf(text).required() },
  ap_card: { "ap-adapter": apAdapter },
  ap_queue: { "ap-adapter": apAdapter, "ap-domain": leaf(hex(4, 0xff)).required() },
  ap_matrix: { mdevTypes },
});
export type DeviceCapability = Infer<typeof capabilityShape>;
const capability: Shape<DeviceCapability> = capabilityShape;

const deviceShape = fields({
  name: leaf(text).required("NO_NAME"),
  /** In sysfs. */
  path: leaf(text),
  /** Its node in /dev, then the links to it. */
  devnodes: many({ type: attr(oneOf("dev", "link")).required(), path: content(text) }).named("devnode"),
  parent: child({
    /** A host bus adapter may be named by these when a virtual one is made of it; not printed. */
    wwnn: attr(text).when(() => false),
    wwpn: attr(text).when(() => false),
    fabric_wwn: attr(text).when(() => false),
    name: content(text),
  }),
  driver: child({ name: leaf(text) }),
  capabilities: many(capability).named("capability").empty("pair"),
});
/** A device of the host (virNodeDeviceGetXMLDesc). */
export interface NodeDevice extends Infer<typeof deviceShape> {}
const device: Shape<NodeDevice> = deviceShape;

export const nodeDeviceDocument = document("device", device, {}, { from: "NODEDEV", title: "node_device_definition" });

/**
 * Reads a node device.
 * @throws LibvirtError
 */
export function parseNodeDevice(xml: string, options: ReadOptions = {}): NodeDevice {
  return completeNodeDevice(nodeDeviceDocument.parse(xml, options));
}

/** Prints a node device. */
export function formatNodeDevice(value: NodeDevice, mode: Mode = {}): string {
  return nodeDeviceDocument.format(value, mode);
}

function completeNodeDevice(given: NodeDevice): NodeDevice {
  const order = { dev: 0, link: 1 };
  return {
    ...given,
    devnodes: [...given.devnodes].sort((a, b) => order[a.type] - order[b.type]),
    capabilities: given.capabilities.map(completeCapability),
  };
}

function completeCapability(given: DeviceCapability): DeviceCapability {
  if (given.type === "pci") {
    const value = { ...given };
    if (value.iommuGroup?.addresses.length === 0) delete value.iommuGroup;
    if ((value.numa?.node ?? -1) < 0) delete value.numa;
    const express = value["pci-express"];
    if (express !== undefined) {
      value["pci-express"] = { links: [...express.links].sort((a, b) => a.validity.localeCompare(b.validity)) };
    }
    return value;
  }
  if (given.type === "net") {
    const names = new Set(given.features.map(({ name }) => name));
    return { ...given, features: featureNames.filter((name) => names.has(name)).map((name) => ({ name })) };
  }
  // How many virtual ports there are is for the host to say, not for a document.
  if (given.type === "scsi_host" && given.vportOps !== undefined) {
    return { ...given, vportOps: { max_vports: 0, vports: 0 } };
  }
  return given;
}
