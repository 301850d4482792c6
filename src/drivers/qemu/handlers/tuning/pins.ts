/** Where on the host the threads of domains run, and how long they did. */
import { availableParallelism } from "node:os";
import { cpusOfMap, mapOfCpus } from "../../../../driver/cpu-map.ts";
import { vcpusOf } from "../../../../driver/domain/amounts.ts";
import { withCputune, withVcpuPin } from "../../../../driver/domain/cputune.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { stringParam } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { affinityOf, setAffinity } from "../../../../host/affinity.ts";
import { thisHost } from "../../../../host/node/description.ts";
import { numbered } from "../../../../host/node/file-tree.ts";
import { threadUsage } from "../../../../host/usage.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { type Domain as DomainRef, VcpuHostCpuState, VcpuState } from "../../../../protocol/index.ts";
import { formatCpuset } from "../../../../xml/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import { vcpuThreads } from "../../domain/threads.ts";
import type { QemuHost } from "../../host.ts";

type PinProcedures =
  | "domainGetVcpus"
  | "domainPinVcpuFlags"
  | "domainGetVcpuPinInfo"
  | "domainPinEmulator"
  | "domainGetEmulatorPinInfo";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

/** All processors of the host, by which threads run that nobody pinned. */
export async function hostCpus(): Promise<readonly number[]> {
  const cpus = await numbered(thisHost.system, "cpu", "cpu");
  return cpus.length > 0 ? cpus : Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}

/** Tells those who listen where a thread runs from now on. */
export function tellPin(host: QemuHost, dom: DomainRef, field: string, cpus: readonly number[]): void {
  const params = [stringParam(field, formatCpuset(cpus))];
  host.hub.emit("domainEventCallbackTunable", { dom: host.finder.find(dom).ref, params });
}

async function vcpus(live: LiveDomain, maxinfo: number, maplen: number) {
  const threads = (await vcpuThreads(live)).slice(0, maxinfo);
  const { pid } = live.process;
  const told = threads.map(async ({ vcpu, thread }) => {
    const [usage, affinity] = await Promise.all([threadUsage(pid, thread), affinityOf(pid, thread)]);
    const cpu = usage?.lastCpu ?? VcpuHostCpuState.UNAVAILABLE;
    const info = { number: vcpu, state: VcpuState.RUNNING, cpuTime: usage?.run ?? 0n, cpu };
    return { info, map: mapOfCpus(affinity ?? [], maplen) };
  });
  const all = await Promise.all(told);
  return { info: all.map(({ info }) => info), cpumaps: new Uint8Array(Buffer.concat(all.map(({ map }) => map))) };
}

async function pinVcpu(host: QemuHost, dom: DomainRef, vcpu: number, map: Uint8Array, flags: number): Promise<void> {
  const cpus = cpusOfMap(map, "QEMU");
  const { live } = await changeDefinition(host, dom, "domainPinVcpuFlags", flags, {
    change(definition, running) {
      const { maximum, current } = vcpusOf(definition);
      const count = running ? current : maximum;
      if (vcpu >= count) {
        throw invalidArg(`vcpu ${vcpu} is out of range of ${running ? "live" : "persistent"} cpu count ${count}`);
      }
      return withVcpuPin(definition, vcpu, cpus);
    },
    async apply(running) {
      const thread = (await vcpuThreads(running)).find((candidate) => candidate.vcpu === vcpu);
      if (!thread) throw new LibvirtError("OPERATION_INVALID", "QEMU", "cpu affinity is not supported");
      await setAffinity(thread.thread, cpus, "QEMU");
    },
  });
  if (live) tellPin(host, dom, `cputune.vcpupin${vcpu}`, cpus);
}

function vcpuCpus({ cputune, vcpu }: Definition, number: number, all: readonly number[]): readonly number[] {
  return cputune?.vcpupins.find((pin) => pin.vcpu === number)?.cpuset ?? vcpu.cpuset ?? all;
}

export function pinHandlers(host: QemuHost): Handlers<PinProcedures> {
  const find = (dom: DomainRef) => host.finder.find(dom);
  return {
    domainGetVcpus({ dom, maxinfo, maplen }) {
      const { live } = find(dom);
      if (live) return vcpus(live, maxinfo, maplen);
      throw new LibvirtError("OPERATION_INVALID", "QEMU", "cannot retrieve vcpu information for inactive domain");
    },
    async domainPinVcpuFlags({ dom, vcpu, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinVcpuFlags", "QEMU");
      await pinVcpu(host, dom, vcpu, cpumap, flags);
    },
    async domainGetVcpuPinInfo({ dom, ncpumaps, maplen, flags }) {
      checkFlags(flags, impactFlags, "domainGetVcpuPinInfo", "QEMU");
      const definition = definitionFor(find(dom), flags);
      const all = await hostCpus();
      const num = Math.min(vcpusOf(definition).maximum, ncpumaps);
      const maps = Array.from({ length: num }, (_, vcpu) => mapOfCpus(vcpuCpus(definition, vcpu, all), maplen));
      return { cpumaps: new Uint8Array(Buffer.concat(maps)), num };
    },
    async domainPinEmulator({ dom, cpumap, flags }) {
      checkFlags(flags, impactFlags, "domainPinEmulator", "QEMU");
      const cpus = cpusOfMap(cpumap, "QEMU");
      const { live } = await changeDefinition(host, dom, "domainPinEmulator", flags, {
        change: (definition) => withCputune(definition, { emulatorpin: { cpuset: cpus } }),
        apply: ({ process }) => setAffinity(process.pid, cpus, "QEMU"),
      });
      if (live) tellPin(host, dom, "cputune.emulatorpin", cpus);
    },
    async domainGetEmulatorPinInfo({ dom, maplen, flags }) {
      checkFlags(flags, impactFlags, "domainGetEmulatorPinInfo", "QEMU");
      const { cputune, vcpu } = definitionFor(find(dom), flags);
      const cpus = cputune?.emulatorpin?.cpuset ?? vcpu.cpuset ?? (await hostCpus());
      return { cpumaps: mapOfCpus(cpus, maplen), ret: 1 };
    },
  };
}
