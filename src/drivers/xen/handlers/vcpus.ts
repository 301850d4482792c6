/** Virtual processors: how many there are, where they run, and how long they did. */
import { cpusOfMap, mapOfCpus } from "../../../driver/cpu-map.ts";
import { vcpusOf, withVcpus } from "../../../driver/domain/amounts.ts";
import { withVcpuPin } from "../../../driver/domain/cputune.ts";
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../driver/domain/kept/change.ts";
import { checkFlags, requiredFlag } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { stringParam, typedParamStrings, ullongParam } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainCpuStats,
  DomainModificationImpact,
  type Domain as DomainRef,
  DomainVcpuFlags,
  type TypedParameter,
  VcpuState,
} from "../../../protocol/index.ts";
import { formatCpuset } from "../../../xml/index.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import type { HypervisorVcpu } from "../hypervisor/index.ts";

type VcpuProcedures =
  | "domainGetVcpusFlags"
  | "domainSetVcpusFlags"
  | "domainGetVcpus"
  | "domainGetCpuStats"
  | "domainPinVcpuFlags"
  | "domainGetVcpuPinInfo";

const { MAXIMUM } = DomainVcpuFlags;
const { CONFIG } = DomainModificationImpact;

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "XEN", detail);
}

function withMaximum(definition: Definition, count: number, live: boolean): Definition {
  if (live) throw invalidArg("maximum vcpu count of a live domain can't be modified");
  return withVcpus(definition, { maximum: count, current: Math.min(vcpusOf(definition).current, count) });
}

function withCurrent(definition: Definition, count: number, live: boolean): Definition {
  const { maximum } = vcpusOf(definition);
  if (count <= maximum) return withVcpus(definition, { maximum, current: count });
  const which = live ? "live" : "persistent";
  const numbers = `${count} > ${maximum}`;
  throw invalidArg(`requested vcpus is greater than max allowable vcpus for the ${which} domain: ${numbers}`);
}

async function setVcpus(host: XenHost, dom: DomainRef, count: number, flags: number): Promise<void> {
  requiredFlag(flags, { VIR_DOMAIN_VCPU_MAXIMUM: MAXIMUM }, { VIR_DOMAIN_AFFECT_CONFIG: CONFIG }, "DOMAIN");
  if (count === 0) throw invalidArg("nvcpus in virDomainSetVcpusFlags must not be zero");
  const change = (flags & MAXIMUM) !== 0 ? withMaximum : withCurrent;
  await changeDefinition(host, dom, "domainSetVcpusFlags", flags, {
    change: (definition, live) => change(definition, count, live),
    apply: ({ id }) => host.roads.tools.setVcpus(id, count),
  });
}

/** What a virtual processor does. */
export function vcpuStateOf({ isRunning, isBlocked }: Pick<HypervisorVcpu, "isRunning" | "isBlocked">): VcpuState {
  return isRunning ? VcpuState.RUNNING : isBlocked ? VcpuState.BLOCKED : VcpuState.OFFLINE;
}

/** What is known of each virtual processor of a guest. */
async function vcpusSeen({ roads }: XenHost, { id }: LiveDomain, maxinfo: number, maplen: number) {
  const all = (await roads.vcpus(id)).map((vcpu, number) => ({ ...vcpu, number }));
  const shown = all.filter(({ isOnline }) => isOnline).slice(0, maxinfo);
  const info = shown.map((vcpu) => {
    return { number: vcpu.number, state: vcpuStateOf(vcpu), cpuTime: vcpu.cpuTime, cpu: vcpu.cpu };
  });
  const maps = shown.map(({ affinity }) => mapOfCpus(affinity, maplen));
  return { info, cpumaps: new Uint8Array(Buffer.concat(maps)) };
}

/**
 * How long a guest ran: altogether, or by its virtual processors, for the hypervisor does not count by the host's, which the
 * call is about (libvirt's driver answers so too).
 */
async function cpuStats(
  { roads }: XenHost,
  { id }: LiveDomain,
  start: number,
  count: number,
): Promise<TypedParameter[]> {
  if (start === -1) return [ullongParam(DomainCpuStats.CPUTIME, (await roads.usage(id))?.cpuTime ?? 0n)];
  const vcpus = (await roads.vcpus(id)).slice(start, start + count);
  return vcpus.map(({ cpuTime }) => ullongParam(DomainCpuStats.VCPUTIME, cpuTime));
}

