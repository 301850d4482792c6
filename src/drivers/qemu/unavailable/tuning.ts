/** Shares of the host that are given through control groups, of which guests have none of their own. */
import type { Cputune, Domain } from "../../../model/domain/index.ts";
import { refuse } from "../definition/refuse.ts";
import type { Means } from "./means.ts";
import { refuseWishes } from "./refuse.ts";

const timeKeys = [
  "shares",
  "period",
  "quota",
  "global_period",
  "global_quota",
  "emulator_period",
  "emulator_quota",
  "iothread_period",
  "iothread_quota",
] as const satisfies readonly (keyof Cputune)[];

export function refuseUnavailableTuning(domain: Domain, { isRoot }: Means): void {
  const { cputune, memtune, blkiotune, numatune } = domain;
  const where = isRoot ? "on this host" : "in session mode";
  refuseWishes([
    [timeKeys.find((key) => cputune?.[key]), `CPU tuning is not available ${where}`],
    [cputune?.cachetunes, `cache tuning is not available ${where}`],
    [cputune?.memorytunes, `memory bandwidth tuning is not available ${where}`],
    [Object.values(memtune ?? {}).some((limit) => limit !== undefined), `Memory tuning is not available ${where}`],
    [blkiotune?.weight || undefined, `Block I/O tuning is not available ${where}`],
    [blkiotune?.devices, `Block I/O tuning is not available ${where}`],
    [
      [numatune?.memory, ...(numatune?.memnodes ?? [])].find((node) => node?.mode === "restrictive"),
      `NUMA mode 'restrictive' is not available ${where}: guests are in no control group`,
    ],
  ]);
  refuseAdvice(domain);
  refuseCounters(domain);
}

/** Where `auto` is said, a program looks for the nodes that have most room. */
function refuseAdvice({ vcpu, numatune }: Domain): void {
  if (vcpu.placement === "auto" || numatune?.memory?.placement === "auto") {
    refuse("OPERATION_FAILED", "Failed to query numad for the advisory nodeset");
  }
}

/** Counters are opened by the kernel's perf_event_open, which no program stands in for. */
function refuseCounters({ perf }: Domain): void {
  const event = perf?.events.find(({ enabled }) => enabled);
  if (event) refuse("ARGUMENT_UNSUPPORTED", `unable to enable host cpu perf event for ${event.name}`);
}
