/** Procedures of the QEMU program. */
import { procedure, qemu } from "./procedure.ts";
import { domain } from "./shapes.ts";
import { int, optional, string, uint } from "./xdr/index.ts";

/** Functions of the QEMU driver alone. */
export const qemuProcedures = qemu({
  qemuDomainMonitorCommand: procedure(1, {
    args: { dom: domain, cmd: string, flags: uint },
    result: { result: string },
    cFunction: "virDomainQemuMonitorCommand",
    since: "0.8.3",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  qemuDomainAttach: procedure(2, {
    args: { pidValue: uint, flags: uint },
    result: { dom: domain },
    cFunction: "virDomainQemuAttach",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:start", "domain:write"],
  }),

  qemuDomainAgentCommand: procedure(3, {
    args: { dom: domain, cmd: string, timeout: int, flags: uint },
    result: { result: optional(string) },
    cFunction: "virDomainQemuAgentCommand",
    since: "0.10.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  qemuConnectDomainMonitorEventRegister: procedure(4, {
    args: { dom: optional(domain), event: optional(string), flags: uint },
    result: { callbackID: int },
    cFunction: "virConnectDomainQemuMonitorEventRegister",
    since: "1.2.3",
    readOnly: "denied",
    priority: "high",
    acl: ["connect:search_domains", "connect:write"],
    aclFilter: ["domain:getattr"],
  }),

  qemuConnectDomainMonitorEventDeregister: procedure(5, {
    args: { callbackID: int },
    cFunction: "virConnectDomainQemuMonitorEventDeregister",
    since: "1.2.3",
    readOnly: "denied",
    priority: "high",
    acl: ["connect:write"],
  }),

  qemuDomainMonitorCommandWithFiles: procedure(7, {
    args: { dom: domain, cmd: string, flags: uint },
    result: { result: string },
    cFunction: "virDomainQemuMonitorCommandWithFiles",
    since: "8.2.0",
    readOnly: "denied",
    descriptors: "both",
    acl: ["domain:write"],
  }),
});
