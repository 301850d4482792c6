/** Jobs of domains. What this driver does takes no time, so that there never is one under way. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { DomainGetJobStatsFlags, DomainJobType, type Domain as DomainRef } from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { findActiveDomain, findDomain } from "./state.ts";

const noJob = {
  type: DomainJobType.NONE,
  timeElapsed: 0n,
  timeRemaining: 0n,
  dataTotal: 0n,
  dataProcessed: 0n,
  dataRemaining: 0n,
  memTotal: 0n,
  memProcessed: 0n,
  memRemaining: 0n,
  fileTotal: 0n,
  fileProcessed: 0n,
  fileRemaining: 0n,
} as const;

type JobProcedures = "domainGetJobInfo" | "domainGetJobStats" | "domainAbortJob";

export function domainJobHandlers(node: TestNode): Handlers<JobProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    domainGetJobInfo({ dom }) {
      find(dom);
      return noJob;
    },
    domainGetJobStats({ dom, flags }) {
      const { COMPLETED, KEEP_COMPLETED } = DomainGetJobStatsFlags;
      checkFlags(flags, COMPLETED | KEEP_COMPLETED, "domainGetJobStats", "TEST");
      find(dom);
      return { type: DomainJobType.NONE, params: [] };
    },
    domainAbortJob({ dom }) {
      findActiveDomain(node, dom);
      throw new LibvirtError("OPERATION_INVALID", "TEST", "no job is active on the domain");
    },
  };
}
