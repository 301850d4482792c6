/** How a guest that knows Hyper-V finds its hypervisor. */
import type { Domain, Hyperv } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";

export function hypervProps({ features, devices }: Domain): JsonObject {
  const { hyperv } = features ?? {};
  return {
    "hv-passthrough": hyperv?.mode === "passthrough" ? true : undefined,
    ...(hyperv === undefined ? {} : enlightenments(hyperv)),
    "hv-crash": devices.panics.some(({ model }) => model === "hyperv") ? true : undefined,
  };
}

/** Those that are only switched on or not. */
const plain = [
  ...["relaxed", "vapic"],
  ...["vpindex", "runtime", "synic", "stimer", "reset"],
  ...["frequencies", "reenlightenment", "tlbflush", "ipi", "evmcs", "avic"],
] as readonly (keyof Hyperv)[];

function enlightenments(hyperv: Hyperv): JsonObject {
  const props: Record<string, boolean | string> = {};
  for (const name of plain) if (isOn(hyperv[name])) props[`hv-${name}`] = true;
  const { spinlocks, stimer, vendor_id: vendor } = hyperv;
  if (isOn(spinlocks)) props["hv-spinlocks"] = `0x${(spinlocks?.retries ?? 0).toString(16)}`;
  if (isOn(stimer) && isOn(stimer?.direct)) props["hv-stimer-direct"] = true;
  if (isOn(vendor)) props["hv-vendor-id"] = vendor?.value ?? "";
  return props;
}

const isOn = (feature: unknown): boolean =>
  typeof feature === "object" && feature !== null && "state" in feature && feature.state === true;
