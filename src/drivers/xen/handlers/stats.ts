/** Statistics of many domains at once (virConnectGetAllDomainStats). */
import { memoryOf } from "../../../driver/domain/amounts.ts";
import {
  type CollectStats,
  cardStats,
  statsHandlers as handlersFor,
  stateStats,
  vcpuAmounts,
} from "../../../driver/domain/kept/stats.ts";
import { intParam, stringParam, uintParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { imageOf } from "../../../model/domain/index.ts";
import { DomainStatsTypes } from "../../../protocol/index.ts";
import { interfaceCounters } from "../back-end.ts";
import { cardName } from "../domain/card-name.ts";
import type { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { diskCounters } from "./device-stats.ts";
import { vcpuStateOf } from "./vcpus.ts";

type Collect = CollectStats<XenDomain, XenHost>;

const cpuStats: Collect = async ({ live }, { roads }) => {
  const usage = live && (await roads.usage(live.id));
  return usage ? [ullongParam("cpu.time", usage.cpuTime)] : [];
};

const balloonStats: Collect = async ({ live, current }, { roads }) => {
  const { maximum, current: wanted } = memoryOf(current);
  const usage = live && (await roads.usage(live.id));
  return [ullongParam("balloon.current", usage?.memory ?? wanted), ullongParam("balloon.maximum", maximum)];
};

const vcpuStats: Collect = async (domain, { roads }) => {
  const { live } = domain;
  const each = live ? await roads.vcpus(live.id) : [];
  return [
    ...vcpuAmounts(domain),
    ...each.flatMap((vcpu, number) =>
      vcpu.isOnline
        ? [intParam(`vcpu.${number}.state`, vcpuStateOf(vcpu)), ullongParam(`vcpu.${number}.time`, vcpu.cpuTime)]
        : [],
    ),
  ];
};

const interfaceStats: Collect = async ({ live }) => {
  if (!live) return [];
  const { interfaces } = live.definition.devices;
  const each = interfaces.map(async (card, index) => {
    const name = cardName(live.id, card, index);
    return cardStats(index, name, await interfaceCounters(hostTree("/sys"), name));
  });
  return [uintParam("net.count", interfaces.length), ...(await Promise.all(each)).flat()];
};

const blockStats: Collect = async ({ live, current }, host) => {
  const { disks } = current.devices;
  const each = disks.map(async (disk, index) => {
    const prefix = `block.${index}`;
    const path = imageOf(disk.storage);
    const counters = live && (await diskCounters(host, live.id, disk.target.dev).catch(() => null));
    return [
      stringParam(`${prefix}.name`, disk.target.dev),
      ...(path === undefined ? [] : [stringParam(`${prefix}.path`, path)]),
      ...(counters
        ? [
            ullongParam(`${prefix}.rd.reqs`, counters.rdReq),
            ullongParam(`${prefix}.rd.bytes`, counters.rdBytes),
            ullongParam(`${prefix}.wr.reqs`, counters.wrReq),
            ullongParam(`${prefix}.wr.bytes`, counters.wrBytes),
          ]
        : []),
    ];
  });
  return [uintParam("block.count", disks.length), ...(await Promise.all(each)).flat()];
};

/** What each kind of statistic says, in libvirt's order. */
const collectors: readonly (readonly [kind: number, collect: Collect])[] = [
  [DomainStatsTypes.STATE, stateStats],
  [DomainStatsTypes.CPU_TOTAL, cpuStats],
  [DomainStatsTypes.BALLOON, balloonStats],
  [DomainStatsTypes.VCPU, vcpuStats],
  [DomainStatsTypes.INTERFACE, interfaceStats],
  [DomainStatsTypes.BLOCK, blockStats],
];

export function statsHandlers(host: XenHost) {
  return handlersFor<XenDomain, XenHost>(host, { collectors, prepare: () => () => host });
}
