/** How long a domain ran on the host's processors (virDomainGetCPUStats). */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { typedParamStrings, ullongParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { processUsage } from "../../../../host/usage.ts";
import { DomainCpuStats, type TypedParameter } from "../../../../protocol/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";

async function totals({ process }: LiveDomain): Promise<TypedParameter[]> {
  const { user = 0n, system = 0n } = (await processUsage(process.pid)) ?? {};
  return [
    ullongParam(DomainCpuStats.CPUTIME, user + system),
    ullongParam(DomainCpuStats.USERTIME, user),
    ullongParam(DomainCpuStats.SYSTEMTIME, system),
  ];
}

export function cpuStatsHandlers(host: QemuHost): Handlers<"domainGetCpuStats"> {
  return {
    async domainGetCpuStats({ dom, nparams, startCpu, flags }) {
      checkFlags(flags, typedParamStrings, "domainGetCpuStats", "QEMU");
      const live = host.finder.find(dom).running();
      if (startCpu !== -1) {
        // Only a control group keeps the times by processor.
        throw new LibvirtError("OPERATION_INVALID", "QEMU", "cgroup CPUACCT controller is not mounted");
      }
      const params = await totals(live);
      if (nparams === 0) return { params: [], nparams: params.length };
      const told = params.slice(0, nparams);
      return { params: told, nparams: told.length };
    },
  };
}
