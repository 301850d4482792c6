/** How many virtual processors domains have. */
import { vcpusOf, withVcpus } from "../../../../driver/domain/amounts.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition, definitionFor } from "../../../../driver/domain/kept/change.ts";
import { checkFlags, exclusiveFlags, requiredFlag } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainModificationImpact, type Domain as DomainRef, DomainVcpuFlags } from "../../../../protocol/index.ts";
import { plugVcpus } from "../../domain/plug-vcpus.ts";
import type { QemuHost } from "../../host.ts";
import { guestVcpuCount, setGuestVcpuCount } from "../guest/vcpus.ts";

type VcpuProcedures = "domainGetVcpusFlags" | "domainSetVcpusFlags";

const { GUEST, HOTPLUGGABLE, MAXIMUM } = DomainVcpuFlags;

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

function withMaximumVcpus(definition: Definition, count: number, live: boolean): Definition {
  if (live) throw invalidArg("maximum vcpu count of a live domain can't be modified");
  const topology = definition.cpu?.topology;
  if (topology) {
    const { sockets, dies = 1, cores, threads } = topology;
    if (sockets * dies * cores * threads !== count) {
      throw invalidArg("CPU topology doesn't match the desired vcpu count");
    }
  }
  return withStates(withVcpus(definition, { maximum: count, current: Math.min(vcpusOf(definition).current, count) }));
}

function withCurrentVcpus(definition: Definition, count: number, live: boolean): Definition {
  const { maximum } = vcpusOf(definition);
  if (count > maximum) {
    const which = live ? "live" : "persistent";
    throw invalidArg(
      `requested vcpus is greater than max allowable vcpus for the ${which} domain: ${count} > ${maximum}`,
    );
  }
  return withStates(withVcpus(definition, { maximum, current: count }));
}

/** A definition that tells of each processor tells the new number: the last ones go first, the first ones come first. */
function withStates(definition: Definition): Definition {
  if (definition.vcpus === undefined) return definition;
  const { maximum, current } = vcpusOf(definition);
  const known = new Map(definition.vcpus.vcpus.map((vcpu) => [vcpu.id, vcpu]));
  const all = Array.from({ length: maximum }, (_, id) => known.get(id) ?? { id, enabled: false, hotpluggable: true });
  const fixed = all.filter((vcpu) => vcpu.enabled && vcpu.hotpluggable !== true);
  const others = all.filter((vcpu) => !fixed.includes(vcpu));
  const kept = [...others].sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.id - b.id);
  const on = new Set([...fixed, ...kept.slice(0, Math.max(0, current - fixed.length))].map(({ id }) => id));
  const vcpus = all.map(({ order, ...vcpu }) => {
    const enabled = on.has(vcpu.id);
    return { ...vcpu, enabled, ...(enabled && order !== undefined && { order }) };
  });
  return { ...definition, vcpus: { vcpus } };
}

async function setVcpus(host: QemuHost, dom: DomainRef, count: number, flags: number): Promise<void> {
  const config = { VIR_DOMAIN_AFFECT_CONFIG: DomainModificationImpact.CONFIG };
  exclusiveFlags(flags, { VIR_DOMAIN_VCPU_GUEST: GUEST, ...config }, "DOMAIN");
  exclusiveFlags(flags, { VIR_DOMAIN_VCPU_GUEST: GUEST, VIR_DOMAIN_VCPU_MAXIMUM: MAXIMUM }, "DOMAIN");
  requiredFlag(flags, { VIR_DOMAIN_VCPU_MAXIMUM: MAXIMUM }, config, "DOMAIN");
  if (count === 0) throw invalidArg("nvcpus in virDomainSetVcpusFlags must not be zero");
  if ((flags & GUEST) !== 0) {
    await setGuestVcpuCount(host.finder.find(dom), count);
    return;
  }
  const change = (flags & MAXIMUM) !== 0 ? withMaximumVcpus : withCurrentVcpus;
  await changeDefinition(host, dom, "domainSetVcpusFlags", flags, {
    change: (definition, live) => change(definition, count, live),
    apply: (live) => plugVcpus(live, count),
  });
}

export function vcpuHandlers(host: QemuHost): Handlers<VcpuProcedures> {
  return {
    async domainGetVcpusFlags({ dom, flags }) {
      checkFlags(flags, impactFlags | MAXIMUM | GUEST, "domainGetVcpusFlags", "QEMU");
      const domain = host.finder.find(dom);
      if ((flags & GUEST) !== 0) return { num: await guestVcpuCount(domain, (flags & MAXIMUM) !== 0) };
      const { maximum, current } = vcpusOf(definitionFor(domain, flags & impactFlags));
      return { num: (flags & MAXIMUM) !== 0 ? maximum : current };
    },
    async domainSetVcpusFlags({ dom, nvcpus, flags }) {
      checkFlags(flags, impactFlags | MAXIMUM | GUEST | HOTPLUGGABLE, "domainSetVcpusFlags", "QEMU");
      await setVcpus(host, dom, nvcpus, flags);
    },
  };
}
