/** What libvirt refuses when it reads a network, beyond what the description says. */
import { LibvirtError } from "../../errors.ts";
import { pciAddressText } from "../common/pci-address.ts";
import { checkVirtualPort } from "../common/virtualport.ts";
import { checkDhcpHost, checkIp } from "./check-ip.ts";
import { checkRoute } from "./check-route.ts";
import { ownsBridge } from "./complete.ts";
import type { Dns, DnsSrv, DnsTxt, Forward, Network } from "./description.ts";
import { refuse } from "./refuse.ts";

/**
 * Checks a completed network.
 * @throws LibvirtError XML_ERROR, XML_DETAIL, CONFIG_UNSUPPORTED, NO_NAME
 */
export function checkNetwork(network: Network): void {
  const { name } = network;
  checkName(name);
  checkForward(network);
  checkBridge(network);
  if (network.dns !== undefined) checkDns(network.dns, name);
  for (const ip of network.ips) {
    checkIp(ip, name);
    for (const host of ip.dhcp?.hosts ?? []) checkDhcpHost(host, ip, name);
  }
  for (const route of network.routes) checkRoute(route, network);
  checkVirtualPort(network.virtualport, { typeRequired: true });
  for (const group of network.portgroups) checkVirtualPort(group.virtualport);
}

function checkName(name: string): void {
  if (name.includes("/")) throw new LibvirtError("XML_DETAIL", "XML", "invalid char in name: /");
}

function checkForward(network: Network): void {
  const { forward, name } = network;
  if (forward === undefined) return;
  checkListedOnce(forward, name);
  const [first] = forward.interfaces;
  if (forward.mode !== "nat" && forward.nat !== undefined) {
    refuse(name, "<nat> in <forward> is only possible with mode='nat'");
  }
  if (["nat", "route", "open"].includes(forward.mode) && network.ips.length === 0) {
    refuse(name, `${forward.mode} forwarding needs an <ip> address`);
  }
  if (["nat", "route"].includes(forward.mode) && forward.interfaces.length > 1) {
    refuse(name, `${forward.mode} forwarding takes one interface, not several`);
  }
  if (forward.mode === "open" && first !== undefined) refuse(name, "forward dev is not allowed with mode='open'");
  if (forward.mode === "bridge" && first !== undefined && network.bridge?.name !== undefined) {
    refuse(name, "forward mode='bridge' takes a bridge name or a forward dev, not both");
  }
  const { address, port } = forward.nat ?? {};
  if (address !== undefined && address.start !== address.end && ipv4(address.start) > ipv4(address.end)) {
    refuse(name, `<nat> address range ${address.start} - ${address.end} is reversed`);
  }
  if (port !== undefined && port.start > port.end) {
    refuse(name, "<nat> port range is reversed", "XML_DETAIL");
  }
}

function ipv4(address: string): number {
  return address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

function checkListedOnce({ interfaces, addresses }: Forward, name: string): void {
  const seen = new Set<string>();
  for (const { dev } of interfaces) {
    if (seen.has(dev)) refuse(name, `interface '${dev}' is listed twice`);
    seen.add(dev);
  }
  for (const address of addresses) {
    const text = pciAddressText(address);
    if (seen.has(text)) refuse(name, `PCI device '${text}' is listed twice`);
    seen.add(text);
  }
}

function checkBridge(network: Network): void {
  const { bridge, forward, name } = network;
  if (ownsBridge(network)) return;
  const mode = forward?.mode ?? "isolated";
  if (bridge?.stp !== undefined || bridge?.delay !== undefined || bridge?.zone !== undefined) {
    refuse(name, `bridge delay, stp and zone are not allowed in ${mode} mode`);
  }
  if (network.mtu !== undefined) refuse(name, `an mtu is not allowed in ${mode} mode`);
  if (mode === "bridge") return;
  if (bridge?.name !== undefined) refuse(name, `a bridge name is not allowed in ${mode} mode`);
  if (bridge?.macTableManager !== undefined) refuse(name, `bridge macTableManager is not allowed in ${mode} mode`);
}

function checkDns(dns: Dns, name: string): void {
  const { forwarders, txts, srvs, hosts } = dns;
  if (dns.enable === false && forwarders.length + txts.length + srvs.length + hosts.length > 0) {
    refuse(name, "<dns enable='no'> must be empty");
  }
  for (const { domain, addr } of forwarders) {
    if (domain === undefined && addr === undefined) refuse(name, "<forwarder> needs addr or domain");
  }
  for (const txt of txts) checkDnsTxt(txt, name);
  for (const srv of srvs) checkDnsSrv(srv, name);
  for (const { ip, hostnames } of hosts) {
    if (hostnames.length === 0) refuse(name, `DNS host ${ip} needs a <hostname>`, "XML_DETAIL");
  }
}

export function checkDnsTxt(txt: Pick<DnsTxt, "name">, name: string): void {
  if (/[ ,]/.test(txt.name)) refuse(name, `prohibited character in DNS TXT record name '${txt.name}'`, "XML_DETAIL");
}

type Incomplete<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Longest name of a service and of a domain, and of both together, in bytes: what fits into a DNS packet. */
const maxSrvName = 482;

export function checkDnsSrv(srv: Incomplete<DnsSrv>, name: string): void {
  for (const part of [srv.service, srv.protocol]) {
    if (part !== undefined && Buffer.byteLength(part) > maxSrvName) {
      refuse(name, `DNS SRV name is longer than ${maxSrvName} bytes`, "XML_DETAIL");
    }
  }
  if (srv.target !== undefined) return;
  for (const key of ["port", "priority", "weight"] as const) {
    if (srv[key])
      refuse(name, `DNS SRV ${key} of service '${srv.service}' is only possible with a target`, "XML_DETAIL");
  }
}
