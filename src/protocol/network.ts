/** Procedures about networks. */
import { NetworkUpdateFlags } from "./constants/network.ts";
import { NETWORK_DHCP_LEASES_MAX, NETWORK_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { network, uuid } from "./shapes.ts";
import { array, hyper, int, type Of, optional, string, struct, type Type, uint } from "./xdr/index.ts";

const dhcpLeaseShape = struct({
  iface: string,
  expirytime: hyper,
  type: int,
  mac: optional(string),
  iaid: optional(string),
  ipaddr: string,
  prefix: uint,
  hostname: optional(string),
  clientid: optional(string),
});
/** An address that a network handed out. `expirytime` in seconds since 1970, `type` an `IPAddrType`. */
export interface DhcpLease extends Of<typeof dhcpLeaseShape> {}
const dhcpLease: Type<DhcpLease> = dhcpLeaseShape;

/** Virtual networks. */
export const networkProcedures = remote("network", {
  connectListDefinedNetworks: procedure(36, {
    args: { maxnames: int },
    result: { names: array(string, NETWORK_LIST_MAX) },
    cFunction: "virConnectListDefinedNetworks",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  connectListNetworks: procedure(38, {
    args: { maxnames: int },
    result: { names: array(string, NETWORK_LIST_MAX) },
    cFunction: "virConnectListNetworks",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  networkCreate: procedure(39, {
    args: { net: network },
    cFunction: "virNetworkCreate",
    since: "0.2.0",
    readOnly: "denied",
    acl: ["network:start"],
  }),

  networkCreateXml: procedure(40, {
    args: { xml: string },
    result: { net: network },
    cFunction: "virNetworkCreateXML",
    since: "0.2.0",
    readOnly: "denied",
    acl: ["network:write", "network:start"],
  }),

  networkDefineXml: procedure(41, {
    args: { xml: string },
    result: { net: network },
    cFunction: "virNetworkDefineXML",
    since: "0.2.0",
    readOnly: "denied",
    priority: "high",
    acl: ["network:write", "network:save"],
  }),

  networkDestroy: procedure(42, {
    args: { net: network },
    cFunction: "virNetworkDestroy",
    since: "0.2.0",
    readOnly: "denied",
    priority: "high",
    acl: ["network:stop"],
  }),

  networkGetXmlDesc: procedure(43, {
    args: { net: network, flags: uint },
    result: { xml: string },
    cFunction: "virNetworkGetXMLDesc",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:read"],
  }),

  networkGetAutostart: procedure(44, {
    args: { net: network },
    result: { autostart: int },
    cFunction: "virNetworkGetAutostart",
    since: "0.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:read"],
  }),

  networkGetBridgeName: procedure(45, {
    args: { net: network },
    result: { name: string },
    cFunction: "virNetworkGetBridgeName",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:read"],
  }),

  networkLookupByName: procedure(46, {
    args: { name: string },
    result: { net: network },
    cFunction: "virNetworkLookupByName",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:getattr"],
  }),

  networkLookupByUuid: procedure(47, {
    args: { uuid },
    result: { net: network },
    cFunction: "virNetworkLookupByUUID",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:getattr"],
  }),

  networkSetAutostart: procedure(48, {
    args: { net: network, autostart: int },
    cFunction: "virNetworkSetAutostart",
    since: "0.2.1",
    readOnly: "denied",
    priority: "high",
    acl: ["network:write"],
  }),

  networkUndefine: procedure(49, {
    args: { net: network },
    cFunction: "virNetworkUndefine",
    since: "0.2.0",
    readOnly: "denied",
    priority: "high",
    acl: ["network:delete"],
  }),

  connectNumOfDefinedNetworks: procedure(50, {
    result: { num: int },
    cFunction: "virConnectNumOfDefinedNetworks",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  connectNumOfNetworks: procedure(52, {
    result: { num: int },
    cFunction: "virConnectNumOfNetworks",
    since: "0.2.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  networkIsActive: procedure(152, {
    args: { net: network },
    result: { active: int },
    cFunction: "virNetworkIsActive",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:read"],
  }),

  networkIsPersistent: procedure(153, {
    args: { net: network },
    result: { persistent: int },
    cFunction: "virNetworkIsPersistent",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:read"],
  }),

  connectListAllNetworks: procedure(283, {
    args: { needResults: int, flags: uint },
    result: { nets: array(network, NETWORK_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllNetworks",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  networkUpdate: procedure(291, {
    args: { net: network, command: uint, section: uint, parentIndex: int, xml: string, flags: uint },
    cFunction: "virNetworkUpdate",
    since: "0.10.2",
    readOnly: "denied",
    priority: "high",
    acl: [
      "network:write",
      { permission: "network:save", ifNoFlag: NetworkUpdateFlags.AFFECT_CONFIG | NetworkUpdateFlags.AFFECT_LIVE },
      { permission: "network:save", ifAnyFlag: NetworkUpdateFlags.AFFECT_CONFIG },
    ],
  }),

  connectNetworkEventRegisterAny: procedure(313, {
    args: { eventID: int, net: optional(network) },
    result: { callbackID: int },
    cFunction: "virConnectNetworkEventRegisterAny",
    since: "1.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_networks"],
    aclFilter: ["network:getattr"],
  }),

  connectNetworkEventDeregisterAny: procedure(314, {
    args: { callbackID: int },
    cFunction: "virConnectNetworkEventDeregisterAny",
    since: "1.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  networkGetDhcpLeases: procedure(341, {
    args: { net: network, mac: optional(string), needResults: int, flags: uint },
    result: { leases: array(dhcpLease, NETWORK_DHCP_LEASES_MAX), ret: uint },
    cFunction: "virNetworkGetDHCPLeases",
    since: "1.2.6",
    readOnly: "allowed",
    acl: ["network:read"],
  }),

  networkDefineXmlFlags: procedure(432, {
    args: { xml: string, flags: uint },
    result: { net: network },
    cFunction: "virNetworkDefineXMLFlags",
    since: "7.7.0",
    readOnly: "denied",
    priority: "high",
    acl: ["network:write", "network:save"],
  }),

  networkCreateXmlFlags: procedure(437, {
    args: { xml: string, flags: uint },
    result: { net: network },
    cFunction: "virNetworkCreateXMLFlags",
    since: "7.8.0",
    readOnly: "denied",
    priority: "high",
    acl: ["network:write", "network:start"],
  }),

  networkSetMetadata: procedure(444, {
    args: {
      network,
      type: int,
      metadata: optional(string),
      key: optional(string),
      uri: optional(string),
      flags: uint,
    },
    cFunction: "virNetworkSetMetadata",
    since: "9.7.0",
    readOnly: "denied",
    acl: [
      "network:write",
      { permission: "network:save", ifNoFlag: NetworkUpdateFlags.AFFECT_CONFIG | NetworkUpdateFlags.AFFECT_LIVE },
      { permission: "network:save", ifAnyFlag: NetworkUpdateFlags.AFFECT_CONFIG },
    ],
  }),

  networkGetMetadata: procedure(445, {
    args: { network, type: int, uri: optional(string), flags: uint },
    result: { metadata: string },
    cFunction: "virNetworkGetMetadata",
    since: "9.7.0",
    readOnly: "allowed",
    acl: ["network:read"],
  }),
});
