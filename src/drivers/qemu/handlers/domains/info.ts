/** What a domain is and uses, in a few numbers. */
import { memoryOf, vcpusOf } from "../../../../driver/domain/amounts.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { processUsage } from "../../../../host/usage.ts";
import { DomainControlErrorReason, DomainControlState, type Domain as DomainRef } from "../../../../protocol/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";

type InfoProcedures =
  | "domainGetInfo"
  | "domainGetOsType"
  | "domainGetMaxMemory"
  | "domainGetMaxVcpus"
  | "domainGetControlInfo";

async function info(domain: QemuDomain) {
  const { live, current, status } = domain;
  const { maximum, current: memory } = memoryOf(current);
  const usage = live ? await processUsage(live.process.pid) : null;
  return {
    state: status.state,
    maxMem: maximum,
    memory,
    nrVirtCpu: vcpusOf(current).current,
    cpuTime: usage ? usage.user + usage.system : 0n,
  };
}

/** How the way to the guest's QEMU is; times in ms. */
function controlInfo(domain: QemuDomain) {
  const { monitor } = domain.running();
  const { ERROR, JOB, OK } = DomainControlState;
  if (!monitor.isOpen) return { state: ERROR, details: DomainControlErrorReason.MONITOR, stateTime: 0n };
  const job = domain.jobs.running;
  if (!job) return { state: OK, details: 0, stateTime: 0n };
  return { state: JOB, details: 0, stateTime: BigInt(Math.max(0, Date.now() - job.since)) };
}

export function infoHandlers(host: QemuHost): Handlers<InfoProcedures> {
  const find = (dom: DomainRef) => host.finder.find(dom);
  return {
    domainGetInfo: ({ dom }) => info(find(dom)),
    domainGetOsType: ({ dom }) => ({ type: find(dom).current.os.type.value }),
    domainGetMaxMemory: ({ dom }) => ({ memory: memoryOf(find(dom).current).maximum }),
    domainGetMaxVcpus: ({ dom }) => ({ num: vcpusOf(find(dom).current).maximum }),
    domainGetControlInfo({ dom, flags }) {
      checkFlags(flags, 0, "domainGetControlInfo", "QEMU");
      return controlInfo(find(dom));
    },
  };
}
