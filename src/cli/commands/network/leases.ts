/** The command `net-dhcp-leases`. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { networkOf, networkOption } from "../../objects/network.ts";
import { text } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { localTime } from "../../shared/time.ts";

export const netDhcpLeases = command({
  name: "net-dhcp-leases",
  summary: "which addresses a network has given out",
  description: "Lists the addresses that a network's DHCP server has given out.",
  options: {
    network: networkOption(),
    mac: text("only to this MAC address"),
  },
  async query(context) {
    const { options } = context;
    const network = await networkOf(context);
    const leases = await attempt(`Failed to get leases info for ${options.network}`, () =>
      network.dhcpLeases(options.mac ?? null, 0),
    );
    return [...leases].sort((a, b) => (a.mac ?? "").localeCompare(b.mac ?? ""));
  },
  print(leases, { shell }) {
    type Lease = (typeof leases)[number];
    return formatTable(
      [
        column<Lease>("Expiry Time", ({ expiryTime }) => localTime(expiryTime)),
        column<Lease>("MAC address", ({ mac }) => mac ?? "-"),
        column<Lease>("Protocol", ({ type }) => (type === IPV4 ? "ipv4" : type === IPV6 ? "ipv6" : "")),
        column<Lease>("IP address", ({ ipaddr, prefix }) => `${ipaddr}/${prefix}`),
        column<Lease>("Hostname", ({ hostname }) => hostname ?? "-"),
        column<Lease>("Client ID or DUID", ({ clientid }) => clientid ?? "-"),
      ],
      leases,
      shell.settings.quiet,
    );
  },
});

/** libvirt's numbers for kinds of addresses. */
const IPV4 = 0;
const IPV6 = 1;
