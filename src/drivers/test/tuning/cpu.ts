/** Virtual processors of domains and where they run. */
import { cpusOfMap, mapOfCpus as mapOf } from "../../../driver/cpu-map.ts";
import { vcpusOf, withVcpus } from "../../../driver/domain/amounts.ts";
import { withCputune, withVcpuPin } from "../../../driver/domain/cputune.ts";
import { checkFlags, requiredFlag, zeroArgument } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { stringParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainModificationImpact,
  type Domain as DomainRef,
  DomainVcpuFlags,
  type TypedParameter,
  VcpuState,
} from "../../../protocol/index.ts";
import { formatCpuset } from "../../../xml/index.ts";
import { microseconds } from "../clock.ts";
import type { Definition } from "../domain/definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "../domain/impact.ts";
import { findActiveDomain, findDomain, type TestDomain } from "../domain/state.ts";
import { maxVcpus } from "../node/settings.ts";
import type { TestNode } from "../state.ts";

type CpuProcedures =
  | "domainGetMaxVcpus"
  | "domainGetVcpus"
  | "domainGetVcpusFlags"
  | "domainSetVcpusFlags"
  | "domainPinVcpu"
  | "domainPinVcpuFlags"
  | "domainGetVcpuPinInfo"
  | "domainPinEmulator"
  | "domainGetEmulatorPinInfo"
  | "domainGetCpuStats"
  | "domainGetGuestVcpus";

/** The host's processors that pinning knows of. */
const pinnableCpus = 8;

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

function setVcpus(domain: TestDomain, count: number, flags: number): void {
  const { MAXIMUM } = DomainVcpuFlags;
  const config = { VIR_DOMAIN_AFFECT_CONFIG: DomainModificationImpact.CONFIG };
  requiredFlag(flags, { VIR_DOMAIN_VCPU_MAXIMUM: MAXIMUM }, config, "DOMAIN");
  if (count === 0) throw zeroArgument("nvcpus", "virDomainSetVcpusFlags");
  if (count > maxVcpus)
    throw invalidArg(`requested cpu amount exceeds maximum supported amount (${count} > ${maxVcpus})`);
  changeDefinition(domain, flags, (definition) => {
    const { maximum, current } = vcpusOf(definition);
    if ((flags & MAXIMUM) !== 0) return withVcpus(definition, { maximum: count, current: Math.min(current, count) });
    if (count > maximum) throw invalidArg(`requested cpu amount exceeds maximum (${count} > ${maximum})`);
    return withVcpus(definition, { maximum, current: count });
  });
}

/** A bit map of `length` bytes; without a list, of all processors there are. */
export function mapOfCpus(cpus: readonly number[] | undefined, length: number): Uint8Array {
  return mapOf(cpus ?? Array.from({ length: pinnableCpus }, (_, cpu) => cpu), length);
}

function pinVcpu(domain: TestDomain, vcpu: number, map: Uint8Array, flags: number): void {
  const cpuset = cpusOfMap(map, "TEST");
  changeDefinition(domain, flags, (definition) => {
    if (vcpu >= vcpusOf(definition).current) throw invalidArg(`requested vcpu '${vcpu}' is not present in the domain`);
    return withVcpuPin(definition, vcpu, cpuset);
  });
}

function vcpuMap(definition: Definition, vcpu: number, length: number): Uint8Array {
  const pin = definition.cputune?.vcpupins.find((candidate) => candidate.vcpu === vcpu);
  return mapOfCpus(pin?.cpuset ?? definition.vcpu.cpuset, length);
}

function vcpuMaps(definition: Definition, count: number, length: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, vcpu) => vcpuMap(definition, vcpu, length)));
}

/** A processor's times, in nanoseconds; the same for each, plus its number. */
function cpuTimes(cpu: number): TypedParameter[] {
  return [
    ullongParam("cpu_time", 24_386_308_517n + BigInt(cpu)),
    ullongParam("vcpu_time", 23_151_740_627n + BigInt(cpu)),
  ];
}

const totalTimes = [
  ullongParam("cpu_time", 48_772_617_035n),
  ullongParam("user_time", 5_540_000_000n),
  ullongParam("system_time", 6_460_000_000n),
];

/** Processors whose times `domainGetCpuStats` tells. */
const countedCpus = 2;

