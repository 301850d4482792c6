/** Procedures about ports of networks. */
import { NETWORK_PORT_LIST_MAX, NETWORK_PORT_PARAMETERS_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { network, networkPort, typedParameter, uuid } from "./shapes.ts";
import { array, int, string, uint } from "./xdr/index.ts";

/** Ports of virtual networks. */
export const networkPortProcedures = remote("networkPort", {
  networkListAllPorts: procedure(404, {
    args: { network, needResults: int, flags: uint },
    result: { ports: array(networkPort, NETWORK_PORT_LIST_MAX), ret: uint },
    cFunction: "virNetworkListAllPorts",
    since: "5.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network:search_ports"],
    aclFilter: ["network_port:getattr"],
  }),

  networkPortLookupByUuid: procedure(405, {
    args: { network, uuid },
    result: { port: networkPort },
    cFunction: "virNetworkPortLookupByUUID",
    since: "5.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["network_port:getattr"],
  }),

  networkPortCreateXml: procedure(406, {
    args: { network, xml: string, flags: uint },
    result: { port: networkPort },
    cFunction: "virNetworkPortCreateXML",
    since: "5.5.0",
    readOnly: "denied",
    acl: ["network_port:create"],
  }),

  networkPortGetParameters: procedure(407, {
    args: { port: networkPort, nparams: int, flags: uint },
    result: { params: array(typedParameter, NETWORK_PORT_PARAMETERS_MAX), nparams: int },
    cFunction: "virNetworkPortGetParameters",
    since: "5.5.0",
    readOnly: "allowed",
    acl: ["network_port:read"],
  }),

  networkPortSetParameters: procedure(408, {
    args: { port: networkPort, params: array(typedParameter, NETWORK_PORT_PARAMETERS_MAX), flags: uint },
    cFunction: "virNetworkPortSetParameters",
    since: "5.5.0",
    readOnly: "denied",
    acl: ["network_port:write"],
  }),

  networkPortGetXmlDesc: procedure(409, {
    args: { port: networkPort, flags: uint },
    result: { xml: string },
    cFunction: "virNetworkPortGetXMLDesc",
    since: "5.5.0",
    readOnly: "allowed",
    acl: ["network_port:read"],
  }),

  networkPortDelete: procedure(410, {
    args: { port: networkPort, flags: uint },
    cFunction: "virNetworkPortDelete",
    since: "5.5.0",
    readOnly: "denied",
    acl: ["network_port:delete"],
  }),
});
