/** What one kind of statistic says of a domain. */

import type { NetCounters } from "../../../host/node/net-stats.ts";
import type { ProcessUsage } from "../../../host/usage.ts";
import type { TypedParameter } from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";

export interface StatsRequest {
  /** Counters of the host's network devices, read once for all domains. */
  readonly net: ReadonlyMap<string, NetCounters>;
  /** What a guest's process uses of the host, read once for all kinds. */
  readonly usageOf: (live: LiveDomain) => Promise<ProcessUsage | null>;
  /** Also the images below each disk's own (VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING). */
  readonly backing: boolean;
  /** Only what needs no question to QEMU (VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT while a change is under way). */
  readonly withoutMonitor: boolean;
}

export type Collect = (domain: QemuDomain, request: StatsRequest) => TypedParameter[] | Promise<TypedParameter[]>;
