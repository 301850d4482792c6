/** Statistics of many of the domains that a driver keeps, at once (virConnectGetAllDomainStats). */
import type { NetCounters } from "../../../host/node/net-stats.ts";
import type { TypedParameter } from "../../../protocol/index.ts";
import { checkFlags } from "../../flags.ts";
import type { Handlers } from "../../handler.ts";
import { mapInTurns } from "../../in-turns.ts";
import { selectByFlags } from "../../list-filter.ts";
import { intParam, stringParam, uintParam, ullongParam } from "../../typed-parameters.ts";
import { vcpusOf } from "../amounts.ts";
import { statsFlags, statsQuestions, wantedStats } from "../stats.ts";
import type { KeptDomain } from "./domain.ts";
import type { DomainHost } from "./host.ts";

/** What one kind of statistic says of a domain. */
export type CollectStats<D extends KeptDomain, Request> = (
  domain: D,
  request: Request,
) => TypedParameter[] | Promise<TypedParameter[]>;

/** The kind "state", whatever runs the domain. */
export const stateStats = ({ status: { state, reason } }: KeptDomain): TypedParameter[] => [
  intParam("state.state", state),
  intParam("state.reason", reason),
];

/** How many processors a domain has: how the kind "vcpu" begins. */
export function vcpuAmounts({ current: definition }: KeptDomain): TypedParameter[] {
  const { current, maximum } = vcpusOf(definition);
  return [uintParam("vcpu.current", current), uintParam("vcpu.maximum", maximum)];
}

const netFields: readonly (readonly [field: string, name: keyof NetCounters])[] = [
  ["rx.bytes", "rxBytes"],
  ["rx.pkts", "rxPackets"],
  ["rx.errs", "rxErrs"],
  ["rx.drop", "rxDrop"],
  ["tx.bytes", "txBytes"],
  ["tx.pkts", "txPackets"],
  ["tx.errs", "txErrs"],
  ["tx.drop", "txDrop"],
];

/** What the kind "interface" says of one network card. */
export function cardStats(index: number, name: string, counters: NetCounters | null | undefined): TypedParameter[] {
  const numbers = counters ? netFields.map(([field, key]) => ullongParam(`net.${index}.${field}`, counters[key])) : [];
  return [stringParam(`net.${index}.name`, name), ...numbers];
}

export interface StatsKinds<D extends KeptDomain, Request> {
  /** The kinds, values of DomainStatsTypes, in libvirt's order. */
  readonly collectors: readonly (readonly [kind: number, collect: CollectStats<D, Request>])[];
  /** Finds out what is the same for all domains; gives what the collectors get for each of them. */
  prepare(
    flags: number,
    wanted: readonly CollectStats<D, Request>[],
  ): ((domain: D) => Request) | Promise<(domain: D) => Request>;
}

const questions = statsQuestions<KeptDomain>(({ active, isPersistent, status }) => ({
  active,
  persistent: isPersistent,
  state: status.state,
}));

export function statsHandlers<D extends KeptDomain, Request>(
  host: DomainHost<D>,
  { collectors, prepare }: StatsKinds<D, Request>,
): Handlers<"connectGetAllDomainStats"> {
  return {
    async connectGetAllDomainStats({ doms, stats, flags }) {
      checkFlags(flags, statsFlags(questions), "connectGetAllDomainStats", host.from);
      const wanted = wantedStats(collectors, stats, flags, host.from);
      await host.look();
      const named = doms.flatMap(({ uuid }) => host.domains.byUuid(uuid) ?? []);
      const chosen = selectByFlags(doms.length === 0 ? host.domains : named, flags, questions);
      const requestFor = await prepare(flags, wanted);
      const retStats = await mapInTurns(chosen, async (domain) => {
        const request = requestFor(domain);
        // A guest that ends meanwhile takes the answer to one question with it and no other.
        const kinds = await Promise.allSettled(wanted.map(async (collect) => collect(domain, request)));
        const params = kinds.flatMap((kind) => (kind.status === "fulfilled" ? kind.value : []));
        return { dom: domain.ref, params };
      });
      return { retStats };
    },
  };
}
