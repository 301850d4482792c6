/** How much of the host's processors a guest gets, in its definition (virDomainSetSchedulerParameters). */
import { withCputune } from "../../../../driver/domain/cputune.ts";
import { llongParam, ullongParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Cputune, Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainScheduler, type TypedParameter, typesOf } from "../../../../protocol/index.ts";

/** What a guest weighs that nobody has given a weight. */
const standardShares = 1024n;

/** Periods and quotas in µs, with their keys in the model. */
const times = [
  [DomainScheduler.VCPU_PERIOD, "period"],
  [DomainScheduler.VCPU_QUOTA, "quota"],
  [DomainScheduler.EMULATOR_PERIOD, "emulator_period"],
  [DomainScheduler.EMULATOR_QUOTA, "emulator_quota"],
  [DomainScheduler.GLOBAL_PERIOD, "global_period"],
  [DomainScheduler.GLOBAL_QUOTA, "global_quota"],
  [DomainScheduler.IOTHREAD_PERIOD, "iothread_period"],
  [DomainScheduler.IOTHREAD_QUOTA, "iothread_quota"],
] as const satisfies readonly (readonly [string, keyof Cputune])[];

const isPeriod = (key: string): boolean => key.endsWith("period");

export const schedulerTypes = typesOf([DomainScheduler.CPU_SHARES, ...times.map(([field]) => field)]);

export function schedulerParams({ cputune }: Definition): TypedParameter[] {
  const shares = ullongParam(DomainScheduler.CPU_SHARES, cputune?.shares ?? standardShares);
  const others = times.map(([field, key]) => (isPeriod(key) ? ullongParam : llongParam)(field, cputune?.[key] ?? 0n));
  return [shares, ...others];
}

/** The kernel's limits, in µs. */
const periods = [1_000n, 1_000_000n] as const;
const minQuota = 1_000n;

function checkTime(field: string, key: string, value: bigint): void {
  if (value === 0n) return;
  const fine = isPeriod(key) ? value >= periods[0] && value <= periods[1] : value < 0n || value >= minQuota;
  if (fine) return;
  const range = isPeriod(key) ? `range ${periods[0]}, ${periods[1]}` : `range of at least ${minQuota}`;
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `Value of cputune '${field}' must be in ${range}`);
}

export function withScheduler(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const change: { -readonly [K in keyof Cputune]?: Cputune[K] } = {};
  const shares = given.get(DomainScheduler.CPU_SHARES);
  if (typeof shares === "bigint") change.shares = shares;
  for (const [field, key] of times) {
    const value = given.get(field);
    if (typeof value !== "bigint") continue;
    checkTime(field, key, value);
    change[key] = value;
  }
  return withCputune(definition, change);
}