export function domainCpuHandlers(node: TestNode): Handlers<CpuProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    domainGetMaxVcpus({ dom }) {
      const domain = find(dom);
      return { num: vcpusOf(domain.live ?? domain.config).maximum };
    },
    domainGetVcpus({ dom, maxinfo, maplen }) {
      const domain = find(dom);
      if (!domain.live) {
        throw new LibvirtError("OPERATION_INVALID", "TEST", "cannot list vcpus for an inactive domain");
      }
      const count = Math.min(vcpusOf(domain.live).current, maxinfo);
      const cpuTime = microseconds() / 10n;
      const cpus = (vcpu: number) => domain.live?.cputune?.vcpupins.find((pin) => pin.vcpu === vcpu)?.cpuset;
      const info = Array.from({ length: count }, (_, number) => {
        const cpu = cpus(number)?.at(-1) ?? node.settings.cpus - 1;
        return { number, state: VcpuState.RUNNING, cpuTime, cpu };
      });
      return { info, cpumaps: vcpuMaps(domain.live, count, maplen) };
    },
    domainGetVcpusFlags({ dom, flags }) {
      checkFlags(flags, impactFlags | DomainVcpuFlags.MAXIMUM | DomainVcpuFlags.GUEST, "domainGetVcpusFlags", "TEST");
      const { maximum, current } = vcpusOf(definitionFor(find(dom), flags & impactFlags));
      return { num: (flags & DomainVcpuFlags.MAXIMUM) !== 0 ? maximum : current };
    },
    domainSetVcpusFlags({ dom, nvcpus, flags }) {
      checkFlags(flags, impactFlags | DomainVcpuFlags.MAXIMUM, "domainSetVcpusFlags", "TEST");
      setVcpus(find(dom), nvcpus, flags);
    },
    domainPinVcpu: ({ dom, vcpu, cpumap }) => pinVcpu(find(dom), vcpu, cpumap, 0),
    domainPinVcpuFlags({ dom, vcpu, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinVcpuFlags", "TEST");
      pinVcpu(find(dom), vcpu, cpumap, flags);
    },
    domainGetVcpuPinInfo({ dom, ncpumaps, maplen, flags }) {
      checkFlags(flags, impactFlags, "domainGetVcpuPinInfo", "TEST");
      const definition = definitionFor(find(dom), flags);
      const num = Math.min(vcpusOf(definition).current, ncpumaps);
      return { cpumaps: vcpuMaps(definition, num, maplen), num };
    },
    domainPinEmulator({ dom, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinEmulator", "TEST");
      const emulatorpin = { cpuset: cpusOfMap(cpumap, "TEST") };
      changeDefinition(find(dom), flags, (definition) => withCputune(definition, { emulatorpin }));
    },
    domainGetEmulatorPinInfo({ dom, maplen, flags }) {
      checkFlags(flags, impactFlags, "domainGetEmulatorPinInfo", "TEST");
      const { cputune, vcpu } = definitionFor(find(dom), flags);
      return { cpumaps: mapOfCpus(cputune?.emulatorpin?.cpuset ?? vcpu.cpuset, maplen), ret: 1 };
    },
    domainGetCpuStats({ dom, nparams, startCpu, ncpus, flags }) {
      checkFlags(flags, 0, "domainGetCpuStats", "TEST");
      findActiveDomain(node, dom);
      if (startCpu === -1) {
        if (nparams === 0) return { params: [], nparams: totalTimes.length };
        return { params: totalTimes.slice(0, nparams), nparams: Math.min(nparams, totalTimes.length) };
      }
      if (ncpus === 0) return { params: [], nparams: countedCpus };
      if (nparams === 0) return { params: [], nparams: cpuTimes(0).length };
      if (startCpu >= countedCpus) throw invalidArg(`start_cpu ${startCpu} larger than maximum of ${countedCpus - 1}`);
      const count = Math.min(ncpus, countedCpus - startCpu);
      const params = Array.from({ length: count }, (_, cpu) => cpuTimes(startCpu + cpu).slice(0, nparams)).flat();
      return { params, nparams: Math.min(nparams, cpuTimes(0).length) };
    },
    domainGetGuestVcpus({ dom, flags }) {
      checkFlags(flags, 0, "domainGetGuestVcpus", "TEST");
      return { params: guestVcpus(findActiveDomain(node, dom).live) };
    },
  };
}

/** What the guest's agent would say of its processors: all are on line, and all but the first can be taken off. */
function guestVcpus(definition: Definition): TypedParameter[] {
  const all = Array.from({ length: vcpusOf(definition).current }, (_, vcpu) => vcpu);
  return [
    stringParam("vcpus", formatCpuset(all)),
    stringParam("online", formatCpuset(all)),
    stringParam("offlinable", formatCpuset(all.slice(1))),
  ];
}
