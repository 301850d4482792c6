/** What dnsmasq is told of a network: its configuration file, and the files of hosts that it reads again on SIGHUP. */
import { LibvirtError } from "../../errors.ts";
import { familyOf, netmaskOf, prefixLength, reverseDomain } from "./addresses.ts";
import { ipOf } from "./check-ip.ts";
import type { DhcpHost, DnsSrv, Lease, Network, NetworkIp } from "./description.ts";

export interface DnsmasqPlaces {
  /** The bridge that it serves. */
  readonly bridge: string;
  /** Where it keeps its process number; nowhere unless given. */
  readonly pidFile?: string;
  readonly hostsFile: string;
  readonly namesFile: string;
}

/** The texts of the files. */
export interface DnsmasqFiles {
  readonly configuration: string;
  /** Hosts with fixed addresses; undefined where none has DHCP to do with it. */
  readonly hosts: string | undefined;
  /** Names of addresses; undefined without DNS. */
  readonly names: string | undefined;
}

const hasDns = ({ dns }: Network): boolean => dns?.enable !== false;
const isIsolated = ({ forward }: Network): boolean => forward === undefined;
const withDhcp = (ips: readonly NetworkIp[]): NetworkIp[] => ips.filter(({ dhcp }) => dhcp !== undefined);

/**
 * The files for a network; undefined for one that has no address for dnsmasq to listen on.
 * @throws {LibvirtError} CONFIG_UNSUPPORTED for reverse look-ups that cannot be had, XML_ERROR for a text with line breaks
 */
export function dnsmasqFiles(network: Network, places: DnsmasqPlaces): DnsmasqFiles | undefined {
  if (network.ips.length === 0) return undefined;
  const dhcp = withDhcp(network.ips);
  return {
    configuration: textOf(configuration(network, places), network),
    hosts: dhcp.length === 0 ? undefined : textOf(dhcp.flatMap(hostLines), network),
    names: hasDns(network) ? textOf(nameLines(network), network) : undefined,
  };
}

/** Lines as a file; a line break in one would be a line that nobody wrote. */
function textOf(lines: readonly string[], { name }: Network): string {
  const broken = lines.find((line) => /[\n\r\0]/.test(line));
  if (broken === undefined) return lines.map((line) => `${line}\n`).join("");
  throw new LibvirtError("XML_ERROR", "NETWORK", `line break in ${JSON.stringify(broken)} of network '${name}'`);
}

function configuration(network: Network, places: DnsmasqPlaces): string[] {
  return [
    "strict-order",
    ...(hasDns(network) ? [] : ["port=0"]),
    ...forwarderLines(network),
    ...domainLines(network),
    ...(hasDns(network) ? lookupLines(network) : []),
    ...(places.pidFile === undefined ? [] : [`pid-file=${places.pidFile}`]),
    "except-interface=lo",
    "bind-dynamic",
    `interface=${places.bridge}`,
    // Who is on an isolated network is not sent to a gateway, and not told of a way out of it.
    ...(isIsolated(network) ? ["dhcp-option=3", "no-resolv", "ra-param=*,0,0"] : []),
    ...(hasDns(network) ? recordLines(network) : []),
    ...network.ips.flatMap(({ tftp }) => (tftp === undefined ? [] : ["enable-tftp", `tftp-root=${tftp.root}`])),
    ...dhcpLines(network, places),
    ...(hasDns(network) ? [`addn-hosts=${places.namesFile}`] : []),
    ...(network.mtu?.size === undefined ? [] : [`dhcp-option=option:mtu,${network.mtu.size}`]),
    ...advertisementLines(network),
    ...(network.dnsmasqOptions?.options ?? []).map(({ value }) => value),
  ];
}

function forwarderLines({ dns }: Network): string[] {
  const forwarders = dns?.forwarders ?? [];
  const servers = forwarders.map(({ domain, addr }) => `server=${domain ? `/${domain}/` : ""}${addr ?? "#"}`);
  return forwarders.some(({ domain }) => domain === undefined) ? [...servers, "no-resolv"] : servers;
}

function domainLines({ domain }: Network): string[] {
  if (domain?.name === undefined) return [];
  const own = domain.localOnly === true ? [`local=/${domain.name}/`] : [];
  return [...own, `domain=${domain.name}`, "expand-hosts"];
}

