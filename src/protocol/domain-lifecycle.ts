/** Procedures that define, start, stop and save domains. */
import { DomainRebootFlags, DomainShutdownFlags } from "./constants/domain.ts";
import { DomainSaveImageXMLFlags } from "./constants/domain-job.ts";
import { DOMAIN_SAVE_PARAMS_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, int, optional, string, uhyper, uint } from "./xdr/index.ts";

/** Starting, stopping, saving and restoring domains. */
export const domainLifecycleProcedures = remote("domain", {
  domainCreate: procedure(9, {
    args: { dom: domain },
    cFunction: "virDomainCreate",
    since: "0.1.1",
    readOnly: "denied",
    acl: ["domain:start"],
  }),

  domainCreateXml: procedure(10, {
    args: { xmlDesc: string, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainCreateXML",
    since: "0.5.0",
    readOnly: "denied",
    acl: ["domain:write", "domain:start"],
  }),

  domainDestroy: procedure(12, {
    args: { dom: domain },
    cFunction: "virDomainDestroy",
    since: "0.0.3",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:stop"],
  }),

  domainReboot: procedure(27, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainReboot",
    since: "0.1.0",
    readOnly: "denied",
    acl: ["domain:init_control", { permission: "domain:write", ifAnyFlag: DomainRebootFlags.GUEST_AGENT }],
  }),

  domainResume: procedure(28, {
    args: { dom: domain },
    cFunction: "virDomainResume",
    since: "0.0.3",
    readOnly: "denied",
    acl: ["domain:suspend"],
  }),

  domainShutdown: procedure(33, {
    args: { dom: domain },
    cFunction: "virDomainShutdown",
    since: "0.0.3",
    readOnly: "denied",
    acl: ["domain:init_control"],
  }),

  domainSuspend: procedure(34, {
    args: { dom: domain },
    cFunction: "virDomainSuspend",
    since: "0.0.3",
    readOnly: "denied",
    acl: ["domain:suspend"],
  }),

  domainCoreDump: procedure(53, {
    args: { dom: domain, to: string, flags: uint },
    cFunction: "virDomainCoreDump",
    since: "0.1.9",
    readOnly: "denied",
    acl: ["domain:core_dump"],
  }),

  domainRestore: procedure(54, {
    args: { from: string },
    cFunction: "virDomainRestore",
    since: "0.0.3",
    readOnly: "denied",
    acl: ["domain:start", "domain:write"],
  }),

  domainSave: procedure(55, {
    args: { dom: domain, to: string },
    cFunction: "virDomainSave",
    since: "0.0.3",
    readOnly: "denied",
    acl: ["domain:hibernate"],
  }),

  domainManagedSave: procedure(182, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainManagedSave",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:hibernate"],
  }),

  domainHasManagedSaveImage: procedure(183, {
    args: { dom: domain, flags: uint },
    result: { result: int },
    cFunction: "virDomainHasManagedSaveImage",
    since: "0.8.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainManagedSaveRemove: procedure(184, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainManagedSaveRemove",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:hibernate"],
  }),

  domainCreateWithFlags: procedure(196, {
    args: { dom: domain, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainCreateWithFlags",
    since: "0.8.2",
    readOnly: "denied",
    acl: ["domain:start"],
  }),

  domainSaveFlags: procedure(232, {
    args: { dom: domain, to: string, dxml: optional(string), flags: uint },
    cFunction: "virDomainSaveFlags",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:hibernate"],
  }),

  domainRestoreFlags: procedure(233, {
    args: { from: string, dxml: optional(string), flags: uint },
    cFunction: "virDomainRestoreFlags",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:start", "domain:write"],
  }),

  domainDestroyFlags: procedure(234, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainDestroyFlags",
    since: "0.9.4",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:stop"],
  }),

  domainSaveImageGetXmlDesc: procedure(235, {
    args: { file: string, flags: uint },
    result: { xml: string },
    cFunction: "virDomainSaveImageGetXMLDesc",
    since: "0.9.4",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write"],
  }),

  domainSaveImageDefineXml: procedure(236, {
    args: { file: string, dxml: string, flags: uint },
    cFunction: "virDomainSaveImageDefineXML",
    since: "0.9.4",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write", "domain:hibernate"],
  }),

  domainReset: procedure(245, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainReset",
    since: "0.9.7",
    readOnly: "denied",
    acl: ["domain:reset"],
  }),

  domainShutdownFlags: procedure(258, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainShutdownFlags",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["domain:init_control", { permission: "domain:write", ifAnyFlag: DomainShutdownFlags.GUEST_AGENT }],
  }),

  domainPmSuspendForDuration: procedure(261, {
    args: { dom: domain, target: uint, duration: uhyper, flags: uint },
    cFunction: "virDomainPMSuspendForDuration",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["domain:pm_control"],
  }),

  domainPmWakeup: procedure(267, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainPMWakeup",
    since: "0.9.11",
    readOnly: "denied",
    acl: ["domain:pm_control"],
  }),

  domainCreateXmlWithFiles: procedure(309, {
    args: { xmlDesc: string, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainCreateXMLWithFiles",
    since: "1.1.1",
    readOnly: "denied",
    descriptors: "call",
    acl: ["domain:write", "domain:start"],
  }),

  domainCreateWithFiles: procedure(310, {
    args: { dom: domain, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainCreateWithFiles",
    since: "1.1.1",
    readOnly: "denied",
    descriptors: "call",
    acl: ["domain:start"],
  }),

  domainCoreDumpWithFormat: procedure(334, {
    args: { dom: domain, to: string, dumpformat: uint, flags: uint },
    cFunction: "virDomainCoreDumpWithFormat",
    since: "1.2.3",
    readOnly: "denied",
    acl: ["domain:core_dump"],
  }),

  domainManagedSaveGetXmlDesc: procedure(388, {
    args: { dom: domain, flags: uint },
    result: { xml: string },
    cFunction: "virDomainManagedSaveGetXMLDesc",
    since: "3.7.0",
    readOnly: "allowed",
    acl: ["domain:read", { permission: "domain:read_secure", ifAnyFlag: DomainSaveImageXMLFlags.SECURE }],
  }),

  domainManagedSaveDefineXml: procedure(389, {
    args: { dom: domain, dxml: optional(string), flags: uint },
    cFunction: "virDomainManagedSaveDefineXML",
    since: "3.7.0",
    readOnly: "denied",
    acl: ["domain:write", "domain:hibernate"],
  }),

  domainSetLifecycleAction: procedure(390, {
    args: { dom: domain, type: uint, action: uint, flags: uint },
    cFunction: "virDomainSetLifecycleAction",
    since: "3.9.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainSaveParams: procedure(440, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_SAVE_PARAMS_MAX), flags: uint },
    cFunction: "virDomainSaveParams",
    since: "8.4.0",
    readOnly: "denied",
    acl: ["domain:hibernate"],
  }),

  domainRestoreParams: procedure(441, {
    args: { params: array(typedParameter, DOMAIN_SAVE_PARAMS_MAX), flags: uint },
    cFunction: "virDomainRestoreParams",
    since: "8.4.0",
    readOnly: "denied",
    acl: ["domain:start", "domain:write"],
  }),
});
