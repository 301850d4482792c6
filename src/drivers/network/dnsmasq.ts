/** The dnsmasq that serves a network: addresses and names. It goes on when this program ends. */
import { open, rm } from "node:fs/promises";
import { LibvirtError } from "../../errors.ts";
import { writeAtomically } from "../../host/durable.ts";
import { readBounded } from "../../host/files.ts";
import { obstacleTo } from "../../host/permission.ts";
import { isRunning, type ProcessId, processId, processIdentity } from "../../host/proc.ts";
import { signalProcess } from "../../host/process.ts";
import { runProgram } from "../../host/program.ts";
import { type DnsmasqFiles, dnsmasqFiles } from "../../model/network/dnsmasq.ts";
import type { Network } from "../../model/network/index.ts";
import { type DnsmasqFolder, dnsmasqFolder, type Layout } from "./layout.ts";

const domain = "NETWORK";
/** Read by a dnsmasq that has given its rights up. */
const readable = { mode: 0o644, domain } as const;

/** How long a dnsmasq that was told to end may hold its addresses, in ms; then it is killed. */
const patience = 5000;

/** The texts of the files of a network's dnsmasq; undefined when it needs none. */
export function filesFor(layout: Layout, network: Network): DnsmasqFiles | undefined {
  const { hosts, names, pid } = dnsmasqFolder(layout, network.name);
  const bridge = network.bridge?.name ?? "";
  return dnsmasqFiles(network, { bridge, pidFile: pid, hostsFile: hosts, namesFile: names });
}

async function writeFiles(folder: DnsmasqFolder, files: DnsmasqFiles): Promise<void> {
  await Promise.all([
    writeAtomically(folder.configuration, files.configuration, { domain }),
    writeHosts(folder, files),
  ]);
}

/** Writes what dnsmasq reads again without being started anew. */
async function writeHosts(folder: DnsmasqFolder, { hosts, names }: DnsmasqFiles): Promise<void> {
  await Promise.all([
    hosts === undefined ? undefined : writeAtomically(folder.hosts, hosts, readable),
    names === undefined ? undefined : writeAtomically(folder.names, names, readable),
  ]);
}

/**
 * Starts the dnsmasq of a network whose bridge is there; null for one that needs none. It puts itself into the
 * background once it serves, so that whatever it does not like is in the error.
 * @param previous the one before, which was told to end and may not have done so yet
 * @throws {LibvirtError} what dnsmasq says when it does not start
 */
export async function startDnsmasq(
  layout: Layout,
  network: Network,
  previous: ProcessId | null,
): Promise<ProcessId | null> {
  const files = filesFor(layout, network);
  if (files === undefined) return null;
  const folder = dnsmasqFolder(layout, network.name);
  await writeFiles(folder, files);
  await rm(folder.pid, { force: true });
  // Made by us, so that it is ours: dnsmasq opens it before it gives its rights up.
  await (await open(folder.leases, "a", 0o644)).close();
  await runAfter(previous, () =>
    runProgram("dnsmasq", [`--conf-file=${folder.configuration}`, `--dhcp-leasefile=${folder.leases}`], { domain }),
  );
  const pid = Number((await readBounded(folder.pid, 64, domain))?.trim());
  const id = Number.isInteger(pid) && pid > 1 ? await processId(pid) : null;
  if (id) {
    try {
      await refuseUnreadable(folder, files, id);
      return id;
    } catch (error) {
      await signalProcess(id, "SIGTERM");
      throw error;
    }
  }
  throw new LibvirtError("INTERNAL_ERROR", domain, `dnsmasq of network '${network.name}' ended as soon as it began`);
}

/**
 * Runs a start that fails while another process still has the addresses: once more as long as that one has not gone.
 * Each try takes about as long as the other one takes to end.
 */
async function runAfter(previous: ProcessId | null, start: () => Promise<unknown>): Promise<void> {
  const since = performance.now();
  for (;;) {
    // Asked before the try: it may go while that is under way.
    const inTheWay = previous !== null && (await isRunning(previous));
    try {
      await start();
      return;
    } catch (error) {
      if (previous === null || !inTheWay) throw error;
      if (performance.now() - since > patience) await signalProcess(previous, "SIGKILL");
    }
  }
}

/**
 * Tells a dnsmasq of changed hosts.
 * @throws {LibvirtError} OPERATION_FAILED when it may not read them
 */
export async function reloadHosts(layout: Layout, network: Network, id: ProcessId): Promise<void> {
  const files = filesFor(layout, network);
  if (files === undefined) return;
  const folder = dnsmasqFolder(layout, network.name);
  await writeHosts(folder, files);
  await refuseUnreadable(folder, files, id);
  await signalProcess(id, "SIGHUP");
}

/** A dnsmasq has given its rights up when it reads its hosts, and says nothing when it cannot. */
async function refuseUnreadable(folder: DnsmasqFolder, files: DnsmasqFiles, id: ProcessId): Promise<void> {
  const identity = await processIdentity(id);
  for (const path of [files.hosts && folder.hosts, files.names && folder.names]) {
    const obstacle = path && identity ? await obstacleTo(path, identity, { write: false }, domain) : null;
    if (!obstacle) continue;
    const detail =
      `dnsmasq, which runs as user ${identity?.uid}, cannot read '${path}': it has no ${obstacle.missing} permission ` +
      `for '${obstacle.path}'. Give it with chmod, or keep the state elsewhere`;
    throw new LibvirtError("OPERATION_FAILED", domain, detail);
  }
}

/** Removes the files of a network's dnsmasq; `leases` too when nobody is to get the same address again. */
export async function removeFiles(layout: Layout, name: string, leases: boolean): Promise<void> {
  const { leases: leaseFile, ...others } = dnsmasqFolder(layout, name);
  const gone = leases ? [leaseFile, ...Object.values(others)] : Object.values(others);
  await Promise.all(gone.map((path) => rm(path, { force: true })));
}
