/** Features of the machine and timers. */
import type { Clock } from "../clock.ts";
import type { Domain } from "../domain.ts";
import type { Features, Hyperv } from "../features.ts";
import { malformed, unsupported } from "../refuse.ts";

export function validateFeatures({ features }: Domain): void {
  if (features?.hyperv !== undefined) validateHyperv(features.hyperv);
  validateKvm(features?.kvm);
}

const leastRetries = 4095;
const longestVendorId = 12;

function validateHyperv({ spinlocks, vendor_id: vendor }: Hyperv): void {
  if (spinlocks?.state) {
    if (spinlocks.retries === undefined) malformed("Missing required attribute 'retries' in element 'spinlocks'");
    if (spinlocks.retries < leastRetries) malformed("HyperV spinlock retry count must be at least 4095");
  }
  if (vendor?.state) {
    if (!vendor.value) malformed("missing 'value' attribute for HyperV feature 'vendor_id'");
    if (vendor.value.length > longestVendorId) {
      malformed("HyperV vendor_id value must not be more than 12 characters.");
    }
    if (vendor.value.includes(",")) malformed("HyperV vendor_id value is invalid");
  }
}

function validateKvm(kvm: Features["kvm"]): void {
  const ring = kvm?.dirtyRing;
  if (!ring?.state) return;
  const { size } = ring;
  if (size === 0) malformed("Missing required attribute 'size' in element 'dirty-ring'");
  if (size < 1024 || size > 65536 || (size & (size - 1)) !== 0) {
    malformed("dirty ring must be power of 2 and ranges [1024, 65536]");
  }
}

type Timer = Clock["timers"][number];

/** What each timer lets one set. */
const settable: Readonly<Record<"tickpolicy" | "track" | "frequency" | "mode", ReadonlySet<Timer["name"]>>> = {
  tickpolicy: new Set(["platform", "rtc", "tsc", "hpet", "pit", "armvtimer"]),
  track: new Set(["platform", "rtc"]),
  frequency: new Set(["tsc"]),
  mode: new Set(["tsc"]),
};

export function validateClock({ clock }: Domain): void {
  for (const timer of clock.timers) {
    for (const setting of ["tickpolicy", "track", "frequency", "mode"] as const) {
      if (timer[setting] !== undefined && !settable[setting].has(timer.name)) {
        unsupported(`timer ${timer.name} doesn't support setting of timer ${setting}`);
      }
    }
    if (timer.catchup !== undefined && timer.tickpolicy !== "catchup") {
      malformed("setting of timer catchup policies is only supported with tickpolicy='catchup'");
    }
  }
}
