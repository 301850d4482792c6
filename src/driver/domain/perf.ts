/** Performance counters of a guest (virDomainSetPerfEvents). */
import type { Domain as Definition } from "../../model/domain/index.ts";
import { type TypedParameter, TypedParameterType } from "../../protocol/index.ts";
import { boolParam } from "../typed-parameters.ts";

type PerfEvent = NonNullable<Definition["perf"]>["events"][number];
/** Every performance counter that a domain may have on. */
const perfEvents: readonly PerfEvent["name"][] = [
  "cmt",
  "mbmt",
  "mbml",
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
];
export const perfTypes = Object.fromEntries(perfEvents.map((name) => [name, TypedParameterType.BOOLEAN]));

/** The definition with some counters on or off. */
export function withPerf(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const before = new Map(definition.perf?.events.map(({ name, enabled }) => [name, enabled]));
  const events = perfEvents.flatMap((name) => {
    const enabled = given.get(name) ?? before.get(name);
    return typeof enabled === "boolean" ? [{ name, enabled }] : [];
  });
  return { ...definition, perf: { events } };
}

/** Which counters are on, as parameters. */
export function perfParams({ perf }: Definition): TypedParameter[] {
  const enabled = new Set(perf?.events.filter((event) => event.enabled).map(({ name }) => name));
  return perfEvents.map((name) => boolParam(name, enabled.has(name)));
}
