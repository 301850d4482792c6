/** Shares and limits of domains: scheduler, block devices, NUMA nodes, performance counters. */
import { blkioParams, blkioTypes, withBlkio } from "../../../driver/domain/blkio.ts";
import { numaParams, numaTypes, withNuma } from "../../../driver/domain/numa.ts";
import { perfParams, perfTypes, withPerf } from "../../../driver/domain/perf.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings, uintParam } from "../../../driver/typed-parameters.ts";
import { type Domain as DomainRef, DomainScheduler, type TypedParameter, typesOf } from "../../../protocol/index.ts";
import { changeDefinition, definitionFor, impactFlags } from "../domain/impact.ts";
import { findDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";

type TuningProcedures =
  | "domainGetSchedulerType"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags"
  | "domainGetBlkioParameters"
  | "domainSetBlkioParameters"
  | "domainGetNumaParameters"
  | "domainSetNumaParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents";

const schedulerTypes = typesOf([DomainScheduler.WEIGHT]);
/** The scheduler knows one parameter, which always is the same. */
const schedulerParams = [uintParam(DomainScheduler.WEIGHT, 50)];

export function domainTuningHandlers(node: TestNode): Handlers<TuningProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  const schedulerOf = (dom: DomainRef, nparams: number) => {
    find(dom);
    return { params: schedulerParams.slice(0, nparams) };
  };
  /** The weight is taken, and as with libvirt's test driver has no effect. */
  const setScheduler = (dom: DomainRef, params: readonly TypedParameter[]) => {
    find(dom);
    takeParams(params, schedulerTypes, "TEST");
  };
  return {
    domainGetSchedulerType({ dom }) {
      find(dom);
      return { type: "fair", nparams: schedulerParams.length };
    },
    domainGetSchedulerParametersFlags({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetSchedulerParametersFlags", "TEST");
      return schedulerOf(dom, nparams);
    },
    domainSetSchedulerParametersFlags({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetSchedulerParametersFlags", "TEST");
      setScheduler(dom, params);
    },
    domainGetBlkioParameters({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetBlkioParameters", "TEST");
      return countedParams(blkioParams(definitionFor(find(dom), flags & impactFlags)), nparams);
    },
    domainSetBlkioParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetBlkioParameters", "TEST");
      const given = takeParams(params, blkioTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withBlkio(definition, given));
    },
    domainGetNumaParameters({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetNumaParameters", "TEST");
      return countedParams(numaParams(definitionFor(find(dom), flags & impactFlags)), nparams);
    },
    domainSetNumaParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetNumaParameters", "TEST");
      const given = takeParams(params, numaTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withNuma(definition, given, "TEST"));
    },
    domainGetPerfEvents({ dom, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetPerfEvents", "TEST");
      return { params: perfParams(definitionFor(find(dom), flags & impactFlags)) };
    },
    domainSetPerfEvents({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetPerfEvents", "TEST");
      const given = takeParams(params, perfTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withPerf(definition, given));
    },
  };
}
