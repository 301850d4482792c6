/** What a domain is and uses, in a few numbers. */
import { memoryOf, vcpusOf } from "../../../driver/domain/amounts.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { DomainControlState, type Domain as DomainRef } from "../../../protocol/index.ts";
import type { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

type InfoProcedures =
  | "domainGetInfo"
  | "domainGetOsType"
  | "domainGetMaxMemory"
  | "domainGetMaxVcpus"
  | "domainGetControlInfo";

/** A paravirtualized guest's kind has two names in libvirt: `linux` in documents, this one where it is asked for. */
const osTypes: Readonly<Record<string, string>> = { linux: "xen" };

async function info({ roads }: XenHost, { live, current, status }: XenDomain) {
  const { maximum, current: memory } = memoryOf(current);
  const seen = live && (await roads.usage(live.id));
  return {
    state: status.state,
    maxMem: maximum,
    memory: seen?.memory ?? memory,
    // A guest that has just begun has not yet taken all that it was given.
    nrVirtCpu: vcpusOf(current).current,
    cpuTime: seen?.cpuTime ?? 0n,
  };
}

export function infoHandlers(host: XenHost): Handlers<InfoProcedures> {
  const find = (dom: DomainRef) => host.finder.seek(dom);
  return {
    domainGetInfo: async ({ dom }) => info(host, await find(dom)),
    async domainGetOsType({ dom }) {
      const { value } = (await find(dom)).current.os.type;
      return { type: osTypes[value] ?? value };
    },
    domainGetMaxMemory: async ({ dom }) => ({ memory: memoryOf((await find(dom)).current).maximum }),
    domainGetMaxVcpus: async ({ dom }) => ({ num: vcpusOf((await find(dom)).running().definition).maximum }),
    async domainGetControlInfo({ dom, flags }) {
      checkFlags(flags, 0, "domainGetControlInfo", "XEN");
      const domain = await find(dom);
      domain.running();
      const job = domain.jobs.running;
      const { OK, JOB } = DomainControlState;
      if (!job) return { state: OK, details: 0, stateTime: 0n };
      return { state: JOB, details: 0, stateTime: BigInt(Math.max(0, Date.now() - job.since)) };
    },
  };
}
