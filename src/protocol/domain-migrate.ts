/** Procedures about migration of domains. */
import { DOMAIN_MIGRATE_PARAM_LIST_MAX, MIGRATE_COOKIE_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, int, opaque, optional, string, uhyper, uint } from "./xdr/index.ts";

/** Moving a running domain to another host, in each version of the handshake between the hosts. */
export const domainMigrateProcedures = remote("domain", {
  domainMigratePrepare: procedure(61, {
    args: { uriIn: optional(string), flags: uhyper, dname: optional(string), resource: uhyper },
    result: { cookie: opaque(MIGRATE_COOKIE_MAX), uriOut: optional(string) },
    cFunction: "virDomainMigrate",
    since: "0.3.2",
    readOnly: "denied",
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigratePerform: procedure(62, {
    args: {
      dom: domain,
      cookie: opaque(MIGRATE_COOKIE_MAX),
      uri: string,
      flags: uhyper,
      dname: optional(string),
      resource: uhyper,
    },
    cFunction: "virDomainMigrate",
    since: "0.3.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateFinish: procedure(63, {
    args: { dname: string, cookie: opaque(MIGRATE_COOKIE_MAX), uri: string, flags: uhyper },
    result: { ddom: domain },
    cFunction: "virDomainMigrate",
    since: "0.3.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigratePrepare2: procedure(108, {
    args: { uriIn: optional(string), flags: uhyper, dname: optional(string), resource: uhyper, domXml: string },
    result: { cookie: opaque(MIGRATE_COOKIE_MAX), uriOut: optional(string) },
    cFunction: "virDomainMigrate",
    since: "0.5.0",
    readOnly: "denied",
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigrateFinish2: procedure(109, {
    args: { dname: string, cookie: opaque(MIGRATE_COOKIE_MAX), uri: string, flags: uhyper, retcode: int },
    result: { ddom: domain },
    cFunction: "virDomainMigrate",
    since: "0.5.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigratePrepareTunnel: procedure(148, {
    args: { flags: uhyper, dname: optional(string), resource: uhyper, domXml: string },
    cFunction: "virDomainMigrate",
    since: "0.7.2",
    readOnly: "denied",
    stream: { direction: "send", argument: 1 },
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigrateSetMaxDowntime: procedure(166, {
    args: { dom: domain, downtime: uhyper, flags: uint },
    cFunction: "virDomainMigrateSetMaxDowntime",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateSetMaxSpeed: procedure(207, {
    args: { dom: domain, bandwidth: uhyper, flags: uint },
    cFunction: "virDomainMigrateSetMaxSpeed",
    since: "0.9.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateBegin3: procedure(213, {
    args: { dom: domain, xmlin: optional(string), flags: uhyper, dname: optional(string), resource: uhyper },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX), xml: string },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigratePrepare3: procedure(214, {
    args: {
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      uriIn: optional(string),
      flags: uhyper,
      dname: optional(string),
      resource: uhyper,
      domXml: string,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX), uriOut: optional(string) },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigratePrepareTunnel3: procedure(215, {
    args: {
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uhyper,
      dname: optional(string),
      resource: uhyper,
      domXml: string,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    stream: { direction: "send", argument: 1 },
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigratePerform3: procedure(216, {
    args: {
      dom: domain,
      xmlin: optional(string),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      dconnuri: optional(string),
      uri: optional(string),
      flags: uhyper,
      dname: optional(string),
      resource: uhyper,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateFinish3: procedure(217, {
    args: {
      dname: string,
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      dconnuri: optional(string),
      uri: optional(string),
      flags: uhyper,
      cancelled: int,
    },
    result: { dom: domain, cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateConfirm3: procedure(218, {
    args: { dom: domain, cookieIn: opaque(MIGRATE_COOKIE_MAX), flags: uhyper, cancelled: int },
    cFunction: "virDomainMigrate",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateGetMaxSpeed: procedure(242, {
    args: { dom: domain, flags: uint },
    result: { bandwidth: uhyper },
    cFunction: "virDomainMigrateGetMaxSpeed",
    since: "0.9.5",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateGetCompressionCache: procedure(299, {
    args: { dom: domain, flags: uint },
    result: { cacheSize: uhyper },
    cFunction: "virDomainMigrateGetCompressionCache",
    since: "1.0.3",
    readOnly: "allowed",
    acl: ["domain:migrate"],
  }),

  domainMigrateSetCompressionCache: procedure(300, {
    args: { dom: domain, cacheSize: uhyper, flags: uint },
    cFunction: "virDomainMigrateSetCompressionCache",
    since: "1.0.3",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateBegin3Params: procedure(302, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX), flags: uint },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX), xml: string },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigratePrepare3Params: procedure(303, {
    args: {
      params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uint,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX), uriOut: optional(string) },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigratePrepareTunnel3Params: procedure(304, {
    args: {
      params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uint,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    stream: { direction: "send", argument: 1 },
    acl: ["domain:migrate", "domain:start", "domain:write"],
  }),

  domainMigratePerform3Params: procedure(305, {
    args: {
      dom: domain,
      dconnuri: optional(string),
      params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uint,
    },
    result: { cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateFinish3Params: procedure(306, {
    args: {
      params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uint,
      cancelled: int,
    },
    result: { dom: domain, cookieOut: opaque(MIGRATE_COOKIE_MAX) },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateConfirm3Params: procedure(307, {
    args: {
      dom: domain,
      params: array(typedParameter, DOMAIN_MIGRATE_PARAM_LIST_MAX),
      cookieIn: opaque(MIGRATE_COOKIE_MAX),
      flags: uint,
      cancelled: int,
    },
    cFunction: "virDomainMigrate3",
    since: "1.1.0",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateStartPostCopy: procedure(364, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainMigrateStartPostCopy",
    since: "1.3.3",
    readOnly: "denied",
    acl: ["domain:migrate"],
  }),

  domainMigrateGetMaxDowntime: procedure(387, {
    args: { dom: domain, flags: uint },
    result: { downtime: uhyper },
    cFunction: "virDomainMigrateGetMaxDowntime",
    since: "3.7.0",
    readOnly: "allowed",
    acl: ["domain:migrate"],
  }),
});
