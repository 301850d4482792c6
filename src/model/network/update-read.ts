/** Reading the entries of a network update. To delete an entry, what it is known by is enough. */
import { LibvirtError } from "../../errors.ts";
import { attr, document, fields, type Infer, leaves, nonEmpty, type Shape, text, uint } from "../../xml/index.ts";
import { completeBandwidth } from "../common/bandwidth.ts";
import { ipAddress } from "../common/ip.ts";
import { checkVirtualPort } from "../common/virtualport.ts";
import { completeVlan } from "../common/vlan.ts";
import { checkDnsSrv, checkDnsTxt } from "./check.ts";
import { checkDhcpHost, checkDhcpRange } from "./check-ip.ts";
import { withLease } from "./complete.ts";
import {
  type DhcpHost,
  type DhcpRange,
  dhcpHost,
  dhcpRange,
  dnsHost,
  dnsSrv,
  dnsTxt,
  type ForwardInterface,
  forwardInterface,
  type NetworkIp,
  type PortGroup,
  portGroup,
} from "./description.ts";
import type { NetworkUpdate } from "./update-request.ts";

const options = { from: "NETWORK", title: "network_update_xml" } as const;

/** Two documents with one root: the whole entry, and what an entry is known by. */
function entries<T, K>(root: string, whole: Shape<T>, key: Shape<K>) {
  const wholeDocument = document(root, whole, {}, options);
  const keyDocument = document(root, key, {}, options);
  return ({ command, xml }: NetworkUpdate): T | K =>
    (command === "delete" ? keyDocument : wholeDocument).parse(xml) as T | K;
}

const hostKey = fields({ mac: attr(text), id: attr(nonEmpty), name: attr(nonEmpty), ip: attr(ipAddress) });
export interface HostKey extends Infer<typeof hostKey> {
  lease?: DhcpHost["lease"];
}
const readHost = entries("host", dhcpHost, hostKey);

export function readDhcpHost(update: NetworkUpdate, ip: NetworkIp, network: string): HostKey {
  const host: HostKey = readHost(update);
  if (update.command !== "delete") {
    checkDhcpHost(host, ip, network);
    return withLease(host);
  }
  if (host.mac === undefined && host.name === undefined && host.ip === undefined) {
    throw new LibvirtError("XML_ERROR", "NETWORK", `a dhcp host of network '${network}' is known by mac, name or ip`);
  }
  return host;
}

const readRange = entries("range", dhcpRange, dhcpRange);

export function readDhcpRange(update: NetworkUpdate, ip: NetworkIp, network: string): DhcpRange {
  const range = readRange(update);
  checkDhcpRange(range, ip, network);
  return withLease(range);
}

export const readForwardInterface: (update: NetworkUpdate) => ForwardInterface = entries(
  "interface",
  forwardInterface,
  forwardInterface,
);

const readGroup = entries("portgroup", portGroup, portGroup);

export function readPortGroup(update: NetworkUpdate): PortGroup {
  const group = readGroup(update);
  checkVirtualPort(group.virtualport);
  completeVlan(group.vlan);
  completeBandwidth(group.bandwidth);
  return group;
}

const dnsHostKey = fields({ ip: attr(ipAddress), hostnames: leaves(text).named("hostname") });
const readHostRecord = entries("host", dnsHost, dnsHostKey);

export function readDnsHost(update: NetworkUpdate): Infer<typeof dnsHostKey> {
  const host = readHostRecord(update);
  const nothing = host.ip === undefined && host.hostnames.length === 0;
  if (nothing || (update.command !== "delete" && host.hostnames.length === 0)) {
    throw new LibvirtError("XML_DETAIL", "NETWORK", "a DNS host needs an ip and a <hostname>");
  }
  return host;
}

const txtKey = fields({ name: attr(text).required("XML_DETAIL"), value: attr(text) });
const readTxt = entries("txt", dnsTxt, txtKey);

export function readDnsTxt(update: NetworkUpdate, network: string): Infer<typeof txtKey> {
  const txt = readTxt(update);
  checkDnsTxt(txt, network);
  return txt;
}

const port = attr(uint(65535)).omit(0);
const srvKey = fields({
  service: attr(text),
  protocol: attr(text),
  domain: attr(text),
  target: attr(text),
  port,
  priority: port,
  weight: port,
});
export interface SrvKey extends Infer<typeof srvKey> {}
const readSrv = entries("srv", dnsSrv, srvKey);

export function readDnsSrv(update: NetworkUpdate, network: string): SrvKey {
  const srv = readSrv(update);
  checkDnsSrv(srv, network);
  return srv;
}
