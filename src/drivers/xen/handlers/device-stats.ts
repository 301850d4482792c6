/** What passes through guests' disks and interfaces, as the host's back ends count it. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { countedParams, llongParam, typedParamStrings } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { findDisk, findInterfaces } from "../../../model/domain/index.ts";
import { DomainBlockStats } from "../../../protocol/index.ts";
import { type BlockCounters, blockCounters, interfaceCounters } from "../back-end.ts";
import { cardName } from "../domain/card-name.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

type DeviceStatsProcedures = "domainBlockStats" | "domainBlockStatsFlags" | "domainInterfaceStats";

/** libvirt's names of the counters, in its order. */
const blockFields: readonly (readonly [field: string, key: keyof BlockCounters])[] = [
  [DomainBlockStats.WRITE_BYTES, "wrBytes"],
  [DomainBlockStats.WRITE_REQ, "wrReq"],
  [DomainBlockStats.READ_BYTES, "rdBytes"],
  [DomainBlockStats.READ_REQ, "rdReq"],
  [DomainBlockStats.FLUSH_REQ, "flushReq"],
];

const invalidArg = (detail: string): LibvirtError => new LibvirtError("INVALID_ARG", "XEN", detail);

/** What passes through the disk with a path or a target name. */
async function blockStats(host: XenHost, { id, definition }: LiveDomain, path: string): Promise<BlockCounters> {
  const disk = findDisk(definition, path);
  if (!disk) throw new LibvirtError("OPERATION_INVALID", "XEN", `invalid path: ${path}`);
  const counters = await diskCounters(host, id, disk.target.dev);
  if (!counters) {
    const detail = `disk '${disk.target.dev}' is not served by the host's kernel, which alone counts`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }
  return counters;
}

/** What passes through a disk; null where the host's kernel does not serve it. */
export async function diskCounters(host: XenHost, id: number, dev: string): Promise<BlockCounters | null> {
  return blockCounters(hostTree("/sys"), id, await deviceNumber(host, id, dev));
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
  const card = definition.devices.interfaces[index];
  const counters = card ? await interfaceCounters(hostTree("/sys"), cardName(id, card, index)) : null;
  if (!counters) throw invalidArg(`invalid path, '${device}' is not a known interface`);
  return counters;
}

export function deviceStatsHandlers(host: XenHost): Handlers<DeviceStatsProcedures> {
  return {
    async domainBlockStats({ dom, path }) {
      const live = (await host.finder.seek(dom)).running();
      const { rdReq, rdBytes, wrReq, wrBytes } = await blockStats(host, live, path);
      // Nobody counts errors.
      return { rdReq, rdBytes, wrReq, wrBytes, errs: -1n };
    },
    async domainBlockStatsFlags({ dom, path, nparams, flags }) {
      checkFlags(flags, typedParamStrings, "domainBlockStatsFlags", "XEN");
      const live = (await host.finder.seek(dom)).running();
      if (nparams === 0) return { params: [], nparams: blockFields.length };
      const counters = await blockStats(host, live, path);
      const params = blockFields.map(([field, key]) => llongParam(field, counters[key]));
      return countedParams(params, nparams);
    },
    async domainInterfaceStats({ dom, device }) {
      return interfaceStats((await host.finder.seek(dom)).running(), device);
    },
  };
}
