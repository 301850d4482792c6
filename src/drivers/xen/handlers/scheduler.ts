/** How much of the host's processors a guest gets: weight and cap of the credit schedulers. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings, uintParam } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import { type Domain as DomainRef, DomainScheduler, type TypedParameter, typesOf } from "../../../protocol/index.ts";
import type { XenHost } from "../host.ts";

type SchedulerProcedures =
  | "domainGetSchedulerType"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags";

const { WEIGHT, CAP } = DomainScheduler;
const types = typesOf([WEIGHT, CAP]);
/** The hypervisor's limits. */
const weights = [1, 65_535] as const;
const maxCap = 65_535;

/** The share of a guest that runs. It is the hypervisor's alone: definitions do not hold it. */
async function read(host: XenHost, dom: DomainRef): Promise<TypedParameter[]> {
  const { id } = (await host.finder.seek(dom)).running();
  const share = await host.roads.share(id);
  return share === null ? [] : [uintParam(WEIGHT, share.weight), uintParam(CAP, share.cap)];
}

async function write(host: XenHost, dom: DomainRef, params: readonly TypedParameter[]): Promise<void> {
  const given = takeParams(params, types, "XEN");
  await host.finder.change(dom, "domainSetSchedulerParametersFlags", async (domain) => {
    const { id } = domain.running();
    const { roads } = host;
    const now = await roads.share(id);
    if (now === null) {
      const detail = `the scheduler ${await roads.scheduler(id)} has no weight and cap`;
      throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
    }
    const weight = Number(given.get(WEIGHT) ?? now.weight);
    const cap = Number(given.get(CAP) ?? now.cap);
    if (weight < weights[0] || weight > weights[1] || cap > maxCap) {
      const detail = `weight must be ${weights.join(" to ")} and cap at most ${maxCap}: ${weight}, ${cap}`;
      throw new LibvirtError("INVALID_ARG", "XEN", detail);
    }
    await roads.setShare(id, { weight, cap });
  });
}

export function schedulerHandlers(host: XenHost): Handlers<SchedulerProcedures> {
  return {
    async domainGetSchedulerType({ dom }) {
      const type = await host.roads.scheduler((await host.finder.seek(dom)).running().id);
      return { type, nparams: type.startsWith("credit") ? 2 : 0 };
    },
    async domainGetSchedulerParametersFlags({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetSchedulerParametersFlags", "XEN");
      return { params: countedParams(await read(host, dom), nparams).params };
    },
    async domainSetSchedulerParametersFlags({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetSchedulerParametersFlags", "XEN");
      await write(host, dom, params);
    },
  };
}
