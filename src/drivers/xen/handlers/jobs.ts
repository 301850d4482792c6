/** Long work on domains, watched: saving them, dumping them, moving them. The tool stack does not tell how far it has come. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { intParam, ullongParam } from "../../../driver/typed-parameters.ts";
import {
  DomainGetJobStatsFlags,
  DomainJob,
  DomainJobOperation,
  DomainJobType,
  type Domain as DomainRef,
} from "../../../protocol/index.ts";
import type { XenHost } from "../host.ts";

/** Changes that take long, by the name of their job. */
const operations: Readonly<Record<string, number>> = {
  domainSaveFlags: DomainJobOperation.SAVE,
  domainManagedSave: DomainJobOperation.SAVE,
  domainCoreDumpWithFormat: DomainJobOperation.DUMP,
  domainRestoreFlags: DomainJobOperation.RESTORE,
  domainMigratePerform: DomainJobOperation.MIGRATION_OUT,
};

interface LongJob {
  readonly operation: number;
  /** ms. */
  readonly elapsed: bigint;
}

const unknown = {
  ...{ timeRemaining: 0n, dataTotal: 0n, dataProcessed: 0n, dataRemaining: 0n, memTotal: 0n, memProcessed: 0n },
  ...{ memRemaining: 0n, fileTotal: 0n, fileProcessed: 0n, fileRemaining: 0n },
} as const;

export function jobHandlers(host: XenHost): Handlers<"domainGetJobInfo" | "domainGetJobStats"> {
  const find = (dom: DomainRef): LongJob | null => {
    const job = host.finder.find(dom).jobs.running;
    const operation = operations[job?.name ?? ""];
    if (!job || operation === undefined) return null;
    return { operation, elapsed: BigInt(Math.max(0, Date.now() - job.since)) };
  };
  return {
    domainGetJobInfo({ dom }) {
      const job = find(dom);
      const type = job ? DomainJobType.UNBOUNDED : DomainJobType.NONE;
      return { ...unknown, type, timeElapsed: job?.elapsed ?? 0n };
    },
    domainGetJobStats({ dom, flags }) {
      checkFlags(flags, DomainGetJobStatsFlags.COMPLETED, "domainGetJobStats", "XEN");
      const job = flags === 0 ? find(dom) : null;
      if (!job) return { type: DomainJobType.NONE, params: [] };
      const { OPERATION, TIME_ELAPSED } = DomainJob;
      const params = [intParam(OPERATION, job.operation), ullongParam(TIME_ELAPSED, job.elapsed)];
      return { type: DomainJobType.UNBOUNDED, params };
    },
  };
}