/** Which questions are not passed on to other servers. */
function lookupLines({ dns, ips }: Network): string[] {
  const reverse = ips.filter(({ localPtr }) => localPtr === true).map((ip) => `local=/${reverseDomain(ip)}/`);
  return dns?.forwardPlainNames === false ? [...reverse, "domain-needed", "local=//"] : reverse;
}

function recordLines({ dns }: Network): string[] {
  const texts = (dns?.txts ?? []).map(({ name, value }) => `txt-record=${name},${value}`);
  return [...texts, ...(dns?.srvs ?? []).map(srvLine)];
}

function srvLine({ service, protocol, domain, target, port, priority, weight }: DnsSrv): string {
  const name = `srv-host=_${service}._${protocol}${domain === undefined ? "" : `.${domain}`}`;
  if (target === undefined) return name;
  // What stands behind a number that is given has to be there too: with what dnsmasq takes where nothing is said.
  const numbers = weight ? [port || 1, priority || 0, weight] : priority ? [port || 1, priority] : port ? [port] : [];
  return [name, target, ...numbers].join(",");
}

function leaseSuffix(lease: Lease | undefined): string {
  if (lease?.expiry === undefined) return "";
  if (lease.expiry === 0) return ",infinite";
  return `,${lease.expiry}${(lease.unit ?? "minutes").charAt(0)}`;
}

function dhcpLines({ ips }: Network, { hostsFile }: DnsmasqPlaces): string[] {
  const serving = withDhcp(ips);
  if (serving.length === 0) return [];
  const most = serving.flatMap(({ dhcp }) => dhcp?.ranges ?? []).reduce((sum, range) => sum + sizeOf(range), 0n);
  return [
    ...serving.flatMap(rangeLines),
    ...(most > 0n ? [`dhcp-lease-max=${most}`] : []),
    `dhcp-hostsfile=${hostsFile}`,
  ];
}

function sizeOf({ start, end }: { readonly start: string; readonly end: string }): bigint {
  return ipOf(end).value - ipOf(start).value + 1n;
}

function rangeLines(ip: NetworkIp): string[] {
  const { ranges = [], hosts = [], bootp } = ip.dhcp ?? {};
  const isIpv4 = familyOf(ip) === "ipv4";
  const size = isIpv4 ? netmaskOf(ip) : String(prefixLength(ip));
  const lines = ranges.map(({ start, end, lease }) => `dhcp-range=${start},${end},${size}${leaseSuffix(lease)}`);
  if (ranges.length === 0 && hosts.length > 0) {
    lines.push(`dhcp-range=${ip.address},static${isIpv4 ? "" : `,${size}`}`);
  }
  if (!isIpv4) return lines;
  if (lines.length > 0) lines.push("dhcp-no-override", "dhcp-authoritative");
  if (bootp?.file !== undefined) {
    lines.push(`dhcp-boot=${bootp.file}${bootp.server === undefined ? "" : `,,${bootp.server}`}`);
  }
  return lines;
}

/** Routers' announcements, by which guests get their IPv6 addresses where DHCPv6 does not give them. */
function advertisementLines({ ips }: Network): string[] {
  const own = ips.filter((ip) => familyOf(ip) === "ipv6");
  if (own.some(({ dhcp }) => dhcp !== undefined)) return ["enable-ra"];
  return own.map(({ address }) => `dhcp-range=${address},ra-only`);
}

function hostLines(ip: NetworkIp): string[] {
  return (ip.dhcp?.hosts ?? []).map(familyOf(ip) === "ipv4" ? hostLine4 : hostLine6);
}

function hostLine4({ mac, name, ip, lease }: DhcpHost): string {
  const known = mac === undefined ? [name, ip] : [mac, ip, name];
  return `${known.filter((part) => part !== undefined).join(",")}${leaseSuffix(lease)}`;
}

function hostLine6({ id, name, ip, lease }: DhcpHost): string {
  const known = [id === undefined ? undefined : `id:${id}`, name, `[${ip}]`];
  return `${known.filter((part) => part !== undefined).join(",")}${leaseSuffix(lease)}`;
}

function nameLines({ dns }: Network): string[] {
  return (dns?.hosts ?? []).map(({ ip, hostnames }) => [ip, ...hostnames].join("\t"));
}
