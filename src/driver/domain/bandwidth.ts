/** Rates of single interfaces (virDomainSetInterfaceParameters). */
import type { Interface } from "../../model/domain/index.ts";
import { DomainBandwidth, type TypedParameter, typesOf } from "../../protocol/index.ts";
import { uintParam } from "../typed-parameters.ts";

const bandwidthFields = [
  [DomainBandwidth.IN_AVERAGE, "inbound", "average"],
  [DomainBandwidth.IN_PEAK, "inbound", "peak"],
  [DomainBandwidth.IN_BURST, "inbound", "burst"],
  [DomainBandwidth.IN_FLOOR, "inbound", "floor"],
  [DomainBandwidth.OUT_AVERAGE, "outbound", "average"],
  [DomainBandwidth.OUT_PEAK, "outbound", "peak"],
  [DomainBandwidth.OUT_BURST, "outbound", "burst"],
] as const;
export const bandwidthTypes = typesOf(bandwidthFields.map(([field]) => field));

type Rates = Readonly<Record<string, number | undefined>>;

/** The rates as parameters. */
export function bandwidthParams({ bandwidth }: Interface): TypedParameter[] {
  return bandwidthFields.map(([field, way, key]) => uintParam(field, ((bandwidth?.[way] ?? {}) as Rates)[key] ?? 0));
}

/** The interface with what was given of the rates. */
export function withBandwidth(nic: Interface, given: ReadonlyMap<string, unknown>): Interface {
  const rates = { inbound: { ...nic.bandwidth?.inbound }, outbound: { ...nic.bandwidth?.outbound } };
  for (const [field, way, key] of bandwidthFields) {
    const value = given.get(field);
    if (typeof value === "number") Object.assign(rates[way], { [key]: value });
  }
  // Without an average (or a guaranteed rate) a direction is not limited.
  const { inbound, outbound } = rates;
  const limited = {
    ...((inbound.average || inbound.floor) && { inbound: withoutZeros(inbound) }),
    ...(outbound.average && { outbound: withoutZeros(outbound) }),
  };
  const { bandwidth: _, ...bare } = nic;
  return Object.keys(limited).length === 0 ? bare : { ...bare, bandwidth: limited };
}

function withoutZeros<T extends object>(rates: T): T {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate)) as T;
}
