/** A domain's network interfaces. */
import {
  DomainXMLFlags,
  IPAddrType,
  DomainInterfaceAddressesSource as Source,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { isMac, isNic, nicElements, nicKeys, nicsOf } from "../../objects/nic.ts";
import { data, flag, text } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { attributeAt } from "../../shared/xml.ts";

export const domiflist = command({
  name: "domiflist",
  summary: "which network interfaces a domain has",
  description: "Lists a domain's network interfaces.",
  options: {
    domain: domainOption(),
    inactive: flag("those of the persistent definition"),
  },
  async query(context) {
    const domain = await domainOf(context);
    return nicsOf(await domain.xmlDesc(context.options.inactive ? DomainXMLFlags.INACTIVE : 0));
  },
  print(nics, { shell }) {
    type Nic = (typeof nics)[number];
    return formatTable(
      [
        column<Nic>("Interface", (nic) => nic.interface ?? "-"),
        column<Nic>("Type", ({ type }) => type),
        column<Nic>("Source", ({ source }) => source ?? "-"),
        column<Nic>("Model", ({ model }) => model ?? "-"),
        column<Nic>("MAC", ({ mac }) => mac ?? "-"),
      ],
      nics,
      shell.settings.quiet,
    );
  },
});

/** In virsh's order. */
const counters = ["rxBytes", "rxPackets", "rxErrs", "rxDrop", "txBytes", "txPackets", "txErrs", "txDrop"] as const;

export const domifstat = command({
  name: "domifstat",
  summary: "what went through a network interface",
  description: "Shows the counters of a running domain's network interface.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    interface: data("the interface's host end or MAC address", { complete: nicKeys }),
  },
  async query(context) {
    const { options } = context;
    const domain = await domainOf(context);
    return attempt(`Failed to get interface stats ${options.domain} ${options.interface}`, () =>
      domain.interfaceStats(options.interface),
    );
  },
  print(stats, { options }) {
    // What a hypervisor does not count is -1.
    const known = counters.filter((name) => stats[name] >= 0n);
    return known.map((name) => `${options.interface} ${snakeCase(name)} ${stats[name]}\n`).join("");
  },
});

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const domifGetlink = command({
  name: "domif-getlink",
  summary: "whether a network interface is plugged in",
  description: "Shows the state of the link of a domain's network interface.",
  options: {
    domain: domainOption(),
    interface: data("the interface's host end or MAC address", { complete: nicKeys }),
    config: flag("of the persistent definition"),
  },
  aliases: { persistent: "config" },
  async query(context) {
    const { options } = context;
    const key = options.interface;
    const xml = await (await domainOf(context)).xmlDesc(options.config ? DomainXMLFlags.INACTIVE : 0);
    const matching = nicElements(xml).filter((nic) => isNic(nic, key));
    const [nic] = matching;
    if (nic === undefined) throw new CommandError(`Interface (${isMac(key) ? "mac" : "dev"}: ${key}) not found.`);
    if (matching.length > 1) throw new CommandError("multiple matching interfaces found");
    return { interface: key, state: attributeAt(nic, "link", "state") ?? "up" };
  },
  print: (link) => `${link.interface} ${link.state}`,
});

const sources: Readonly<Record<string, number>> = { lease: Source.LEASE, agent: Source.AGENT, arp: Source.ARP };

interface Address {
  readonly name: string;
  readonly mac: string | null;
  readonly protocol: string | null;
  readonly address: string | null;
  readonly prefix: number | null;
  /** Not the first address of its interface. */
  readonly further: boolean;
}

export const domifaddr = command({
  name: "domifaddr",
  summary: "which addresses a running domain has",
  description: "Lists the addresses of a running domain's network interfaces.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    interface: text("only of this interface", { complete: nicKeys }),
    full: flag("repeat name and MAC address in each line"),
    source: text("who is asked: 'lease', 'agent' or 'arp'", { complete: oneOf(...Object.keys(sources)) }),
  },
  async query(context) {
    const { options } = context;
    const source = sources[options.source ?? "lease"];
    if (source === undefined) throw new CommandError(`Unknown data source '${options.source}'`);
    const domain = await domainOf(context);
    const interfaces = await attempt("Failed to query for interfaces addresses", () =>
      domain.interfaceAddresses(source),
    );
    return interfaces
      .filter(({ name }) => options.interface === undefined || name === options.interface)
      .flatMap(({ name, hwaddr, addrs }): Address[] => {
        if (addrs.length === 0)
          return [{ name, mac: hwaddr, protocol: null, address: null, prefix: null, further: false }];
        return addrs.map(({ type, addr, prefix }, index) => ({
          name,
          mac: hwaddr,
          protocol: type === IPAddrType.IPV4 ? "ipv4" : type === IPAddrType.IPV6 ? "ipv6" : "",
          address: addr,
          prefix,
          further: index > 0,
        }));
      });
  },
  print(addresses, { options, notice }) {
    const line = (name: string, mac: string, protocol: string, address: string) =>
      ` ${name.padEnd(10)} ${mac.padEnd(20)} ${protocol.padEnd(8)}     ${address}\n`;
    const header = line("Name", "MAC address", "Protocol", "Address");
    notice(`${header}${"-".repeat(79)}\n`);
    return addresses
      .map(({ name, mac, protocol, address, prefix, further }) => {
        const hidden = further && !options.full;
        const where = address === null ? "N/A" : `${address}/${prefix}`;
        return line(hidden ? "-" : name, hidden ? "-" : (mac ?? "N/A"), protocol ?? "N/A", where);
      })
      .join("");
  },
});
