/** Whether the addresses of a network are those of somebody else's already. */
import { readFile } from "node:fs/promises";
import { LibvirtError } from "../../errors.ts";
import { maskOf } from "../../model/common/ip.ts";
import { familyOf, prefixLength } from "../../model/network/addresses.ts";
import { ipOf } from "../../model/network/check-ip.ts";
import type { Network } from "../../model/network/index.ts";

interface HostRoute {
  readonly device: string;
  readonly destination: number;
  readonly mask: number;
}

/** The IPv4 routes of /proc/net/route, but for default ones. */
export function parseRoutes(text: string): HostRoute[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line): HostRoute[] => {
      const [device, destination, , , , , , mask] = line.split("\t");
      if (device === undefined || !/^[0-9A-F]{8}$/.test(destination ?? "") || !/^[0-9A-F]{8}$/.test(mask ?? ""))
        return [];
      const route = { device, destination: reversed(destination ?? ""), mask: reversed(mask ?? "") };
      return route.mask === 0 ? [] : [route];
    });
}

/** The kernel prints the four bytes as the processor has them, the last one first. */
const reversed = (hex: string): number => Buffer.from(hex, "hex").readUInt32LE();

/** @throws {LibvirtError} INTERNAL_ERROR when another device's route leads into the network, or the other way round. */
export async function refuseCollisions(network: Network): Promise<void> {
  const routes = parseRoutes(await readFile("/proc/net/route", "utf8").catch(() => ""));
  for (const ip of network.ips) {
    if (familyOf(ip) !== "ipv4") continue;
    const address = Number(ipOf(ip.address).value);
    const own = Number(maskOf("ipv4", prefixLength(ip)));
    const clash = routes.find(({ destination, mask }) => {
      // Of two networks, the one with the shorter mask would hold the other.
      const shorter = (own & mask) >>> 0;
      return (address & shorter) >>> 0 === (destination & shorter) >>> 0;
    });
    if (clash)
      throw new LibvirtError("INTERNAL_ERROR", "NETWORK", `Network is already in use by interface ${clash.device}`);
  }
}
