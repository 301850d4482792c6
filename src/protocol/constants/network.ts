/** Flags of `virConnectListAllNetworks`. */
export const ConnectListAllNetworksFlags = {
  INACTIVE: 1,
  ACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  AUTOSTART: 16,
  NO_AUTOSTART: 32,
} as const;
export type ConnectListAllNetworksFlags =
  (typeof ConnectListAllNetworksFlags)[keyof typeof ConnectListAllNetworksFlags];

/** Kind of an IP address: DHCP leases and addresses of a domain's interfaces. */
export const IPAddrType = {
  IPV4: 0,
  IPV6: 1,
} as const;
export type IPAddrType = (typeof IPAddrType)[keyof typeof IPAddrType];

/** Flags of `virNetworkCreateXMLFlags`. */
export const NetworkCreateFlags = {
  VALIDATE: 1,
} as const;
export type NetworkCreateFlags = (typeof NetworkCreateFlags)[keyof typeof NetworkCreateFlags];

/** Flags of `virNetworkDefineXMLFlags`. */
export const NetworkDefineFlags = {
  VALIDATE: 1,
} as const;
export type NetworkDefineFlags = (typeof NetworkDefineFlags)[keyof typeof NetworkDefineFlags];

/** What happened to a network (network event LIFECYCLE). */
export const NetworkEventLifecycleType = {
  DEFINED: 0,
  UNDEFINED: 1,
  STARTED: 2,
  STOPPED: 3,
} as const;
export type NetworkEventLifecycleType = (typeof NetworkEventLifecycleType)[keyof typeof NetworkEventLifecycleType];

/** Kinds of network event: `virConnectNetworkEventRegisterAny`. */
export const NetworkEventID = {
  LIFECYCLE: 0,
} as const;
export type NetworkEventID = (typeof NetworkEventID)[keyof typeof NetworkEventID];

/** Flags of `virNetworkPortCreateXML`. */
export const NetworkPortCreateFlags = {
  RECLAIM: 1,
  VALIDATE: 2,
} as const;
export type NetworkPortCreateFlags = (typeof NetworkPortCreateFlags)[keyof typeof NetworkPortCreateFlags];

/** Section of a network's definition: `virNetworkUpdate`. */
export const NetworkUpdateSection = {
  NONE: 0,
  BRIDGE: 1,
  DOMAIN: 2,
  IP: 3,
  IP_DHCP_HOST: 4,
  IP_DHCP_RANGE: 5,
  FORWARD: 6,
  FORWARD_INTERFACE: 7,
  FORWARD_PF: 8,
  PORTGROUP: 9,
  DNS_HOST: 10,
  DNS_TXT: 11,
  DNS_SRV: 12,
} as const;
export type NetworkUpdateSection = (typeof NetworkUpdateSection)[keyof typeof NetworkUpdateSection];

/** Flags of `virNetworkUpdate`. */
export const NetworkUpdateFlags = {
  AFFECT_CURRENT: 0,
  AFFECT_LIVE: 1,
  AFFECT_CONFIG: 2,
} as const;
export type NetworkUpdateFlags = (typeof NetworkUpdateFlags)[keyof typeof NetworkUpdateFlags];

/** What to do to a section: `virNetworkUpdate`. */
export const NetworkUpdateCommand = {
  NONE: 0,
  MODIFY: 1,
  DELETE: 2,
  ADD_LAST: 3,
  ADD_FIRST: 4,
} as const;
export type NetworkUpdateCommand = (typeof NetworkUpdateCommand)[keyof typeof NetworkUpdateCommand];

/** Flags of `virNetworkGetXMLDesc`. */
export const NetworkXMLFlags = {
  INACTIVE: 1,
} as const;
export type NetworkXMLFlags = (typeof NetworkXMLFlags)[keyof typeof NetworkXMLFlags];

/** Bandwidth of a port: `virNetworkPortSetParameters`. KiB/s; bursts in KiB. */
export const NetworkPortBandwidth = {
  IN_AVERAGE: "inbound.average",
  IN_BURST: "inbound.burst",
  IN_FLOOR: "inbound.floor",
  IN_PEAK: "inbound.peak",
  OUT_AVERAGE: "outbound.average",
  OUT_BURST: "outbound.burst",
  OUT_PEAK: "outbound.peak",
} as const;
export type NetworkPortBandwidth = (typeof NetworkPortBandwidth)[keyof typeof NetworkPortBandwidth];

/** Which metadata is meant: `virNetworkSetMetadata`. */
export const NetworkMetadataType = {
  DESCRIPTION: 0,
  TITLE: 1,
  ELEMENT: 2,
} as const;
export type NetworkMetadataType = (typeof NetworkMetadataType)[keyof typeof NetworkMetadataType];
