/** Shares of the host and limits on it: scheduler, block devices, memory, NUMA nodes, performance counters. */
import { blkioParams, blkioTypes, withBlkio } from "../../../../driver/domain/blkio.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor, isAboutLive } from "../../../../driver/domain/kept/change.ts";
import { memoryLimitParams, memoryLimitTypes, withMemoryLimits } from "../../../../driver/domain/memory-limits.ts";
import { numaParams, numaTypes, withNuma } from "../../../../driver/domain/numa.ts";
import { perfParams, perfTypes, withPerf } from "../../../../driver/domain/perf.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import type { Domain as DomainRef } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { schedulerParams, schedulerTypes, withScheduler } from "./scheduler.ts";

type TuningProcedures =
  | "domainGetSchedulerType"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags"
  | "domainGetBlkioParameters"
  | "domainSetBlkioParameters"
  | "domainGetMemoryParameters"
  | "domainSetMemoryParameters"
  | "domainGetNumaParameters"
  | "domainSetNumaParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents";

/** Guests are in no control group of their own yet, so what works through one is for their next start only. */
function noGroup(controller: string): LibvirtError {
  const detail =
    controller === "blkio" ? "blkio cgroup isn't mounted" : `cgroup ${controller} controller is not mounted`;
  return new LibvirtError("OPERATION_INVALID", "QEMU", detail);
}

export function tuningHandlers(host: QemuHost): Handlers<TuningProcedures> {
  /** The stored definition, or the error for a running guest. */
  const storedFor = (dom: DomainRef, flags: number, controller: string): Definition => {
    const domain = host.finder.find(dom);
    if (isAboutLive(domain, flags & impactFlags)) throw noGroup(controller);
    return domain.stored();
  };
  const storedChange = (controller: string, change: (definition: Definition) => Definition) => ({
    change(definition: Definition, live: boolean) {
      if (live) throw noGroup(controller);
      return change(definition);
    },
  });
  const setScheduler = async (dom: DomainRef, params: Parameters<typeof takeParams>[0], flags: number) => {
    const given = takeParams(params, schedulerTypes, "QEMU");
    await changeDefinition(
      host,
      dom,
      "domainSetSchedulerParametersFlags",
      flags,
      storedChange("CPU", (definition) => withScheduler(definition, given)),
    );
  };
  return {
    domainGetSchedulerType({ dom }) {
      if (host.finder.find(dom).live) throw noGroup("CPU");
      return { type: "posix", nparams: Object.keys(schedulerTypes).length };
    },
    domainGetSchedulerParametersFlags({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetSchedulerParametersFlags", "QEMU");
      return { params: schedulerParams(storedFor(dom, flags, "CPU")).slice(0, nparams) };
    },
    async domainSetSchedulerParametersFlags({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetSchedulerParametersFlags", "QEMU");
      await setScheduler(dom, params, flags);
    },
    domainGetBlkioParameters({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetBlkioParameters", "QEMU");
      if (nparams === 0) return countedParams(blkioParams(host.finder.find(dom).current), 0);
      return countedParams(blkioParams(storedFor(dom, flags, "blkio")), nparams);
    },
    async domainSetBlkioParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetBlkioParameters", "QEMU");
      const given = takeParams(params, blkioTypes, "QEMU");
      const change = storedChange("blkio", (definition) => withBlkio(definition, given));
      await changeDefinition(host, dom, "domainSetBlkioParameters", flags, change);
    },
    domainGetMemoryParameters({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetMemoryParameters", "QEMU");
      if (nparams === 0) return countedParams(memoryLimitParams(host.finder.find(dom).current), 0);
      return countedParams(memoryLimitParams(storedFor(dom, flags, "memory")), nparams);
    },
    async domainSetMemoryParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetMemoryParameters", "QEMU");
      const given = takeParams(params, memoryLimitTypes, "QEMU");
      const change = storedChange("memory", (definition) => withMemoryLimits(definition, given, "QEMU"));
      await changeDefinition(host, dom, "domainSetMemoryParameters", flags, change);
    },
    domainGetNumaParameters({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetNumaParameters", "QEMU");
      return countedParams(numaParams(definitionFor(host.finder.find(dom), flags & impactFlags)), nparams);
    },
    async domainSetNumaParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetNumaParameters", "QEMU");
      const given = takeParams(params, numaTypes, "QEMU");
      const change = storedChange("cpuset", (definition) => withNuma(definition, given, "QEMU"));
      await changeDefinition(host, dom, "domainSetNumaParameters", flags, change);
    },
    domainGetPerfEvents({ dom, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetPerfEvents", "QEMU");
      return { params: perfParams(definitionFor(host.finder.find(dom), flags & impactFlags)) };
    },
    async domainSetPerfEvents({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetPerfEvents", "QEMU");
      const given = takeParams(params, perfTypes, "QEMU");
      await changeDefinition(host, dom, "domainSetPerfEvents", flags, {
        change(definition, live) {
          // Counters are opened by the kernel's perf_event_open, which no program stands in for.
          if (live) throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", "unable to enable host cpu perf event");
          return withPerf(definition, given);
        },
      });
    },
  };
}
