/** The bridge of a network as the kernel has it: made, given addresses and put away by `ip`. */
import { readFile, writeFile } from "node:fs/promises";
import { LibvirtError, systemError } from "../../errors.ts";
import { runProgram } from "../../host/program.ts";
import { deviceExists } from "../../host/tap.ts";
import { familyOf, prefixLength, subnetOf } from "../../model/network/addresses.ts";
import type { Network } from "../../model/network/index.ts";

const domain = "NETWORK";

/** What `ip -batch` is told to make the bridge of a network. */
export function bridgeCommands(network: Network, bridge: string): string[] {
  const { mac, mtu, ips } = network;
  // The kernel takes a delay while there is no spanning tree, and makes the best of it when there is.
  const delay = (network.bridge?.delay ?? 0n) * 100n;
  return [
    [
      `link add name ${bridge}`,
      ...(mac?.address === undefined ? [] : [`address ${mac.address}`]),
      ...(mtu?.size === undefined ? [] : [`mtu ${mtu.size}`]),
      `type bridge forward_delay ${delay}`,
    ].join(" "),
    ...(network.bridge?.stp === false ? [] : [`link set dev ${bridge} type bridge stp_state 1`]),
    ...ips.map((ip) => {
      const broadcast = familyOf(ip) === "ipv4" && prefixLength(ip) < 31 ? " broadcast +" : "";
      return `address add ${ip.address}/${prefixLength(ip)}${broadcast} dev ${bridge}`;
    }),
    `link set dev ${bridge} up`,
  ];
}

/** What `ip -batch` is told of the routes through a network, once its bridge is up. */
export function routeCommands({ routes }: Network, bridge: string): string[] {
  return routes.map((route) => {
    const metric = route.metric ?? 1;
    return `route add ${subnetOf(route)} via ${route.gateway} dev ${bridge} metric ${metric}`;
  });
}

async function runBatch(commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  await runProgram("ip", ["-batch", "-"], { input: commands.map((line) => `${line}\n`).join(""), domain });
}

/** A name that the kernel takes for a device, and that is one word to those who are told of it. */
export function checkDeviceName(name: string): void {
  if (/^[^\s/:%"'\\\0]{1,15}$/.test(name) && name !== "." && name !== ".." && !name.startsWith("-")) return;
  throw new LibvirtError("INTERNAL_ERROR", domain, `'${name}' cannot be the name of a network device`);
}

/** Makes the bridge of a network, up and with its addresses; what was made is put away when a part fails. */
export async function makeBridge(network: Network, bridge: string): Promise<void> {
  checkDeviceName(bridge);
  if (await deviceExists(bridge)) throw cannotMake(bridge, "File exists");
  const commands = bridgeCommands(network, bridge);
  const [make = "", ...rest] = commands;
  try {
    await runBatch([make]);
  } catch (error) {
    throw explain(bridge, error);
  }
  try {
    await setIpv6(network, bridge);
    await runBatch(rest);
  } catch (error) {
    await deleteBridge(bridge).catch(() => {});
    throw error;
  }
}

function explain(bridge: string, error: unknown): unknown {
  const reason = /RTNETLINK answers: (.*)/.exec(String(error))?.[1];
  if (reason === undefined) return error;
  const hint = reason === "Operation not permitted" ? "; virtual networks of the host are root's to start" : "";
  return cannotMake(bridge, `${reason}${hint}`, error);
}

function cannotMake(bridge: string, reason: string, cause?: unknown): LibvirtError {
  const detail = `error creating bridge interface ${bridge}: ${reason}`;
  return new LibvirtError("SYSTEM_ERROR", domain, detail, ...(cause === undefined ? [] : [{ cause }]));
}

/** A host without IPv6 does without. */
async function setIpv6({ ips }: Network, bridge: string): Promise<void> {
  const disabled = ips.some((ip) => familyOf(ip) === "ipv6") ? "0" : "1";
  const set = (name: string, value: string) => setKernel(`net/ipv6/conf/${bridge}/${name}`, value);
  const known = await readFile(`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, "utf8").catch(() => null);
  if (known === null) return;
  await set("disable_ipv6", disabled);
  // The bridge announces; it does not take what others announce.
  await set("accept_ra", "0");
  await set("autoconf", "0");
}

/** Sets one of the kernel's parameters below /proc/sys. */
export async function setKernel(path: string, value: string): Promise<void> {
  const file = `/proc/sys/${path}`;
  try {
    if ((await readFile(file, "utf8")).trim() !== value) await writeFile(file, value);
  } catch (error) {
    throw systemError(domain, `Unable to write to '${file}'`, error);
  }
}

/** Adds the routes through a network. */
export async function addRoutes(network: Network, bridge: string): Promise<void> {
  await runBatch(routeCommands(network, bridge));
}

/** Puts a bridge away, with its addresses and routes; one that is gone already is fine. */
export async function deleteBridge(bridge: string): Promise<void> {
  try {
    await runProgram("ip", ["link", "delete", "dev", bridge, "type", "bridge"], { domain });
  } catch (error) {
    if (await deviceExists(bridge)) throw error;
  }
}

/** The kernel's number of a device, which is never given again; null when there is none of that name. */
export async function deviceIndex(name: string): Promise<number | null> {
  if (name === "" || name.includes("/")) return null;
  const text = await readFile(`/sys/class/net/${name}/ifindex`, "utf8").catch(() => null);
  return text === null ? null : Number(text);
}
