/** Measuring how fast a guest changes its memory. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { DomainDirtyRateCalcFlags } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { calcDirtyRate } from "../../monitor/commands/memory.ts";
import { noteMeasuring } from "../../stats/memory.ts";

/** Seconds that a measurement may take. */
const [shortest, longest] = [1, 60];

/** How QEMU calls the ways to measure; it samples pages unless another one is asked for. */
function modeOf(flags: number): string | undefined {
  const { DIRTY_BITMAP, DIRTY_RING } = DomainDirtyRateCalcFlags;
  if ((flags & DIRTY_BITMAP) !== 0 && (flags & DIRTY_RING) !== 0) {
    throw new LibvirtError("INVALID_ARG", "QEMU", "a dirty rate is measured in one way at a time");
  }
  if ((flags & DIRTY_BITMAP) !== 0) return "dirty-bitmap";
  return (flags & DIRTY_RING) !== 0 ? "dirty-ring" : undefined;
}

export function dirtyRateHandlers(host: QemuHost): Handlers<"domainStartDirtyRateCalc"> {
  return {
    async domainStartDirtyRateCalc({ dom, seconds, flags }) {
      const { DIRTY_BITMAP, DIRTY_RING } = DomainDirtyRateCalcFlags;
      checkFlags(flags, DIRTY_BITMAP | DIRTY_RING, "domainStartDirtyRateCalc", "QEMU");
      if (seconds < shortest || seconds > longest) {
        const detail = `seconds=${seconds} is invalid, please choose value within [${shortest}, ${longest}].`;
        throw new LibvirtError("INVALID_ARG", "QEMU", detail);
      }
      const mode = modeOf(flags);
      await host.finder.change(dom, "domainStartDirtyRateCalc", async (domain) => {
        const live = domain.running();
        if (!live.capabilities.has("calc-dirty-rate")) {
          const detail = "QEMU does not support calculating dirty page rate";
          throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
        }
        await calcDirtyRate(live.monitor, seconds, mode);
        noteMeasuring(live);
      });
    },
  };
}
