/** Devices of the made-up node. Virtual ports of its host bus adapters can be created and destroyed. */
import { nodeDeviceEventHandlers } from "../../../driver/events.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { type DeviceBook, kindsOf, nodeDeviceQueryHandlers, scsiHostOf } from "../../../driver/node-device/queries.ts";
import { LibvirtError } from "../../../errors.ts";
import { type NodeDevice, parseNodeDevice } from "../../../model/node-device.ts";
import { NodeDeviceCreateXMLFlags, NodeDeviceEventLifecycleType } from "../../../protocol/index.ts";
import { childWhere, document, leaf, text } from "../../../xml/index.ts";
import type { TestNode } from "../state.ts";

type NodeDeviceProcedures = "nodeDeviceCreateXml" | "nodeDeviceDestroy";

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

function bookOf({ devices }: TestNode): DeviceBook {
  return {
    domain: "TEST",
    all: () => [...devices.values()].map((device) => ({ name: device.name, kinds: kindsOf(device) })),
    find: (name) => devices.get(name),
  };
}

export function nodeDeviceHandlers(node: TestNode) {
  const handlers: Handlers<NodeDeviceProcedures> = {
    nodeDeviceCreateXml({ xmlDesc, flags }) {
      checkFlags(flags, NodeDeviceCreateXMLFlags.VALIDATE, "nodeDeviceCreateXml", "TEST");
      const device = createPort(node, xmlDesc, (flags & NodeDeviceCreateXMLFlags.VALIDATE) !== 0);
      emit(node, device, NodeDeviceEventLifecycleType.CREATED);
      return { dev: { name: device.name } };
    },
    nodeDeviceDestroy: ({ name }) => destroy(node, find(node, name)),
  };
  return { ...nodeDeviceEventHandlers(node.events), ...nodeDeviceQueryHandlers(bookOf(node)), ...handlers };
}
