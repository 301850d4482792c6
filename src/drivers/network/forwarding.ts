/** Whether the host passes packets on, which networks with a way out need. It stays on: others may have come to rely on it. */
import { readFile } from "node:fs/promises";
import { LibvirtError } from "../../errors.ts";
import { runProgram } from "../../host/program.ts";
import { familyOf } from "../../model/network/addresses.ts";
import type { Network } from "../../model/network/index.ts";
import { setKernel } from "./bridge.ts";

const domain = "NETWORK";

/**
 * Has the host pass on packets of the families that the network has addresses of.
 * @throws {LibvirtError} INTERNAL_ERROR when the host would lose its own IPv6 routes by that
 */
export async function enableForwarding({ forward, ips }: Network): Promise<void> {
  if (forward === undefined) return;
  const families = new Set(ips.map(familyOf));
  if (families.has("ipv4")) await setKernel("net/ipv4/ip_forward", "1");
  if (!families.has("ipv6")) return;
  await refuseLostRoutes();
  await setKernel("net/ipv6/conf/all/forwarding", "1");
}

/** A host that forwards does not take routers' announcements, unless it is told to: its routes from those would go. */
async function refuseLostRoutes(): Promise<void> {
  if ((await kernel("net/ipv6/conf/all/forwarding")) === "1") return;
  const text = await runProgram("ip", ["-6", "-json", "route", "show", "proto", "ra"], { domain });
  const routes = JSON.parse(text.trim() === "" ? "[]" : text) as readonly { readonly dev?: unknown }[];
  const devices = new Set(routes.map(({ dev }) => dev).filter((dev) => typeof dev === "string"));
  const losing: string[] = [];
  for (const device of devices) if ((await kernel(`net/ipv6/conf/${device}/accept_ra`)) !== "2") losing.push(device);
  if (losing.length === 0) return;
  throw new LibvirtError(
    "INTERNAL_ERROR",
    domain,
    "Check the host setup: enabling IPv6 forwarding with RA routes without accept_ra set to 2 is likely to cause " +
      `routes loss. Interfaces to look at: ${losing.join(", ")}`,
  );
}

async function kernel(path: string): Promise<string> {
  return (await readFile(`/proc/sys/${path}`, "utf8").catch(() => "")).trim();
}
