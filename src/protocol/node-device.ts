/** Procedures about the host's devices. */
import { NODE_DEVICE_CAPS_LIST_MAX, NODE_DEVICE_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { nodeDevice } from "./shapes.ts";
import { array, int, optional, string, uint } from "./xdr/index.ts";

/** Devices of the host. */
export const nodeDeviceProcedures = remote("nodeDevice", {
  nodeNumOfDevices: procedure(111, {
    args: { cap: optional(string), flags: uint },
    result: { num: int },
    cFunction: "virNodeNumOfDevices",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_node_devices"],
    aclFilter: ["node_device:getattr"],
  }),

  nodeListDevices: procedure(112, {
    args: { cap: optional(string), maxnames: int, flags: uint },
    result: { names: array(string, NODE_DEVICE_LIST_MAX) },
    cFunction: "virNodeListDevices",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_node_devices"],
    aclFilter: ["node_device:getattr"],
  }),

  nodeDeviceLookupByName: procedure(113, {
    args: { name: string },
    result: { dev: nodeDevice },
    cFunction: "virNodeDeviceLookupByName",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:getattr"],
  }),

  nodeDeviceGetXmlDesc: procedure(114, {
    args: { name: string, flags: uint },
    result: { xml: string },
    cFunction: "virNodeDeviceGetXMLDesc",
    since: "0.5.0",
    readOnly: "allowed",
    acl: ["node_device:read"],
  }),

  nodeDeviceGetParent: procedure(115, {
    args: { name: string },
    result: { parentName: optional(string) },
    cFunction: "virNodeDeviceGetParent",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceNumOfCaps: procedure(116, {
    args: { name: string },
    result: { num: int },
    cFunction: "virNodeDeviceNumOfCaps",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceListCaps: procedure(117, {
    args: { name: string, maxnames: int },
    result: { names: array(string, NODE_DEVICE_CAPS_LIST_MAX) },
    cFunction: "virNodeDeviceListCaps",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceDettach: procedure(118, {
    args: { name: string },
    cFunction: "virNodeDeviceDettach",
    since: "0.6.1",
    readOnly: "denied",
    acl: ["node_device:detach"],
  }),

  nodeDeviceReAttach: procedure(119, {
    args: { name: string },
    cFunction: "virNodeDeviceReAttach",
    since: "0.6.1",
    readOnly: "denied",
    acl: ["node_device:detach"],
  }),

  nodeDeviceReset: procedure(120, {
    args: { name: string },
    cFunction: "virNodeDeviceReset",
    since: "0.6.1",
    readOnly: "denied",
    acl: ["node_device:detach"],
  }),

  nodeDeviceCreateXml: procedure(123, {
    args: { xmlDesc: string, flags: uint },
    result: { dev: nodeDevice },
    cFunction: "virNodeDeviceCreateXML",
    since: "0.6.3",
    readOnly: "denied",
    acl: ["node_device:write", "node_device:start"],
  }),

  nodeDeviceDestroy: procedure(124, {
    args: { name: string },
    cFunction: "virNodeDeviceDestroy",
    since: "0.6.3",
    readOnly: "denied",
    priority: "high",
    acl: ["node_device:stop"],
  }),

  connectListAllNodeDevices: procedure(285, {
    args: { needResults: int, flags: uint },
    result: { devices: array(nodeDevice, NODE_DEVICE_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllNodeDevices",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_node_devices"],
    aclFilter: ["node_device:getattr"],
  }),

  nodeDeviceLookupScsiHostByWwn: procedure(297, {
    args: { wwnn: string, wwpn: string, flags: uint },
    result: { dev: nodeDevice },
    cFunction: "virNodeDeviceLookupSCSIHostByWWN",
    since: "1.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:getattr"],
  }),

  nodeDeviceDetachFlags: procedure(301, {
    args: { name: string, driverName: optional(string), flags: uint },
    cFunction: "virNodeDeviceDetachFlags",
    since: "1.0.5",
    readOnly: "denied",
    acl: ["node_device:detach"],
  }),

  connectNodeDeviceEventRegisterAny: procedure(374, {
    args: { eventID: int, dev: optional(nodeDevice) },
    result: { callbackID: int },
    cFunction: "virConnectNodeDeviceEventRegisterAny",
    since: "2.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_node_devices"],
    aclFilter: ["node_device:getattr"],
  }),

  connectNodeDeviceEventDeregisterAny: procedure(375, {
    args: { callbackID: int },
    cFunction: "virConnectNodeDeviceEventDeregisterAny",
    since: "2.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeDeviceDefineXml: procedure(428, {
    args: { xmlDesc: string, flags: uint },
    result: { dev: nodeDevice },
    cFunction: "virNodeDeviceDefineXML",
    since: "7.3.0",
    readOnly: "denied",
    acl: ["node_device:write"],
  }),

  nodeDeviceUndefine: procedure(429, {
    args: { name: string, flags: uint },
    cFunction: "virNodeDeviceUndefine",
    since: "7.3.0",
    readOnly: "denied",
    priority: "high",
    acl: ["node_device:delete"],
  }),

  nodeDeviceCreate: procedure(430, {
    args: { name: string, flags: uint },
    cFunction: "virNodeDeviceCreate",
    since: "7.3.0",
    readOnly: "denied",
    priority: "high",
    acl: ["node_device:start"],
  }),

  nodeDeviceGetAutostart: procedure(433, {
    args: { name: string },
    result: { autostart: int },
    cFunction: "virNodeDeviceGetAutostart",
    since: "7.8.0",
    readOnly: "denied",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceSetAutostart: procedure(434, {
    args: { name: string, autostart: int },
    cFunction: "virNodeDeviceSetAutostart",
    since: "7.8.0",
    readOnly: "denied",
    priority: "high",
    acl: ["node_device:write"],
  }),

  nodeDeviceIsPersistent: procedure(435, {
    args: { name: string },
    result: { persistent: int },
    cFunction: "virNodeDeviceIsPersistent",
    since: "7.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceIsActive: procedure(436, {
    args: { name: string },
    result: { active: int },
    cFunction: "virNodeDeviceIsActive",
    since: "7.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["node_device:read"],
  }),

  nodeDeviceUpdate: procedure(447, {
    args: { name: string, xmlDesc: string, flags: uint },
    cFunction: "virNodeDeviceUpdate",
    since: "10.1.0",
    readOnly: "denied",
    acl: ["node_device:write"],
  }),
});
