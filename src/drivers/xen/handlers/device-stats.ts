/** What passes through guests' disks and interfaces, as the host's back ends count it. */
import { readFile } from "node:fs/promises";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { findDisk, findInterfaces } from "../../../model/domain/index.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

const invalidArg = (detail: string): LibvirtError => new LibvirtError("INVALID_ARG", "XEN", detail);

/** A counter of sysfs; null when there is none. */
async function counter(path: string): Promise<bigint | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  return /^\d{1,19}\s*$/.test(text) ? BigInt(text.trim()) : null;
}

/** Sectors are of 512 bytes, whatever the disk's own. */
const sector = 512n;

async function blockStats(host: XenHost, { id, definition }: LiveDomain, path: string) {
  const disk = findDisk(definition, path);
  if (!disk) throw invalidArg(`invalid path: ${path}`);
  const number = await deviceNumber(host, id, disk.target.dev);
  const folder = `/sys/bus/xen-backend/devices/vbd-${id}-${number}/statistics`;
  const [rdReq, wrReq, read, written] = await Promise.all(
    ["rd_req", "wr_req", "rd_sect", "wr_sect"].map((name) => counter(`${folder}/${name}`)),
  );
  if (rdReq == null || wrReq == null || read == null || written == null) {
    const detail = `disk '${disk.target.dev}' is not served by the host's kernel, which alone counts`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }
  return { rdReq, rdBytes: read * sector, wrReq, wrBytes: written * sector, errs: -1n };
}

/** The number of a disk, by which the back end goes: the store knows it by the disk's name. */
async function deviceNumber({ roads }: XenHost, id: number, dev: string): Promise<string> {
  const base = `/local/domain/${id}/device/vbd`;
  for (const number of await roads.store.list(base)) {
    const backend = await roads.store.read(`${base}/${number}/backend`);
    if (backend !== null && (await roads.store.read(`${backend}/dev`)) === dev) return number;
  }
  throw invalidArg(`disk '${dev}' is not plugged into the guest`);
}

async function interfaceStats({ id, definition }: LiveDomain, device: string) {
  const own = new RegExp(`^vif${id}\\.(\\d+)$`).exec(device)?.[1];
  const named = findInterfaces(definition, device)[0];
  const index =
    own === undefined
      ? definition.devices.interfaces.findIndex(({ mac }) => mac?.address === named?.mac?.address)
      : Number(own);
  const name = named?.target?.dev ?? `vif${id}.${index}`;
  const folder = `/sys/class/net/${name}/statistics`;
  const names = [
    "rx_bytes",
    "rx_packets",
    "rx_errors",
    "rx_dropped",
    "tx_bytes",
    "tx_packets",
    "tx_errors",
    "tx_dropped",
  ];
  const values = index < 0 ? [null] : await Promise.all(names.map((one) => counter(`${folder}/${one}`)));
  if (values.some((value) => value === null)) throw invalidArg(`invalid path, '${device}' is not a known interface`);
  const [rxBytes, rxPackets, rxErrs, rxDrop, txBytes, txPackets, txErrs, txDrop] = values.map((value) => value ?? 0n);
  // What the host's end sends, the guest receives.
  return {
    ...{ rxBytes: txBytes ?? 0n, rxPackets: txPackets ?? 0n, rxErrs: txErrs ?? 0n, rxDrop: txDrop ?? 0n },
    ...{ txBytes: rxBytes ?? 0n, txPackets: rxPackets ?? 0n, txErrs: rxErrs ?? 0n, txDrop: rxDrop ?? 0n },
  };
}

export function deviceStatsHandlers(host: XenHost): Handlers<"domainBlockStats" | "domainInterfaceStats"> {
  return {
    async domainBlockStats({ dom, path }) {
      await host.look();
      return blockStats(host, host.finder.find(dom).running(), path);
    },
    async domainInterfaceStats({ dom, device }) {
      await host.look();
      return interfaceStats(host.finder.find(dom).running(), device);
    },
  };
}
