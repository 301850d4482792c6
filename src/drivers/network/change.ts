/** Changing a running network: its dnsmasq and its firewall follow its definition. */

import { signalProcess } from "../../host/process.ts";
import { type FirewallRule, firewallRules } from "../../model/network/firewall.ts";
import type { Network } from "../../model/network/index.ts";
import { filesFor, reloadHosts, startDnsmasq } from "./dnsmasq.ts";
import { addRules, removeRules } from "./firewall.ts";
import type { HostNetwork, NetworkHost } from "./host.ts";

/**
 * Makes a running network what its changed definition says.
 * @throws {LibvirtError} and it runs as before
 */
export async function applyLive(host: NetworkHost, network: HostNetwork, changed: Network): Promise<void> {
  const { live, run } = network;
  if (!live || !run || live === changed) return;
  if (run.bridgeIndex !== null) {
    await changeFirewall(live, changed);
    await changeDnsmasq(host, network, live, changed);
  }
  network.live = changed;
  await host.noteStatus(network);
}

const textOf = (rules: readonly FirewallRule[]): string => JSON.stringify(rules);

async function changeFirewall(live: Network, changed: Network): Promise<void> {
  const bridge = live.bridge?.name ?? "";
  const [before, after] = [firewallRules(live, bridge), firewallRules(changed, bridge)];
  if (textOf(before) === textOf(after)) return;
  await removeRules(before);
  try {
    await addRules(after);
  } catch (error) {
    await addRules(before);
    throw error;
  }
}

/** Hosts are read again; for all else, another dnsmasq takes the place of this one. */
async function changeDnsmasq(host: NetworkHost, network: HostNetwork, live: Network, changed: Network): Promise<void> {
  const [before, after] = [filesFor(host.layout, live), filesFor(host.layout, changed)];
  const dnsmasq = network.run?.dnsmasq ?? null;
  if (dnsmasq !== null && before?.configuration === after?.configuration) {
    if (before?.hosts === after?.hosts && before?.names === after?.names) return;
    try {
      return await reloadHosts(host.layout, changed, dnsmasq);
    } catch (error) {
      await reloadHosts(host.layout, live, dnsmasq);
      throw error;
    }
  }
  if (dnsmasq !== null) await signalProcess(dnsmasq, "SIGTERM");
  const bridgeIndex = network.run?.bridgeIndex ?? null;
  try {
    network.run = { bridgeIndex, dnsmasq: await startDnsmasq(host.layout, changed, dnsmasq) };
  } catch (error) {
    network.run = { bridgeIndex, dnsmasq: await startDnsmasq(host.layout, live, dnsmasq) };
    throw error;
  }
}
