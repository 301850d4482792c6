/** Devices of the made-up node. Virtual ports of its host bus adapters can be created and destroyed. */
import { nodeDeviceEventHandlers } from "../../driver/events.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { type ListQuestion, questionFlags, selectByFlags } from "../../driver/list-filter.ts";
import { listed } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import { formatNodeDevice, type NodeDevice, parseNodeDevice } from "../../model/node-device.ts";
import {
  ConnectListAllNodeDeviceFlags,
  NodeDeviceCreateXMLFlags,
  NodeDeviceEventLifecycleType,
} from "../../protocol/index.ts";
import { childWhere, document, leaf, text } from "../../xml/index.ts";
import type { TestNode } from "./state.ts";

type NodeDeviceProcedures =
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
  | "nodeDeviceIsPersistent"
  | "nodeDeviceCreateXml"
  | "nodeDeviceDestroy";

type ScsiHost = Extract<NodeDevice["capabilities"][number], { type: "scsi_host" }>;

function scsiHostOf({ capabilities }: NodeDevice): ScsiHost | undefined {
  return capabilities.find((capability) => capability.type === "scsi_host");
}

/** What a device is, in the words by which clients look for devices. */
function kindsOf(device: NodeDevice): string[] {
  const host = scsiHostOf(device);
  const more = [...(host?.fcHost ? ["fc_host"] : []), ...(host?.vportOps ? ["vports"] : [])];
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

const questions: readonly ListQuestion<NodeDevice>[] = [
  Object.entries(kindFlags).map(([kind, flag]) => [flag, (device) => kindsOf(device).includes(kind)] as const),
  [
    [Listed.ACTIVE, () => true],
    [Listed.INACTIVE, () => false],
  ],
];

function find(node: TestNode, name: string): NodeDevice {
  const device = node.devices.get(name);
  if (device) return device;
  throw new LibvirtError("NO_NODE_DEVICE", "TEST", `no node device with matching name '${name}'`);
}

/** Adds a device as its document says, without an event: it was always there. */
export function addNodeDevice(node: TestNode, xml: string): NodeDevice {
  const device = parseNodeDevice(xml);
  node.devices.set(device.name, device);
  return device;
}

/** What a client says of a virtual port that it wants. */
const requestDocument = document(
  "device",
  {
    parent: leaf(text),
    host: childWhere("type", "scsi_host", {
      fcHost: childWhere("type", "fc_host", { wwnn: leaf(text), wwpn: leaf(text) }).named("capability"),
    }).named("capability"),
  },
  {},
  { from: "NODEDEV", title: "node_device_definition" },
);

function refuse(detail: string): never {
  throw new LibvirtError("INTERNAL_ERROR", "NODEDEV", detail);
}

/** The virtual port that every new one is modelled on. */
const patternPort = { host: 11, unique_id: 10, fabric_wwn: "2000000043214321" };

function createPort(node: TestNode, xml: string, strict: boolean): NodeDevice {
  const { parent, host } = requestDocument.parse(xml, { strict });
  if (!host?.fcHost) refuse("Device is not a fibre channel HBA");
  const { wwnn, wwpn } = host.fcHost;
  if (wwnn === undefined) refuse("no WWNN supplied for 'new device', and auto-generation failed");
  if (wwpn === undefined) refuse("no WWPN supplied for 'new device', and auto-generation failed");
  if (parent === undefined || !node.devices.has(parent)) refuse("Could not find parent device for 'new device'");
  let number = patternPort.host + 1;
  while (node.devices.has(`scsi_host${number}`)) number++;
  const { fabric_wwn, ...rest } = patternPort;
  const device: NodeDevice = {
    name: `scsi_host${number}`,
    parent: { name: parent },
    devnodes: [],
    capabilities: [{ type: "scsi_host", ...rest, fcHost: { wwnn, wwpn, fabric_wwn } }],
  };
  node.devices.set(device.name, device);
  return device;
}

function emit(node: TestNode, { name }: NodeDevice, event: NodeDeviceEventLifecycleType): void {
  node.events.emit("nodeDeviceEventLifecycle", { dev: { name }, event, detail: 0 });
}

/** Only ports can be destroyed; asking it of anything else is as if nothing were said, as with libvirt's test driver. */
function destroy(node: TestNode, device: NodeDevice): void {
  if (!scsiHostOf(device)?.fcHost) return;
  node.devices.delete(device.name);
  emit(node, device, NodeDeviceEventLifecycleType.DELETED);
}

function withKind(node: TestNode, cap: string | null): string[] {
  const devices = [...node.devices.values()];
  return devices.filter((device) => cap === null || kindsOf(device).includes(cap)).map(({ name }) => name);
}

export function nodeDeviceHandlers(node: TestNode) {
  const handlers: Handlers<NodeDeviceProcedures> = {
    connectListAllNodeDevices({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllNodeDevices", "TEST");
      const found = selectByFlags(node.devices.values(), flags, questions).map(({ name }) => ({ name }));
      const { items, ret } = listed(found, needResults);
      return { devices: items, ret };
    },
    nodeNumOfDevices({ cap, flags }) {
      checkFlags(flags, 0, "nodeNumOfDevices", "TEST");
      return { num: withKind(node, cap).length };
    },
    nodeListDevices({ cap, maxnames, flags }) {
      checkFlags(flags, 0, "nodeListDevices", "TEST");
      return { names: withKind(node, cap).slice(0, Math.max(maxnames, 0)) };
    },
    nodeDeviceLookupByName: ({ name }) => ({ dev: { name: find(node, name).name } }),
    nodeDeviceLookupScsiHostByWwn({ wwnn, wwpn, flags }) {
      checkFlags(flags, 0, "nodeDeviceLookupScsiHostByWwn", "TEST");
      const found = [...node.devices.values()].find((device) => {
        const port = scsiHostOf(device)?.fcHost;
        return port?.wwnn === wwnn && port.wwpn === wwpn;
      });
      if (found) return { dev: { name: found.name } };
      const detail = `no node SCSI host device with matching wwnn '${wwnn}' and wwpn '${wwpn}'`;
      throw new LibvirtError("NO_NODE_DEVICE", "TEST", detail);
    },
    nodeDeviceGetXmlDesc({ name, flags }) {
      checkFlags(flags, 0, "nodeDeviceGetXmlDesc", "TEST");
      return { xml: formatNodeDevice(find(node, name)) };
    },
    nodeDeviceGetParent: ({ name }) => ({ parentName: find(node, name).parent?.name ?? null }),
    nodeDeviceNumOfCaps: ({ name }) => ({ num: find(node, name).capabilities.length }),
    nodeDeviceListCaps({ name, maxnames }) {
      const names = find(node, name).capabilities.map(({ type }) => type);
      return { names: names.slice(0, Math.max(maxnames, 0)) };
    },
    nodeDeviceIsActive({ name }) {
      find(node, name);
      return { active: 1 };
    },
    nodeDeviceIsPersistent({ name }) {
      find(node, name);
      return { persistent: 0 };
    },
    nodeDeviceCreateXml({ xmlDesc, flags }) {
      checkFlags(flags, NodeDeviceCreateXMLFlags.VALIDATE, "nodeDeviceCreateXml", "TEST");
      const device = createPort(node, xmlDesc, (flags & NodeDeviceCreateXMLFlags.VALIDATE) !== 0);
      emit(node, device, NodeDeviceEventLifecycleType.CREATED);
      return { dev: { name: device.name } };
    },
    nodeDeviceDestroy: ({ name }) => destroy(node, find(node, name)),
  };
  return { ...nodeDeviceEventHandlers(node.events), ...handlers };
}
