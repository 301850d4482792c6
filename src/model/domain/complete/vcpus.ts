/** Virtual CPUs one by one, and who of them is there at start. */
import type { ParsedDomain } from "../domain.ts";
import { broken, malformed, unsupported } from "../refuse.ts";
import { set } from "./update.ts";

/** Most vCPUs a definition may ask for, so that what is listed by vCPU stays within bounds. */
const maxVcpus = 16384;

export function completeVcpus(domain: ParsedDomain): void {
  const { vcpu } = domain;
  if (vcpu.value === 0) broken("<vcpu> must be at least 1");
  if (vcpu.value > maxVcpus) unsupported(`${vcpu.value} vCPUs are more than the ${maxVcpus} that are supported`);
  if ((vcpu.current ?? 0) > vcpu.value) {
    unsupported("maximum vCPU count must not be less than current vCPU count");
  }
  completeList(domain);
  if (vcpu.current === vcpu.value) delete vcpu.current;
  if (vcpu.placement === "auto") delete vcpu.cpuset;
}

/** The list says of every vCPU whether it is there; one it does not name can be plugged in later. */
function completeList(domain: ParsedDomain): void {
  const { vcpu } = domain;
  const listed = domain.vcpus?.vcpus ?? [];
  if (listed.length === 0) {
    set(domain, "vcpus", undefined);
    return;
  }
  const byId = new Map(listed.map((one) => [one.id, one]));
  for (const { id } of listed) {
    if (id >= vcpu.value) malformed(`vcpu id '${id}' is out of range of maximum vcpu count`);
  }
  const all = Array.from({ length: vcpu.value }, (_, id) => byId.get(id) ?? { id, enabled: false });
  for (const one of all) {
    one.hotpluggable ??= !one.enabled;
    if (!one.enabled && !one.hotpluggable) unsupported(`vcpu '${one.id}' is both offline and not hotpluggable`);
    if (!one.order) delete one.order;
  }
  domain.vcpus = { vcpus: all };
  vcpu.current = all.filter(({ enabled }) => enabled).length;
}
