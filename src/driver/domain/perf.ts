/** Performance counters of a guest (virDomainSetPerfEvents). */
import { type Domain as Definition, perfEvents } from "../../model/domain/index.ts";
import { type TypedParameter, typesOf } from "../../protocol/index.ts";
import { boolParam } from "../typed-parameters.ts";

/** What virDomainSetPerfEvents takes. */
export const perfTypes = typesOf(perfEvents);

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
