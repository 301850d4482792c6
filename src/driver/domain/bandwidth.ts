/** Rates of interfaces and of ports of networks, as parameters: they have the same names. */
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
type Bandwidth = NonNullable<Interface["bandwidth"]>;

/** The rates as parameters. */
export function bandwidthParams(bandwidth: Bandwidth | undefined): TypedParameter[] {
  return bandwidthFields.map(([field, way, key]) => uintParam(field, ((bandwidth?.[way] ?? {}) as Rates)[key] ?? 0));
}

/** The rates with what was given of them. */
export function ratesWith(bandwidth: Bandwidth | undefined, given: ReadonlyMap<string, unknown>) {
  const rates = { inbound: { ...bandwidth?.inbound }, outbound: { ...bandwidth?.outbound } };
  for (const [field, way, key] of bandwidthFields) {
    const value = given.get(field);
    if (typeof value === "number") Object.assign(rates[way], { [key]: value });
  }
  return rates;
}

/** The interface with what was given of the rates. */
export function withBandwidth(nic: Interface, given: ReadonlyMap<string, unknown>): Interface {
  // Without an average (or a guaranteed rate) a direction is not limited.
  const { inbound, outbound } = ratesWith(nic.bandwidth, given);
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
