/** What the driver answers to the questions that hypercalls or xl can answer, in the units that xl prints. */
import type { Router } from "../../../src/driver/router.ts";
import type { Domain } from "../../../src/protocol/index.ts";

const mib = 1024n;
const tenth = 100_000_000n;
const round = (value: bigint, unit: bigint): string => String((value + unit / 2n) / unit);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

async function ofHost(router: Router): Promise<Record<string, unknown>> {
  const { memory, ...node } = await router.call("nodeGetInfo", {});
  const { hvVer } = await router.call("connectGetVersion", {});
  const { capabilities } = await router.call("connectGetCapabilities", {});
  const kinds = await router.call("connectGetDomainCapabilities", {
    ...{ emulatorbin: null, arch: null, machine: "xenpvh", virttype: null, flags: 0 },
  });
  const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 0 });
  return {
    ...{ node, memory: String(memory / mib), version: String(hvVer), capabilities, kinds: kinds.capabilities },
    domains: domains.map(({ name, id }) => `${name} ${id}`).sort(),
  };
}

async function ofDomain(router: Router, dom: Domain): Promise<Record<string, unknown>> {
  const { cpuTime, memory, maxMem, ...info } = await router.call("domainGetInfo", { dom });
  const vcpus = await router.call("domainGetVcpus", { dom, maxinfo: 8, maplen: 1 });
  const pins = await router.call("domainGetVcpuPinInfo", { dom, ncpumaps: 8, maplen: 1, flags: 0 });
  const { type, nparams } = await router.call("domainGetSchedulerType", { dom });
  const { params } = await router.call("domainGetSchedulerParameters", { dom, nparams });
  const { stats } = await router.call("domainMemoryStats", { dom, maxStats: 20, flags: 0 });
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  return {
    info: { ...info, memory: String(memory / mib), maxMem: String(maxMem / mib), cpuTime: round(cpuTime, tenth) },
    vcpus: vcpus.info.map((vcpu) => ({ ...vcpu, cpuTime: round(vcpu.cpuTime, tenth) })),
    ...{ runsOn: hex(vcpus.cpumaps), pins: hex(pins.cpumaps), type, xml },
    params: params.map(({ field, value }) => `${field} ${String(value.value)}`),
    stats: stats.map(({ tag, val }) => `${tag} ${val / mib}`),
  };
}

/** The answers about the host and one domain. */
export async function answers(router: Router, name: string): Promise<unknown> {
  const { dom } = await router.call("domainLookupByName", { name });
  return { ...(await ofHost(router)), ...(await ofDomain(router, dom)) };
}