async function pin(
  host: XenHost,
  dom: DomainRef,
  { vcpu, cpumap, flags }: { readonly vcpu: number; readonly cpumap: Uint8Array; readonly flags: number },
): Promise<void> {
  const cpus = cpusOfMap(cpumap, "XEN");
  const { live } = await changeDefinition(host, dom, "domainPinVcpuFlags", flags, {
    change(definition, running) {
      const { maximum } = vcpusOf(definition);
      if (vcpu < maximum) return withVcpuPin(definition, vcpu, cpus);
      throw invalidArg(`vcpu ${vcpu} is out of range of ${running ? "live" : "persistent"} cpu count ${maximum}`);
    },
    async apply({ id }) {
      const { cpus: there } = await host.roads.hostInfo();
      const usable = cpus.filter((cpu) => cpu < there);
      if (usable.length === 0) throw invalidArg(`none of these processors is there: the host has ${there}`);
      await host.roads.pinVcpu(id, vcpu, usable);
    },
  });
  if (!live) return;
  const params = [stringParam(`cputune.vcpupin${vcpu}`, formatCpuset(cpus))];
  host.hub.emit("domainEventCallbackTunable", { dom: host.finder.find(dom).ref, params });
}

/** The host's processors on which a virtual one may run, as its definition says. */
function pinned({ cputune, vcpu }: Definition, number: number, all: readonly number[]): readonly number[] {
  return cputune?.vcpupins.find((one) => one.vcpu === number)?.cpuset ?? vcpu.cpuset ?? all;
}

export function vcpuHandlers(host: XenHost): Handlers<VcpuProcedures> {
  const find = (dom: DomainRef) => host.finder.seek(dom);
  return {
    async domainGetVcpusFlags({ dom, flags }) {
      checkFlags(flags, impactFlags | MAXIMUM, "domainGetVcpusFlags", "XEN");
      const { maximum, current } = vcpusOf(definitionFor(await find(dom), flags & impactFlags));
      return { num: (flags & MAXIMUM) !== 0 ? maximum : current };
    },
    async domainSetVcpusFlags({ dom, nvcpus, flags }) {
      checkFlags(flags, impactFlags | MAXIMUM, "domainSetVcpusFlags", "XEN");
      await setVcpus(host, dom, nvcpus, flags);
    },
    async domainGetVcpus({ dom, maxinfo, maplen }) {
      return vcpusSeen(host, (await find(dom)).running(), maxinfo, maplen);
    },
    async domainGetCpuStats({ dom, nparams, startCpu, ncpus, flags }) {
      checkFlags(flags, typedParamStrings, "domainGetCpuStats", "XEN");
      const live = (await find(dom)).running();
      // Without room it is asked how many processors, or how many numbers for each of them, there are.
      if (ncpus === 0) return { params: [], nparams: vcpusOf(live.definition).maximum };
      if (nparams === 0) return { params: [], nparams: 1 };
      const params = await cpuStats(host, live, startCpu, ncpus);
      return { params, nparams: 1 };
    },
    async domainPinVcpuFlags({ dom, flags, ...args }) {
      checkFlags(flags, impactFlags, "domainPinVcpuFlags", "XEN");
      await pin(host, dom, { ...args, flags });
    },
    async domainGetVcpuPinInfo({ dom, ncpumaps, maplen, flags }) {
      checkFlags(flags, impactFlags, "domainGetVcpuPinInfo", "XEN");
      const definition = definitionFor(await find(dom), flags);
      const { cpus } = await host.roads.hostInfo();
      const all = Array.from({ length: cpus }, (_, cpu) => cpu);
      const num = Math.min(vcpusOf(definition).maximum, ncpumaps);
      const maps = Array.from({ length: num }, (_, vcpu) => mapOfCpus(pinned(definition, vcpu, all), maplen));
      return { cpumaps: new Uint8Array(Buffer.concat(maps)), num };
    },
  };
}
