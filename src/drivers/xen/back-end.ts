/** What passes through guests' disks and interfaces, as the host's back ends count it in /sys. */
import type { FileTree } from "../../host/node/file-tree.ts";
import { type NetCounters, seenFromOtherEnd } from "../../host/node/net-stats.ts";

export interface BlockCounters {
  readonly rdReq: bigint;
  readonly rdBytes: bigint;
  readonly wrReq: bigint;
  readonly wrBytes: bigint;
  readonly flushReq: bigint;
}

/** Sectors are of 512 bytes, whatever the disk's own. */
const sector = 512n;

/** A counter of sysfs; null when there is none. */
async function counter(sys: FileTree, path: string): Promise<bigint | null> {
  const text = await sys.read(path);
  return text !== null && /^\d{1,20}$/.test(text) ? BigInt(text) : null;
}

/** The counters of a folder by their names; null unless all of them are there. */
async function counters(sys: FileTree, folder: string, names: readonly string[]): Promise<bigint[] | null> {
  const values = await Promise.all(names.map((name) => counter(sys, `${folder}/${name}`)));
  return values.every((value) => value !== null) ? values : null;
}

/**
 * A disk's counters; null unless the host's kernel (blkback) serves it, which alone counts.
 * @param sys /sys
 * @param id the domain's
 * @param device the disk's number in the store
 */
export async function blockCounters(sys: FileTree, id: number, device: string): Promise<BlockCounters | null> {
  const folder = `bus/xen-backend/devices/vbd-${id}-${device}/statistics`;
  const values = await counters(sys, folder, ["rd_req", "rd_sect", "wr_req", "wr_sect", "f_req"]);
  if (!values) return null;
  const [rdReq = 0n, read = 0n, wrReq = 0n, written = 0n, flushReq = 0n] = values;
  return { rdReq, rdBytes: read * sector, wrReq, wrBytes: written * sector, flushReq };
}

/**
 * What a guest has received and sent through an interface; null when the host has no such device.
 * @param sys /sys
 * @param device the host's end of it, `vif3.0`
 */
export async function interfaceCounters(sys: FileTree, device: string): Promise<NetCounters | null> {
  // It may be a name from a definition: what is no name of a device would be a way to other folders.
  if (device.includes("/")) return null;
  const names = ["bytes", "packets", "errors", "dropped"];
  const values = await counters(sys, `class/net/${device}/statistics`, [
    ...names.map((name) => `rx_${name}`),
    ...names.map((name) => `tx_${name}`),
  ]);
  if (!values) return null;
  const [
    rxBytes = 0n,
    rxPackets = 0n,
    rxErrs = 0n,
    rxDrop = 0n,
    txBytes = 0n,
    txPackets = 0n,
    txErrs = 0n,
    txDrop = 0n,
  ] = values;
  return seenFromOtherEnd({ rxBytes, rxPackets, rxErrs, rxDrop, txBytes, txPackets, txErrs, txDrop });
}
