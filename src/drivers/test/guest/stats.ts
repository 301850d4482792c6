/** Statistics of domains. They are made from the clock, so that they grow. */
import { statsFlags, statsQuestions, wantedStats } from "../../../driver/domain/stats.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { selectByFlags } from "../../../driver/list-filter.ts";
import { intParam, uintParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Disk } from "../../../model/domain/disk.ts";
import type { Interface } from "../../../model/domain/interface.ts";
import { type Domain as DomainRef, DomainStatsTypes, type TypedParameter } from "../../../protocol/index.ts";
import { microseconds } from "../clock.ts";
import type { Definition } from "../domain/definition.ts";
import {
  currentDefinition,
  domainRef,
  findActiveDomain,
  findDomain,
  isActive,
  type TestDomain,
} from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { pollSettings } from "../tuning/iothreads.ts";

type StatsProcedures =
  | "domainBlockStats"
  | "domainGetBlockInfo"
  | "domainGetDiskErrors"
  | "domainInterfaceStats"
  | "connectGetAllDomainStats";

/** The disk with the target name, or with the source path. */
export function findDisk({ devices }: Definition, path: string): Disk | undefined {
  return devices.disks.find(({ target, storage }) => target.dev === path || sourceOf(storage) === path);
}

function sourceOf(storage: Disk["storage"]): string | undefined {
  if (storage.type === "file") return storage.source?.file;
  return storage.type === "block" ? storage.source?.dev : undefined;
}

/** The interface with the host's device name, or with the MAC address. */
export function findInterface({ devices }: Definition, device: string): Interface {
  const nic = devices.interfaces.find(
    ({ target, mac }) => target?.dev === device || mac?.address.toLowerCase() === device.toLowerCase(),
  );
  if (nic) return nic;
  throw new LibvirtError("INVALID_ARG", "DOMAIN", `'${device}' is not a known interface`);
}

function blockStats(definition: Definition, path: string) {
  if (path === "") {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "TEST", "summary statistics are not supported yet");
  }
  if (!findDisk(definition, path)) throw new LibvirtError("INVALID_ARG", "TEST", `invalid path: ${path}`);
  const now = microseconds();
  return { rdReq: now / 10n, rdBytes: now / 20n, wrReq: now / 30n, wrBytes: now / 40n, errs: now / 2_000_000n };
}

function interfaceStats() {
  const now = microseconds();
  const second = now / 1_000_000n;
  return {
    rxBytes: now / 10n,
    rxPackets: now / 100n,
    rxErrs: second,
    rxDrop: second / 2n,
    txBytes: now / 20n,
    txPackets: now / 110n,
    txErrs: second / 3n,
    txDrop: second / 4n,
  };
}

/** Bytes that every disk has, and those of them that it uses. */
const diskAllocation = 1024n ** 4n;
const diskCapacity = diskAllocation - 5_177_344n;

function blockInfo(definition: Definition, path: string) {
  if (!findDisk(definition, path)) {
    throw new LibvirtError("INVALID_ARG", "TEST", `invalid path ${path} not assigned to domain`);
  }
  return { allocation: diskAllocation, capacity: diskCapacity, physical: diskAllocation };
}

/** What each kind of statistic says of a domain. */
const collectors: readonly (readonly [kind: number, collect: (domain: TestDomain) => TypedParameter[]])[] = [
  [DomainStatsTypes.STATE, ({ state, reason }) => [intParam("state.state", state), intParam("state.reason", reason)]],
  [DomainStatsTypes.IOTHREAD, iothreadStats],
];

function iothreadStats(domain: TestDomain): TypedParameter[] {
  const threads = domain.live?.iothreadids?.iothreads ?? [];
  if (threads.length === 0) return [];
  const each = threads.flatMap(({ id }) => {
    const { maxNs, grow, shrink } = pollSettings(domain, id);
    return [
      ullongParam(`iothread.${id}.poll-max-ns`, maxNs),
      uintParam(`iothread.${id}.poll-grow`, grow),
      uintParam(`iothread.${id}.poll-shrink`, shrink),
    ];
  });
  return [uintParam("iothread.count", threads.length), ...each];
}

const questions = statsQuestions<TestDomain>((domain) => ({
  active: isActive(domain),
  persistent: domain.persistent,
  state: domain.state,
}));

export function domainStatsHandlers(node: TestNode): Handlers<StatsProcedures> {
  return {
    domainBlockStats: ({ dom, path }) => blockStats(findActiveDomain(node, dom).live, path),
    domainGetBlockInfo({ dom, path, flags }) {
      checkFlags(flags, 0, "domainGetBlockInfo", "TEST");
      return blockInfo(currentDefinition(findDomain(node, dom)), path);
    },
    domainGetDiskErrors({ dom, maxerrors, flags }) {
      checkFlags(flags, 0, "domainGetDiskErrors", "TEST");
      const { disks } = findActiveDomain(node, dom).live.devices;
      if (maxerrors === 0) return { errors: [], nerrors: disks.length };
      // Errors of both kinds there are, in turn: unspecified, no space.
      const errors = disks
        .slice(0, maxerrors)
        .map(({ target }, index) => ({ disk: target.dev, error: (index % 2) + 1 }));
      return { errors, nerrors: errors.length };
    },
    domainInterfaceStats({ dom, device }) {
      findInterface(findActiveDomain(node, dom).live, device);
      return interfaceStats();
    },
    connectGetAllDomainStats({ doms, stats, flags }) {
      checkFlags(flags, statsFlags(questions), "connectGetAllDomainStats", "TEST");
      const kinds = wantedStats(collectors, stats, flags, "TEST");
      const among =
        doms.length === 0 ? node.domains : doms.flatMap((dom: DomainRef) => node.domains.byUuid(dom.uuid) ?? []);
      const retStats = selectByFlags(among, flags, questions).map((domain) => ({
        dom: domainRef(domain),
        params: kinds.flatMap((collect) => collect(domain)),
      }));
      return { retStats };
    },
  };
}
