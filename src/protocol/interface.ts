/** Procedures about the host's network interfaces. */
import { INTERFACE_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { iface } from "./shapes.ts";
import { array, int, string, uint } from "./xdr/index.ts";

/** Network interfaces of the host. */
export const interfaceProcedures = remote("interface", {
  connectNumOfInterfaces: procedure(126, {
    result: { num: int },
    cFunction: "virConnectNumOfInterfaces",
    since: "0.6.4",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_interfaces"],
    aclFilter: ["interface:getattr"],
  }),

  connectListInterfaces: procedure(127, {
    args: { maxnames: int },
    result: { names: array(string, INTERFACE_LIST_MAX) },
    cFunction: "virConnectListInterfaces",
    since: "0.6.4",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_interfaces"],
    aclFilter: ["interface:getattr"],
  }),

  interfaceLookupByName: procedure(128, {
    args: { name: string },
    result: { iface },
    cFunction: "virInterfaceLookupByName",
    since: "0.6.4",
    readOnly: "allowed",
    priority: "high",
    acl: ["interface:getattr"],
  }),

  interfaceLookupByMacString: procedure(129, {
    args: { mac: string },
    result: { iface },
    cFunction: "virInterfaceLookupByMACString",
    since: "0.6.4",
    readOnly: "allowed",
    priority: "high",
    acl: ["interface:getattr"],
  }),

  interfaceGetXmlDesc: procedure(130, {
    args: { iface, flags: uint },
    result: { xml: string },
    cFunction: "virInterfaceGetXMLDesc",
    since: "0.6.4",
    readOnly: "allowed",
    acl: ["interface:read"],
  }),

  interfaceDefineXml: procedure(131, {
    args: { xml: string, flags: uint },
    result: { iface },
    cFunction: "virInterfaceDefineXML",
    since: "0.6.4",
    readOnly: "denied",
    priority: "high",
    acl: ["interface:write", "interface:save"],
  }),

  interfaceUndefine: procedure(132, {
    args: { iface },
    cFunction: "virInterfaceUndefine",
    since: "0.6.4",
    readOnly: "denied",
    priority: "high",
    acl: ["interface:delete"],
  }),

  interfaceCreate: procedure(133, {
    args: { iface, flags: uint },
    cFunction: "virInterfaceCreate",
    since: "0.6.4",
    readOnly: "denied",
    acl: ["interface:start"],
  }),

  interfaceDestroy: procedure(134, {
    args: { iface, flags: uint },
    cFunction: "virInterfaceDestroy",
    since: "0.6.4",
    readOnly: "denied",
    priority: "high",
    acl: ["interface:stop"],
  }),

  connectNumOfDefinedInterfaces: procedure(137, {
    result: { num: int },
    cFunction: "virConnectNumOfDefinedInterfaces",
    since: "0.7.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_interfaces"],
    aclFilter: ["interface:getattr"],
  }),

  connectListDefinedInterfaces: procedure(138, {
    args: { maxnames: int },
    result: { names: array(string, INTERFACE_LIST_MAX) },
    cFunction: "virConnectListDefinedInterfaces",
    since: "0.7.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_interfaces"],
    aclFilter: ["interface:getattr"],
  }),

  interfaceIsActive: procedure(156, {
    args: { iface },
    result: { active: int },
    cFunction: "virInterfaceIsActive",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["interface:read"],
  }),

  interfaceChangeBegin: procedure(220, {
    args: { flags: uint },
    cFunction: "virInterfaceChangeBegin",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["connect:interface_transaction"],
  }),

  interfaceChangeCommit: procedure(221, {
    args: { flags: uint },
    cFunction: "virInterfaceChangeCommit",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["connect:interface_transaction"],
  }),

  interfaceChangeRollback: procedure(222, {
    args: { flags: uint },
    cFunction: "virInterfaceChangeRollback",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["connect:interface_transaction"],
  }),

  connectListAllInterfaces: procedure(284, {
    args: { needResults: int, flags: uint },
    result: { ifaces: array(iface, INTERFACE_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllInterfaces",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_interfaces"],
    aclFilter: ["interface:getattr"],
  }),
});
