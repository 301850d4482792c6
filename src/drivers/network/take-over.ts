/** Networks that ran when the program before ended: they are found as they are, and what is missing is made again. */
import { parseUuid } from "../../driver/object-list.ts";
import { isRunning, type ProcessId } from "../../host/proc.ts";
import { signalProcess } from "../../host/process.ts";
import { ownsBridge } from "../../model/network/complete.ts";
import { firewallRules } from "../../model/network/firewall.ts";
import type { Network } from "../../model/network/index.ts";
import { deviceIndex } from "./bridge.ts";
import { removeFiles, startDnsmasq } from "./dnsmasq.ts";
import { addRules, haveRules, removeRules } from "./firewall.ts";
import type { HostNetwork, NetworkHost } from "./host.ts";
import { startNetwork } from "./run.ts";
import type { Status } from "./status.ts";

/** Takes over every network that runs, and puts away what is left of those that do not. */
export async function takeOverAll(host: NetworkHost): Promise<void> {
  for (const { name, status } of await host.statuses.readAll()) {
    try {
      if (status && (await takeOver(host, status))) continue;
    } catch (error) {
      report(`network '${name}' cannot be taken over`, error);
    }
    await host.statuses.remove(name);
  }
}

/** Whether the network still runs. */
async function takeOver(host: NetworkHost, status: Status): Promise<boolean> {
  const { definition, ports, bridgeIndex } = status;
  const uuid = parseUuid(definition.uuid ?? "");
  if (uuid === null || status.boot !== host.boot) return false;
  const bridge = definition.bridge?.name ?? "";
  if (ownsBridge(definition) && (bridgeIndex === null || (await deviceIndex(bridge)) !== bridgeIndex)) {
    await putRemainsAway(host, status);
    return false;
  }
  const network = host.networks.byUuid(uuid) ?? host.add(definition, uuid);
  Object.assign(network, { live: definition, run: { bridgeIndex, dnsmasq: status.dnsmasq } });
  for (const port of ports) if (port.uuid !== undefined) network.ports.set(port.uuid, port);
  if (bridgeIndex !== null) await mend(host, network, definition, bridge);
  return true;
}

/** The bridge has gone, and with it the network; what served it goes too. */
async function putRemainsAway(host: NetworkHost, { definition, dnsmasq }: Status): Promise<void> {
  if (dnsmasq) await signalProcess(dnsmasq, "SIGTERM");
  const rules = firewallRules(definition, definition.bridge?.name ?? "");
  if (rules.length > 0 && (await haveRules(rules))) await removeRules(rules);
  await removeFiles(host.layout, definition.name, false);
}

/** Makes again what somebody has taken away meanwhile; what cannot be had is reported. */
async function mend(host: NetworkHost, network: HostNetwork, definition: Network, bridge: string): Promise<void> {
  const rules = firewallRules(definition, bridge);
  try {
    if (!(await haveRules(rules))) {
      await removeRules(rules);
      await addRules(rules);
    }
    const before = network.run?.dnsmasq ?? null;
    if (before === null || (await isRunning(before))) return;
    const dnsmasq: ProcessId | null = await startDnsmasq(host.layout, definition, null);
    network.run = { bridgeIndex: network.run?.bridgeIndex ?? null, dnsmasq };
    await host.noteStatus(network);
  } catch (error) {
    report(`network '${network.name}' is not whole`, error);
  }
}

/** Starts the networks that start by themselves, unless they have run since the host came up. */
export async function autostartAll(host: NetworkHost): Promise<void> {
  // Nobody else may make a bridge: that is said to whoever starts a network, not each time that somebody looks.
  if (process.geteuid?.() !== 0) return;
  for (const network of host.networks) {
    if (!network.autostart || network.live || host.hasRun(network)) continue;
    try {
      await network.jobs.run("networkCreate", () => startNetwork(host, network, network.config));
    } catch (error) {
      report(`network '${network.name}' does not start by itself`, error);
    }
  }
}

function report(what: string, error: unknown): void {
  process.emitWarning(`${what}: ${String(error)}`, "TsvirtWarning");
}
