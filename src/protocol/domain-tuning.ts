/** Procedures about limits and shares of domains. */
import { savingDomain } from "./acl.ts";
import {
  CONNECT_GET_ALL_DOMAIN_STATS_MAX,
  DOMAIN_BLKIO_PARAMETERS_MAX,
  DOMAIN_INTERFACE_PARAMETERS_MAX,
  DOMAIN_LAUNCH_SECURITY_INFO_PARAMS_MAX,
  DOMAIN_LAUNCH_SECURITY_STATE_PARAMS_MAX,
  DOMAIN_LIST_MAX,
  DOMAIN_PERF_EVENTS_MAX,
  DOMAIN_SCHEDULER_PARAMETERS_MAX,
  SECURITY_LABEL_LIST_MAX,
  SECURITY_LABEL_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, hyper, int, type Of, string, struct, type Type, text, uhyper, uint } from "./xdr/index.ts";

const securityLabelShape = struct({ label: text(SECURITY_LABEL_MAX), enforcing: int });
/** The label a domain runs under, and whether it is enforced. */
export interface SecurityLabel extends Of<typeof securityLabelShape> {}
const securityLabel: Type<SecurityLabel> = securityLabelShape;

const domainStatsRecordShape = struct({ dom: domain, params: array(typedParameter, CONNECT_GET_ALL_DOMAIN_STATS_MAX) });
/** The statistics of one domain. */
export interface DomainStatsRecord extends Of<typeof domainStatsRecordShape> {}
const domainStatsRecord: Type<DomainStatsRecord> = domainStatsRecordShape;

/** Statistics, scheduling, limits and security of domains. */
export const domainTuningProcedures = remote("domain", {
  domainGetSchedulerType: procedure(56, {
    args: { dom: domain },
    result: { type: string, nparams: int },
    cFunction: "virDomainGetSchedulerType",
    since: "0.2.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetSchedulerParameters: procedure(57, {
    args: { dom: domain, nparams: int },
    result: { params: array(typedParameter, DOMAIN_SCHEDULER_PARAMETERS_MAX) },
    cFunction: "virDomainGetSchedulerParameters",
    since: "0.2.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetSchedulerParameters: procedure(58, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_SCHEDULER_PARAMETERS_MAX) },
    cFunction: "virDomainSetSchedulerParameters",
    since: "0.2.3",
    readOnly: "denied",
    acl: ["domain:read"],
  }),

  domainInterfaceStats: procedure(65, {
    args: { dom: domain, device: string },
    result: {
      rxBytes: hyper,
      rxPackets: hyper,
      rxErrs: hyper,
      rxDrop: hyper,
      txBytes: hyper,
      txPackets: hyper,
      txErrs: hyper,
      txDrop: hyper,
    },
    cFunction: "virDomainInterfaceStats",
    since: "0.3.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainGetSecurityLabel: procedure(121, {
    args: { dom: domain },
    result: { label: text(SECURITY_LABEL_MAX), enforcing: int },
    cFunction: "virDomainGetSecurityLabel",
    since: "0.6.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSetBlkioParameters: procedure(205, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_BLKIO_PARAMETERS_MAX), flags: uint },
    cFunction: "virDomainSetBlkioParameters",
    since: "0.9.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetBlkioParameters: procedure(206, {
    args: { dom: domain, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_BLKIO_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainGetBlkioParameters",
    since: "0.9.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetSchedulerParametersFlags: procedure(219, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_SCHEDULER_PARAMETERS_MAX), flags: uint },
    cFunction: "virDomainSetSchedulerParametersFlags",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetSchedulerParametersFlags: procedure(223, {
    args: { dom: domain, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_SCHEDULER_PARAMETERS_MAX) },
    cFunction: "virDomainGetSchedulerParametersFlags",
    since: "0.9.2",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetControlInfo: procedure(229, {
    args: { dom: domain, flags: uint },
    result: { state: uint, details: uint, stateTime: uhyper },
    cFunction: "virDomainGetControlInfo",
    since: "0.9.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSetInterfaceParameters: procedure(256, {
    args: {
      dom: domain,
      device: string,
      params: array(typedParameter, DOMAIN_INTERFACE_PARAMETERS_MAX),
      flags: uint,
    },
    cFunction: "virDomainSetInterfaceParameters",
    since: "0.9.9",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetInterfaceParameters: procedure(257, {
    args: { dom: domain, device: string, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_INTERFACE_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainGetInterfaceParameters",
    since: "0.9.9",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetSecurityLabelList: procedure(278, {
    args: { dom: domain },
    result: { labels: array(securityLabel, SECURITY_LABEL_LIST_MAX), ret: int },
    cFunction: "virDomainGetSecurityLabelList",
    since: "0.10.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  connectGetAllDomainStats: procedure(344, {
    args: { doms: array(domain, DOMAIN_LIST_MAX), stats: uint, flags: uint },
    result: { retStats: array(domainStatsRecord, DOMAIN_LIST_MAX) },
    cFunction: "virConnectGetAllDomainStats",
    since: "1.2.8",
    readOnly: "allowed",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:read"],
  }),

  domainGetPerfEvents: procedure(365, {
    args: { dom: domain, flags: uint },
    result: { params: array(typedParameter, DOMAIN_PERF_EVENTS_MAX) },
    cFunction: "virDomainGetPerfEvents",
    since: "1.3.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetPerfEvents: procedure(366, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_PERF_EVENTS_MAX), flags: uint },
    cFunction: "virDomainSetPerfEvents",
    since: "1.3.3",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainGetLaunchSecurityInfo: procedure(396, {
    args: { dom: domain, flags: uint },
    result: { params: array(typedParameter, DOMAIN_LAUNCH_SECURITY_INFO_PARAMS_MAX) },
    cFunction: "virDomainGetLaunchSecurityInfo",
    since: "4.5.0",
    readOnly: "denied",
    acl: ["domain:read"],
  }),

  domainSetLaunchSecurityState: procedure(439, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_LAUNCH_SECURITY_STATE_PARAMS_MAX), flags: uint },
    cFunction: "virDomainSetLaunchSecurityState",
    since: "8.0.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),
});
