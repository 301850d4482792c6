/** Long work on domains, watched and aborted: saving them, dumping them. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { intParam, ullongParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import {
  DomainGetJobStatsFlags,
  DomainJob,
  DomainJobType,
  type Domain as DomainRef,
} from "../../../../protocol/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";
import { migrateCancel, queryMigrate } from "../../monitor/commands/migration.ts";

type JobProcedures = "domainGetJobInfo" | "domainGetJobStats" | "domainAbortJob" | "domainAbortJobFlags";

/** How far it has come: ms and bytes. */
interface Progress {
  readonly timeElapsed: bigint;
  readonly memTotal: bigint;
  readonly memProcessed: bigint;
  readonly memRemaining: bigint;
}

async function progressOf({ monitor, job }: LiveDomain): Promise<Progress | null> {
  if (!job) return null;
  const { ram } = await queryMigrate(monitor);
  return {
    timeElapsed: BigInt(Date.now() - job.since),
    memTotal: ram?.total ?? 0n,
    memProcessed: ram?.transferred ?? 0n,
    memRemaining: ram?.remaining ?? 0n,
  };
}

const nothing = { timeElapsed: 0n, memTotal: 0n, memProcessed: 0n, memRemaining: 0n } as const;

export function jobHandlers(host: QemuHost): Handlers<JobProcedures> {
  const running = (dom: DomainRef) => host.finder.find(dom).running();
  const abort = async (dom: DomainRef): Promise<void> => {
    const { monitor, job } = running(dom);
    if (!job) throw new LibvirtError("OPERATION_INVALID", "QEMU", "no job is active on the domain");
    await migrateCancel(monitor);
  };
  return {
    async domainGetJobInfo({ dom }) {
      const progress = await progressOf(running(dom));
      const { timeElapsed, memTotal, memProcessed, memRemaining } = progress ?? nothing;
      return {
        type: progress ? DomainJobType.UNBOUNDED : DomainJobType.NONE,
        timeElapsed,
        timeRemaining: 0n,
        // Memory is all there is to transfer here; images stay where they are.
        dataTotal: memTotal,
        dataProcessed: memProcessed,
        dataRemaining: memRemaining,
        memTotal,
        memProcessed,
        memRemaining,
        fileTotal: 0n,
        fileProcessed: 0n,
        fileRemaining: 0n,
      };
    },
    async domainGetJobStats({ dom, flags }) {
      const { COMPLETED, KEEP_COMPLETED } = DomainGetJobStatsFlags;
      checkFlags(flags, COMPLETED | KEEP_COMPLETED, "domainGetJobStats", "QEMU");
      const live = running(dom);
      const progress = (flags & COMPLETED) === 0 ? await progressOf(live) : null;
      if (!progress || !live.job) return { type: DomainJobType.NONE, params: [] };
      const params = [
        intParam(DomainJob.OPERATION, live.job.operation),
        ullongParam(DomainJob.TIME_ELAPSED, progress.timeElapsed),
        ullongParam(DomainJob.DATA_TOTAL, progress.memTotal),
        ullongParam(DomainJob.DATA_PROCESSED, progress.memProcessed),
        ullongParam(DomainJob.DATA_REMAINING, progress.memRemaining),
        ullongParam(DomainJob.MEMORY_TOTAL, progress.memTotal),
        ullongParam(DomainJob.MEMORY_PROCESSED, progress.memProcessed),
        ullongParam(DomainJob.MEMORY_REMAINING, progress.memRemaining),
      ];
      return { type: DomainJobType.UNBOUNDED, params };
    },
    domainAbortJob: ({ dom }) => abort(dom),
    domainAbortJobFlags({ dom, flags }) {
      checkFlags(flags, 0, "domainAbortJobFlags", "QEMU");
      return abort(dom);
    },
  };
}
