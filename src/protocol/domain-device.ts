/** Procedures about devices of domains. */
import { savingDomain } from "./acl.ts";
import { DOMAIN_SEND_KEY_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain } from "./shapes.ts";
import { array, optional, string, uint } from "./xdr/index.ts";

/** Devices of domains: plugging, consoles, graphics, keys. */
export const domainDeviceProcedures = remote("domain", {
  domainAttachDevice: procedure(8, {
    args: { dom: domain, xml: string },
    cFunction: "virDomainAttachDevice",
    since: "0.1.9",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainDetachDevice: procedure(13, {
    args: { dom: domain, xml: string },
    cFunction: "virDomainDetachDevice",
    since: "0.1.9",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainAttachDeviceFlags: procedure(160, {
    args: { dom: domain, xml: string, flags: uint },
    cFunction: "virDomainAttachDeviceFlags",
    since: "0.7.7",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainDetachDeviceFlags: procedure(161, {
    args: { dom: domain, xml: string, flags: uint },
    cFunction: "virDomainDetachDeviceFlags",
    since: "0.7.7",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainUpdateDeviceFlags: procedure(174, {
    args: { dom: domain, xml: string, flags: uint },
    cFunction: "virDomainUpdateDeviceFlags",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainOpenConsole: procedure(201, {
    args: { dom: domain, devName: optional(string), flags: uint },
    cFunction: "virDomainOpenConsole",
    since: "0.8.6",
    readOnly: "denied",
    stream: { direction: "both", argument: 2 },
    acl: ["domain:open_device"],
  }),

  domainInjectNmi: procedure(210, {
    args: { dom: domain, flags: uint },
    cFunction: "virDomainInjectNMI",
    since: "0.9.2",
    readOnly: "denied",
    acl: ["domain:inject_nmi"],
  }),

  domainScreenshot: procedure(211, {
    args: { dom: domain, screen: uint, flags: uint },
    result: { mime: optional(string) },
    cFunction: "virDomainScreenshot",
    since: "0.9.2",
    readOnly: "denied",
    stream: { direction: "receive", argument: 1 },
    acl: ["domain:screenshot"],
  }),

  domainSendKey: procedure(226, {
    args: { dom: domain, codeset: uint, holdtime: uint, keycodes: array(uint, DOMAIN_SEND_KEY_MAX), flags: uint },
    cFunction: "virDomainSendKey",
    since: "0.9.3",
    readOnly: "denied",
    acl: ["domain:send_input"],
  }),

  domainOpenGraphics: procedure(249, {
    args: { dom: domain, idx: uint, flags: uint },
    cFunction: "virDomainOpenGraphics",
    since: "0.9.7",
    readOnly: "denied",
    descriptors: "call",
    acl: ["domain:open_graphics"],
  }),

  domainOpenChannel: procedure(296, {
    args: { dom: domain, name: optional(string), flags: uint },
    cFunction: "virDomainOpenChannel",
    since: "1.0.2",
    readOnly: "denied",
    stream: { direction: "both", argument: 2 },
    acl: ["domain:open_device"],
  }),

  domainOpenGraphicsFd: procedure(343, {
    args: { dom: domain, idx: uint, flags: uint },
    cFunction: "virDomainOpenGraphicsFD",
    since: "1.2.8",
    readOnly: "denied",
    descriptors: "reply",
    acl: ["domain:open_graphics"],
  }),

  domainDetachDeviceAlias: procedure(392, {
    args: { dom: domain, alias: string, flags: uint },
    cFunction: "virDomainDetachDeviceAlias",
    since: "4.4.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainFdAssociate: procedure(443, {
    args: { dom: domain, name: string, flags: uint },
    cFunction: "virDomainFDAssociate",
    since: "9.0.0",
    readOnly: "denied",
    descriptors: "call",
    acl: ["domain:write"],
  }),

  domainGraphicsReload: procedure(448, {
    args: { dom: domain, type: uint, flags: uint },
    cFunction: "virDomainGraphicsReload",
    since: "10.2.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),
});
