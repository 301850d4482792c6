/** Starting and stopping networks: what becomes of them on the host, all or nothing. */
import { LibvirtError } from "../../errors.ts";
import type { ProcessId } from "../../host/proc.ts";
import { signalProcess } from "../../host/process.ts";
import { limitTraffic } from "../../host/traffic.ts";
import { ownsBridge } from "../../model/network/complete.ts";
import { firewallRules } from "../../model/network/firewall.ts";
import { type Network, runningNetwork } from "../../model/network/index.ts";
import { NetworkEventLifecycleType } from "../../protocol/index.ts";
import { addRoutes, deleteBridge, deviceIndex, makeBridge } from "./bridge.ts";
import { refuseCollisions } from "./collisions.ts";
import { removeFiles, startDnsmasq } from "./dnsmasq.ts";
import { addRules, removeRules } from "./firewall.ts";
import { enableForwarding } from "./forwarding.ts";
import type { HostNetwork, NetworkHost } from "./host.ts";
import type { Run } from "./status.ts";

const domain = "NETWORK";

/**
 * Starts a network with a definition of it.
 * @throws {LibvirtError} and nothing of it runs
 */
export async function startNetwork(host: NetworkHost, network: HostNetwork, stored: Network): Promise<void> {
  refuseUnavailable(stored);
  const definition = runningNetwork(stored);
  const run = ownsBridge(definition)
    ? await startBridged(host, network, definition)
    : { bridgeIndex: null, dnsmasq: null };
  Object.assign(network, { live: definition, run });
  try {
    await host.noteRun(network);
    await host.noteStatus(network);
  } catch (error) {
    await putAway(host, network, definition);
    throw error;
  }
  host.emit(network, NetworkEventLifecycleType.STARTED);
}

/** What of a network the host cannot be made to do. */
function refuseUnavailable({ name, forward, bridge }: Network): void {
  if (forward?.mode === "hostdev") {
    const detail = `network '${name}': forward mode 'hostdev' is not supported yet`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", domain, detail);
  }
  if (bridge?.macTableManager === "libvirt") {
    const detail = `network '${name}': macTableManager='libvirt' is not supported yet`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", domain, detail);
  }
  if (bridge?.zone !== undefined) {
    const detail = `zone ${bridge.zone} requested for network ${name} but firewalld is not active`;
    throw new LibvirtError("INTERNAL_ERROR", domain, detail);
  }
}

async function startBridged(host: NetworkHost, network: HostNetwork, definition: Network): Promise<Run> {
  const bridge = bridgeOf(definition);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await refuseCollisions(definition);
    await makeBridge(definition, bridge);
    undo.push(() => deleteBridge(bridge));
    await enableForwarding(definition);
    const rules = firewallRules(definition, bridge);
    await addRules(rules);
    undo.push(() => removeRules(rules));
    const dnsmasq = await startDnsmasq(host.layout, definition, network.lastDnsmasq);
    undo.push(() => endDnsmasq(network, dnsmasq));
    await addRoutes(definition, bridge);
    await limitBridge(definition, bridge);
    return { bridgeIndex: await deviceIndex(bridge), dnsmasq };
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(report);
    await removeFiles(host.layout, definition.name, false);
    throw error;
  }
}

/** The name of a bridge that the network has got when it was defined. */
function bridgeOf({ name, bridge }: Network): string {
  if (bridge?.name !== undefined) return bridge.name;
  throw new LibvirtError("INTERNAL_ERROR", domain, `network '${name}' does not have a bridge name.`);
}

async function limitBridge({ bandwidth }: Network, bridge: string): Promise<void> {
  const { inbound, outbound } = bandwidth ?? {};
  const rate = (given: typeof inbound) => {
    const { average, peak, burst } = given ?? {};
    return average === undefined ? undefined : { average, peak, burst };
  };
  const limits = { inbound: rate(inbound), outbound: rate(outbound) };
  if (limits.inbound || limits.outbound) await limitTraffic(bridge, limits, domain);
}

/** Tells a dnsmasq to end; it is waited for by the next one that wants its addresses. */
async function endDnsmasq(network: HostNetwork, dnsmasq: ProcessId | null): Promise<void> {
  if (dnsmasq === null) return;
  network.lastDnsmasq = dnsmasq;
  await signalProcess(dnsmasq, "SIGTERM");
}

/**
 * Stops a network.
 * @throws {LibvirtError} OPERATION_INVALID for one that does not run
 */
export async function stopNetwork(host: NetworkHost, network: HostNetwork): Promise<void> {
  const { live, name } = network;
  if (!live) throw new LibvirtError("OPERATION_INVALID", domain, `network '${name}' is not active`);
  await putAway(host, network, live);
  host.emit(network, NetworkEventLifecycleType.STOPPED);
  if (!network.persistent) await host.forget(network);
}

/** Takes what runs of a network away from the host; a bridge that does not go leaves it running. */
async function putAway(host: NetworkHost, network: HostNetwork, live: Network): Promise<void> {
  if (network.run?.bridgeIndex != null) {
    const bridge = bridgeOf(live);
    // A device that somebody has put in its place is not ours to take away.
    if ((await deviceIndex(bridge)) === network.run.bridgeIndex) await deleteBridge(bridge);
    await endDnsmasq(network, network.run.dnsmasq).catch(report);
    await removeRules(firewallRules(live, bridge)).catch(report);
    await removeFiles(host.layout, live.name, false).catch(report);
  }
  Object.assign(network, { live: null, run: null });
  network.ports.clear();
  await host.statuses.remove(network.name).catch(report);
}

function report(error: unknown): void {
  process.emitWarning(String(error), "TsvirtWarning");
}
