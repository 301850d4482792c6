/** What passes through guests' disks and interfaces, as the host's back ends count it. */
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { findDisk, findInterfaces } from "../../../model/domain/index.ts";
import { blockCounters, interfaceCounters } from "../back-end.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

const invalidArg = (detail: string): LibvirtError => new LibvirtError("INVALID_ARG", "XEN", detail);

async function blockStats(host: XenHost, { id, definition }: LiveDomain, path: string) {
  const disk = findDisk(definition, path);
  if (!disk) throw invalidArg(`invalid path: ${path}`);
  const number = await deviceNumber(host, id, disk.target.dev);
  const counters = await blockCounters(hostTree("/sys"), id, number);
  if (!counters) {
    const detail = `disk '${disk.target.dev}' is not served by the host's kernel, which alone counts`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }
  return { ...counters, errs: -1n };
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
  const counters = index < 0 ? null : await interfaceCounters(hostTree("/sys"), name);
  if (!counters) throw invalidArg(`invalid path, '${device}' is not a known interface`);
  return counters;
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
