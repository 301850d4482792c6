/** Node devices as every driver that has them answers for them: lists by what devices are, look-ups, documents. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { type DeviceCapability, formatNodeDevice, type NodeDevice } from "../../model/node-device.ts";
import { ConnectListAllNodeDeviceFlags } from "../../protocol/index.ts";
import { checkFlags } from "../flags.ts";
import type { Handlers } from "../handler.ts";
import { type ListQuestion, questionFlags, selectByFlags } from "../list-filter.ts";
import { listed } from "../twins.ts";

/** A device as far as lists go. */
export interface KnownDevice {
  readonly name: string;
  /** What it is, in the words by which clients look for devices: `pci`, `net`, `fc_host`. */
  readonly kinds: readonly string[];
}

/** Where a driver finds its devices. */
export interface DeviceBook {
  /** Who reports errors. */
  readonly domain: ErrorDomainName;
  all(): Iterable<KnownDevice> | Promise<Iterable<KnownDevice>>;
  find(name: string): NodeDevice | undefined | Promise<NodeDevice | undefined>;
}

type ScsiHost = Extract<DeviceCapability, { type: "scsi_host" }>;

export function scsiHostOf({ capabilities }: NodeDevice): ScsiHost | undefined {
  return capabilities.find((capability) => capability.type === "scsi_host");
}

/** What a device that is known whole is. */
export function kindsOf(device: NodeDevice): string[] {
  const host = scsiHostOf(device);
  const more = [...(host?.fcHost ? ["fc_host"] : []), ...(host?.vportOps ? ["vports"] : [])];
  for (const capability of device.capabilities) {
    if (capability.type === "pci" && capability.mdevTypes) more.push("mdev_types");
    if (capability.type === "pci" && capability.vpd) more.push("vpd");
  }
  return [...device.capabilities.map(({ type }) => type), ...more];
}

const Listed = ConnectListAllNodeDeviceFlags;
const kindFlags = {
  system: Listed.CAP_SYSTEM,
  pci: Listed.CAP_PCI_DEV,
  usb_device: Listed.CAP_USB_DEV,
  usb: Listed.CAP_USB_INTERFACE,
  net: Listed.CAP_NET,
  scsi_host: Listed.CAP_SCSI_HOST,
  scsi_target: Listed.CAP_SCSI_TARGET,
  scsi: Listed.CAP_SCSI,
  storage: Listed.CAP_STORAGE,
  fc_host: Listed.CAP_FC_HOST,
  vports: Listed.CAP_VPORTS,
  scsi_generic: Listed.CAP_SCSI_GENERIC,
  drm: Listed.CAP_DRM,
  mdev_types: Listed.CAP_MDEV_TYPES,
  mdev: Listed.CAP_MDEV,
  ccw: Listed.CAP_CCW_DEV,
  css: Listed.CAP_CSS_DEV,
  vdpa: Listed.CAP_VDPA,
  ap_card: Listed.CAP_AP_CARD,
  ap_queue: Listed.CAP_AP_QUEUE,
  ap_matrix: Listed.CAP_AP_MATRIX,
  vpd: Listed.CAP_VPD,
};

const questions: readonly ListQuestion<KnownDevice>[] = [
  Object.entries(kindFlags).map(([kind, flag]) => [flag, ({ kinds }) => kinds.includes(kind)] as const),
  [
    [Listed.ACTIVE, () => true],
    [Listed.INACTIVE, () => false],
  ],
];

/** The device a client means, or NO_NODE_DEVICE. */
export async function requireDevice({ find, domain }: DeviceBook, name: string): Promise<NodeDevice> {
  const device = await find(name);
  if (device) return device;
  throw new LibvirtError("NO_NODE_DEVICE", domain, `no node device with matching name '${name}'`);
}

type QueryProcedures =
  | "connectListAllNodeDevices"
  | "nodeNumOfDevices"
  | "nodeListDevices"
  | "nodeDeviceLookupByName"
  | "nodeDeviceLookupScsiHostByWwn"
  | "nodeDeviceGetXmlDesc"
  | "nodeDeviceGetParent"
  | "nodeDeviceNumOfCaps"
  | "nodeDeviceListCaps"
  | "nodeDeviceIsActive"
  | "nodeDeviceIsPersistent";

/** The handlers that only tell of devices, none of which is a definition: what is there is active. */
export function nodeDeviceQueryHandlers(book: DeviceBook): Handlers<QueryProcedures> {
  const { domain } = book;
  const find = (name: string) => requireDevice(book, name);
  const withKind = async (cap: string | null) =>
    [...(await book.all())].filter(({ kinds }) => cap === null || kinds.includes(cap)).map(({ name }) => name);
  return {
    async connectListAllNodeDevices({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllNodeDevices", domain);
      const found = selectByFlags(await book.all(), flags, questions).map(({ name }) => ({ name }));
      const { items, ret } = listed(found, needResults);
      return { devices: items, ret };
    },
    async nodeNumOfDevices({ cap, flags }) {
      checkFlags(flags, 0, "nodeNumOfDevices", domain);
      return { num: (await withKind(cap)).length };
    },
    async nodeListDevices({ cap, maxnames, flags }) {
      checkFlags(flags, 0, "nodeListDevices", domain);
      return { names: (await withKind(cap)).slice(0, Math.max(maxnames, 0)) };
    },
    nodeDeviceLookupByName: async ({ name }) => ({ dev: { name: (await find(name)).name } }),
    async nodeDeviceLookupScsiHostByWwn({ wwnn, wwpn, flags }) {
      checkFlags(flags, 0, "nodeDeviceLookupScsiHostByWwn", domain);
      for (const { name, kinds } of await book.all()) {
        if (!kinds.includes("fc_host")) continue;
        const device = await book.find(name);
        const port = device && scsiHostOf(device)?.fcHost;
        if (port?.wwnn === wwnn && port.wwpn === wwpn) return { dev: { name } };
      }
      const detail = `no node SCSI host device with matching wwnn '${wwnn}' and wwpn '${wwpn}'`;
      throw new LibvirtError("NO_NODE_DEVICE", domain, detail);
    },
    async nodeDeviceGetXmlDesc({ name, flags }) {
      checkFlags(flags, 0, "nodeDeviceGetXmlDesc", domain);
      return { xml: formatNodeDevice(await find(name)) };
    },
    nodeDeviceGetParent: async ({ name }) => ({ parentName: (await find(name)).parent?.name ?? null }),
    nodeDeviceNumOfCaps: async ({ name }) => ({ num: kindsOf(await find(name)).length }),
    async nodeDeviceListCaps({ name, maxnames }) {
      return { names: kindsOf(await find(name)).slice(0, Math.max(maxnames, 0)) };
    },
    async nodeDeviceIsActive({ name }) {
      await find(name);
      return { active: 1 };
    },
    async nodeDeviceIsPersistent({ name }) {
      const device = await find(name);
      // The machine itself is there whatever is plugged into it.
      return { persistent: Number(domain !== "TEST" && device.capabilities.some(({ type }) => type === "system")) };
    },
  };
}
