/** Procedures about the connection and its hypervisor. */
import { CONNECT_CPU_MODELS_MAX, CONNECT_IDENTITY_PARAMS_MAX, CPU_BASELINE_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { typedParameter } from "./shapes.ts";
import { array, int, optional, string, uhyper, uint } from "./xdr/index.ts";

/** The connection itself. */
export const connectProcedures = remote("connect", {
  connectOpen: procedure(1, {
    args: { name: optional(string), flags: uint },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "authenticated",
    acl: ["connect:getattr"],
  }),

  connectClose: procedure(2, {
    cFunction: "virConnectClose",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "authenticated",
    acl: [],
  }),

  connectGetType: procedure(3, {
    result: { type: string },
    cFunction: "virConnectGetType",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectGetVersion: procedure(4, {
    result: { hvVer: uhyper },
    cFunction: "virConnectGetVersion",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectGetMaxVcpus: procedure(5, {
    args: { type: optional(string) },
    result: { maxVcpus: int },
    cFunction: "virConnectGetMaxVcpus",
    since: "0.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  connectGetCapabilities: procedure(7, {
    result: { capabilities: string },
    cFunction: "virConnectGetCapabilities",
    since: "0.2.1",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),

  connectGetHostname: procedure(59, {
    result: { hostname: string },
    cFunction: "virConnectGetHostname",
    since: "0.3.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  // Before the connection is open, it answers only for the feature PROGRAM_KEEPALIVE.
  connectSupportsFeature: procedure(60, {
    args: { feature: int },
    result: { supported: int },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "authenticated",
    acl: ["connect:getattr"],
  }),

  connectGetUri: procedure(110, {
    result: { uri: string },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectIsSecure: procedure(149, {
    result: { secure: int },
    cFunction: "virConnectIsSecure",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: [],
  }),

  connectGetLibVersion: procedure(157, {
    result: { libVer: uhyper },
    cFunction: "virConnectGetLibVersion",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectCompareCpu: procedure(158, {
    args: { xml: string, flags: uint },
    result: { result: int },
    cFunction: "virConnectCompareCPU",
    since: "0.7.5",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  connectBaselineCpu: procedure(162, {
    args: { xmlCPUs: array(string, CPU_BASELINE_MAX), flags: uint },
    result: { cpu: string },
    cFunction: "virConnectBaselineCPU",
    since: "0.7.7",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),

  connectGetSysinfo: procedure(203, {
    args: { flags: uint },
    result: { sysinfo: string },
    cFunction: "virConnectGetSysinfo",
    since: "0.8.8",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  connectGetCpuModelNames: procedure(312, {
    args: { arch: string, needResults: int, flags: uint },
    result: { models: array(string, CONNECT_CPU_MODELS_MAX), ret: int },
    cFunction: "virConnectGetCPUModelNames",
    since: "1.1.3",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),

  connectGetDomainCapabilities: procedure(342, {
    args: {
      emulatorbin: optional(string),
      arch: optional(string),
      machine: optional(string),
      virttype: optional(string),
      flags: uint,
    },
    result: { capabilities: string },
    cFunction: "virConnectGetDomainCapabilities",
    since: "1.2.7",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  connectRegisterCloseCallback: procedure(360, {
    cFunction: "virConnectRegisterCloseCallback",
    since: "0.10.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectUnregisterCloseCallback: procedure(361, {
    cFunction: "virConnectUnregisterCloseCallback",
    since: "0.10.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:getattr"],
  }),

  connectCompareHypervisorCpu: procedure(393, {
    args: {
      emulator: optional(string),
      arch: optional(string),
      machine: optional(string),
      virttype: optional(string),
      xmlCPU: string,
      flags: uint,
    },
    result: { result: int },
    cFunction: "virConnectCompareHypervisorCPU",
    since: "4.4.0",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  connectBaselineHypervisorCpu: procedure(394, {
    args: {
      emulator: optional(string),
      arch: optional(string),
      machine: optional(string),
      virttype: optional(string),
      xmlCPUs: array(string, CPU_BASELINE_MAX),
      flags: uint,
    },
    result: { cpu: string },
    cFunction: "virConnectBaselineHypervisorCPU",
    since: "4.4.0",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  connectSetIdentity: procedure(419, {
    args: { params: array(typedParameter, CONNECT_IDENTITY_PARAMS_MAX), flags: uint },
    cFunction: "virConnectSetIdentity",
    since: "5.8.0",
    readOnly: "allowed",
    acl: ["connect:write"],
  }),
});
