/** Procedures about processors and I/O threads of domains. */
import { savingDomain } from "./acl.ts";
import { DomainVcpuFlags } from "./constants/domain-parameters.ts";
import {
  CPUMAP_MAX,
  CPUMAPS_MAX,
  DOMAIN_GET_CPU_STATS_MAX,
  DOMAIN_IOTHREAD_PARAMS_MAX,
  IOTHREAD_INFO_MAX,
  VCPUINFO_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, int, type Of, opaque, string, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const vcpuInfoShape = struct({ number: uint, state: int, cpuTime: uhyper, cpu: int });
/** What a virtual processor does. `state` is a `VcpuState`, `cpuTime` in ns, `cpu` the host processor it runs on. */
export interface VcpuInfo extends Of<typeof vcpuInfoShape> {}
const vcpuInfo: Type<VcpuInfo> = vcpuInfoShape;

const iothreadInfoShape = struct({ iothreadId: uint, cpumap: opaque(CPUMAP_MAX) });
/** An I/O thread and the host processors it may run on. */
export interface IOThreadInfo extends Of<typeof iothreadInfoShape> {}
const iothreadInfo: Type<IOThreadInfo> = iothreadInfoShape;

/** Virtual processors and I/O threads. */
export const domainCpuProcedures = remote("domain", {
  domainGetMaxVcpus: procedure(18, {
    args: { dom: domain },
    result: { num: int },
    cFunction: "virDomainGetMaxVcpus",
    since: "0.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainGetVcpus: procedure(20, {
    args: { dom: domain, maxinfo: int, maplen: int },
    result: { info: array(vcpuInfo, VCPUINFO_MAX), cpumaps: opaque(CPUMAPS_MAX) },
    cFunction: "virDomainGetVcpus",
    since: "0.1.4",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainPinVcpu: procedure(26, {
    args: { dom: domain, vcpu: uint, cpumap: opaque(CPUMAP_MAX) },
    cFunction: "virDomainPinVcpu",
    since: "0.1.4",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainSetVcpus: procedure(32, {
    args: { dom: domain, nvcpus: uint },
    cFunction: "virDomainSetVcpus",
    since: "0.1.4",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainSetVcpusFlags: procedure(199, {
    args: { dom: domain, nvcpus: uint, flags: uint },
    cFunction: "virDomainSetVcpusFlags",
    since: "0.8.5",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain, { permission: "domain:write", ifAnyFlag: DomainVcpuFlags.GUEST }],
  }),

  domainGetVcpusFlags: procedure(200, {
    args: { dom: domain, flags: uint },
    result: { num: int },
    cFunction: "virDomainGetVcpusFlags",
    since: "0.8.5",
    readOnly: { deniedIf: "flags", has: DomainVcpuFlags.GUEST },
    acl: ["domain:read", { permission: "domain:write", ifAnyFlag: DomainVcpuFlags.GUEST }],
  }),

  domainPinVcpuFlags: procedure(225, {
    args: { dom: domain, vcpu: uint, cpumap: opaque(CPUMAP_MAX), flags: uint },
    cFunction: "virDomainPinVcpuFlags",
    since: "0.9.3",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetVcpuPinInfo: procedure(230, {
    args: { dom: domain, ncpumaps: int, maplen: int, flags: uint },
    result: { cpumaps: opaque(CPUMAPS_MAX), num: int },
    cFunction: "virDomainGetVcpuPinInfo",
    since: "0.9.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetCpuStats: procedure(262, {
    args: { dom: domain, nparams: uint, startCpu: int, ncpus: uint, flags: uint },
    result: { params: array(typedParameter, DOMAIN_GET_CPU_STATS_MAX), nparams: int },
    cFunction: "virDomainGetCPUStats",
    since: "0.9.10",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainPinEmulator: procedure(279, {
    args: { dom: domain, cpumap: opaque(CPUMAP_MAX), flags: uint },
    cFunction: "virDomainPinEmulator",
    since: "0.10.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetEmulatorPinInfo: procedure(280, {
    args: { dom: domain, maplen: int, flags: uint },
    result: { cpumaps: opaque(CPUMAPS_MAX), ret: int },
    cFunction: "virDomainGetEmulatorPinInfo",
    since: "0.10.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetIothreadInfo: procedure(351, {
    args: { dom: domain, flags: uint },
    result: { info: array(iothreadInfo, IOTHREAD_INFO_MAX), ret: uint },
    cFunction: "virDomainGetIOThreadInfo",
    since: "1.2.14",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainPinIothread: procedure(352, {
    args: { dom: domain, iothreadsId: uint, cpumap: opaque(CPUMAP_MAX), flags: uint },
    cFunction: "virDomainPinIOThread",
    since: "1.2.14",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainAddIothread: procedure(355, {
    args: { dom: domain, iothreadId: uint, flags: uint },
    cFunction: "virDomainAddIOThread",
    since: "1.2.15",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainDelIothread: procedure(356, {
    args: { dom: domain, iothreadId: uint, flags: uint },
    cFunction: "virDomainDelIOThread",
    since: "1.2.15",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainSetVcpu: procedure(384, {
    args: { dom: domain, cpumap: string, state: int, flags: uint },
    cFunction: "virDomainSetVcpu",
    since: "3.1.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainSetIothreadParams: procedure(402, {
    args: {
      dom: domain,
      iothreadId: uint,
      params: array(typedParameter, DOMAIN_IOTHREAD_PARAMS_MAX),
      flags: uint,
    },
    cFunction: "virDomainSetIOThreadParams",
    since: "4.10.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),
});
