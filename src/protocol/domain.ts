/** Procedures that find domains and tell about them. */
import { savingDomain } from "./acl.ts";
import { DomainXMLFlags } from "./constants/domain.ts";
import { DOMAIN_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, uuid } from "./shapes.ts";
import { array, int, optional, string, uchar, uhyper, uint, ushort } from "./xdr/index.ts";

/** Domains: finding, defining, describing them, and being told of their events. */
export const domainProcedures = remote("domain", {
  domainDefineXml: procedure(11, {
    args: { xml: string },
    result: { dom: domain },
    cFunction: "virDomainDefineXML",
    since: "0.1.1",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write", "domain:save"],
  }),

  domainGetXmlDesc: procedure(14, {
    args: { dom: domain, flags: uint },
    result: { xml: string },
    cFunction: "virDomainGetXMLDesc",
    since: "0.0.3",
    readOnly: "allowed",
    acl: [
      "domain:read",
      { permission: "domain:read_secure", ifAnyFlag: DomainXMLFlags.SECURE },
      { permission: "domain:read_secure", ifAnyFlag: DomainXMLFlags.MIGRATABLE },
    ],
  }),

  domainGetAutostart: procedure(15, {
    args: { dom: domain },
    result: { autostart: int },
    cFunction: "virDomainGetAutostart",
    since: "0.2.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainGetInfo: procedure(16, {
    args: { dom: domain },
    result: { state: uchar, maxMem: uhyper, memory: uhyper, nrVirtCpu: ushort, cpuTime: uhyper },
    cFunction: "virDomainGetInfo",
    since: "0.0.3",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetOsType: procedure(19, {
    args: { dom: domain },
    result: { type: string },
    cFunction: "virDomainGetOSType",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  connectListDefinedDomains: procedure(21, {
    args: { maxnames: int },
    result: { names: array(string, DOMAIN_LIST_MAX) },
    cFunction: "virConnectListDefinedDomains",
    since: "0.1.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  domainLookupById: procedure(22, {
    args: { id: int },
    result: { dom: domain },
    cFunction: "virDomainLookupByID",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:getattr"],
  }),

  domainLookupByName: procedure(23, {
    args: { name: string },
    result: { dom: domain },
    cFunction: "virDomainLookupByName",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:getattr"],
  }),

  domainLookupByUuid: procedure(24, {
    args: { uuid },
    result: { dom: domain },
    cFunction: "virDomainLookupByUUID",
    since: "0.0.5",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:getattr"],
  }),

  connectNumOfDefinedDomains: procedure(25, {
    result: { num: int },
    cFunction: "virConnectNumOfDefinedDomains",
    since: "0.1.5",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  domainSetAutostart: procedure(29, {
    args: { dom: domain, autostart: int },
    cFunction: "virDomainSetAutostart",
    since: "0.2.1",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write"],
  }),

  domainUndefine: procedure(35, {
    args: { dom: domain },
    cFunction: "virDomainUndefine",
    since: "0.1.1",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:delete"],
  }),

  connectListDomains: procedure(37, {
    args: { maxids: int },
    result: { ids: array(int, DOMAIN_LIST_MAX) },
    cFunction: "virConnectListDomains",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectNumOfDomains: procedure(51, {
    result: { num: int },
    cFunction: "virConnectNumOfDomains",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectDomainEventRegister: procedure(105, {
    result: { cbRegistered: int },
    cFunction: "virConnectDomainEventRegister",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectDomainEventDeregister: procedure(106, {
    result: { cbRegistered: int },
    cFunction: "virConnectDomainEventDeregister",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  connectDomainXmlFromNative: procedure(135, {
    args: { nativeFormat: string, nativeConfig: string, flags: uint },
    result: { domainXml: string },
    cFunction: "virConnectDomainXMLFromNative",
    since: "0.6.4",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  connectDomainXmlToNative: procedure(136, {
    args: { nativeFormat: string, domainXml: string, flags: uint },
    result: { nativeConfig: string },
    cFunction: "virConnectDomainXMLToNative",
    since: "0.6.4",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  domainIsActive: procedure(150, {
    args: { dom: domain },
    result: { active: int },
    cFunction: "virDomainIsActive",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainIsPersistent: procedure(151, {
    args: { dom: domain },
    result: { persistent: int },
    cFunction: "virDomainIsPersistent",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  connectDomainEventRegisterAny: procedure(167, {
    args: { eventID: int },
    cFunction: "virConnectDomainEventRegisterAny",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectDomainEventDeregisterAny: procedure(168, {
    args: { eventID: int },
    cFunction: "virConnectDomainEventDeregisterAny",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  domainIsUpdated: procedure(202, {
    args: { dom: domain },
    result: { updated: int },
    cFunction: "virDomainIsUpdated",
    since: "0.8.6",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainGetState: procedure(212, {
    args: { dom: domain, flags: uint },
    result: { state: int, reason: int },
    cFunction: "virDomainGetState",
    since: "0.9.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainUndefineFlags: procedure(231, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainUndefineFlags",
    since: "0.9.4",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:delete"],
  }),

  domainSetMetadata: procedure(264, {
    args: {
      dom: domain,
      type: int,
      metadata: optional(string),
      key: optional(string),
      uri: optional(string),
      flags: uint,
    },
    cFunction: "virDomainSetMetadata",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetMetadata: procedure(265, {
    args: { dom: domain, type: int, uri: optional(string), flags: uint },
    result: { metadata: string },
    cFunction: "virDomainGetMetadata",
    since: "0.9.10",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  connectListAllDomains: procedure(273, {
    args: { needResults: int, flags: uint },
    result: { domains: array(domain, DOMAIN_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllDomains",
    since: "0.9.13",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectDomainEventCallbackRegisterAny: procedure(316, {
    args: { eventID: int, dom: optional(domain) },
    result: { callbackID: int },
    cFunction: "virConnectDomainEventRegister",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_domains"],
    aclFilter: ["domain:getattr"],
  }),

  connectDomainEventCallbackDeregisterAny: procedure(317, {
    args: { callbackID: int },
    cFunction: "virConnectDomainEventDeregister",
    since: "0.5.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  domainDefineXmlFlags: procedure(350, {
    args: { xml: string, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainDefineXMLFlags",
    since: "1.2.12",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write", "domain:save"],
  }),

  domainRename: procedure(358, {
    args: { dom: domain, newName: optional(string), flags: uint },
    result: { retcode: int },
    cFunction: "virDomainRename",
    since: "1.2.19",
    readOnly: "denied",
    acl: ["domain:write", "domain:save"],
  }),

  domainGetAutostartOnce: procedure(449, {
    args: { dom: domain },
    result: { autostart: int },
    cFunction: "virDomainGetAutostartOnce",
    since: "11.2.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetAutostartOnce: procedure(450, {
    args: { dom: domain, autostart: int },
    cFunction: "virDomainSetAutostartOnce",
    since: "11.2.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),
});
