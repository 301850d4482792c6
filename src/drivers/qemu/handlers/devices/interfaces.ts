/** Network cards of domains: what passed them, what limits them. */
import { readFile } from "node:fs/promises";
import { bandwidthParams, bandwidthTypes, withBandwidth } from "../../../../driver/domain/bandwidth.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { type NetCounters, parseNetDev, seenFromOtherEnd } from "../../../../host/node/net-stats.ts";
import { limitTraffic } from "../../../../host/traffic.ts";
import { type Domain as Definition, findInterfaces, type Interface } from "../../../../model/domain/index.ts";
import type { QemuHost } from "../../host.ts";
import { limitsOf, tapOf } from "../../run/network/taps.ts";

type InterfaceProcedures = "domainInterfaceStats" | "domainGetInterfaceParameters" | "domainSetInterfaceParameters";

function requireInterface(definition: Definition, name: string): Interface {
  const [found, another] = findInterfaces(definition, name);
  if (another) {
    throw new LibvirtError("OPERATION_FAILED", "QEMU", `multiple devices matching MAC address ${name} found`);
  }
  if (found) return found;
  throw new LibvirtError("INVALID_ARG", "QEMU", `'${name}' is not a known interface`);
}

/** The counters of all of the host's devices. */
export async function hostNetCounters(): Promise<ReadonlyMap<string, NetCounters>> {
  return parseNetDev(await readFile("/proc/net/dev", "utf8").catch(() => ""));
}

/** A card's counters as the guest sees them; undefined when its end on the host is no device of the kernel. */
export function cardCounters(
  { connection: { type }, target }: Interface,
  host: ReadonlyMap<string, NetCounters>,
): NetCounters | undefined {
  const counters = target?.dev === undefined ? undefined : host.get(target.dev);
  // A device that passes the guest's packets on counts as the guest does.
  return counters && type !== "direct" ? seenFromOtherEnd(counters) : counters;
}

async function interfaceStats(definition: Definition, name: string): Promise<NetCounters> {
  const card = requireInterface(definition, name);
  const counters = cardCounters(card, await hostNetCounters());
  if (counters) return counters;
  if (card.target?.dev === undefined) {
    const detail = `interface '${name}' has no device on the host that could be asked`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", detail);
  }
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `/proc/net/dev: Interface '${card.target.dev}' not found`);
}

export function interfaceHandlers(host: QemuHost): Handlers<InterfaceProcedures> {
  return {
    domainInterfaceStats: ({ dom, device }) => interfaceStats(host.finder.find(dom).running().definition, device),
    domainGetInterfaceParameters({ dom, device, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetInterfaceParameters", "QEMU");
      const definition = definitionFor(host.finder.find(dom), flags & impactFlags);
      return countedParams(bandwidthParams(requireInterface(definition, device).bandwidth), nparams);
    },
    async domainSetInterfaceParameters({ dom, device, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetInterfaceParameters", "QEMU");
      const given = takeParams(params, bandwidthTypes, "QEMU");
      await changeDefinition(host, dom, "domainSetInterfaceParameters", flags, {
        async apply({ definition }) {
          const card = withBandwidth(requireInterface(definition, device), given);
          await limitTraffic(card.target?.dev ?? "", limitsOf(card) ?? {}, "QEMU");
        },
        change(definition, live) {
          const card = requireInterface(definition, device);
          if (live && tapOf(definition, card.alias ?? "") === undefined) {
            const detail = `interface '${device}' has no device on the host whose bandwidth could be limited`;
            throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", detail);
          }
          const changed = withBandwidth(card, given);
          const interfaces = definition.devices.interfaces.map((each) => (each === card ? changed : each));
          return { ...definition, devices: { ...definition.devices, interfaces } };
        },
      });
    },
  };
}
