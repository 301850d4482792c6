/** Procedures that ask or change what runs in the guest. */
import { DomainInterfaceAddressesSource } from "./constants/domain-guest.ts";
import {
  DOMAIN_AUTHORIZED_SSH_KEYS_MAX,
  DOMAIN_FSFREEZE_MOUNTPOINTS_MAX,
  DOMAIN_FSINFO_DISKS_MAX,
  DOMAIN_FSINFO_MAX,
  DOMAIN_GUEST_INFO_PARAMS_MAX,
  DOMAIN_GUEST_VCPU_PARAMS_MAX,
  DOMAIN_INTERFACE_MAX,
  DOMAIN_IP_ADDR_MAX,
  DOMAIN_MESSAGES_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, hyper, int, type Of, optional, string, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const filesystemInfoShape = struct({
  mountpoint: string,
  name: string,
  fstype: string,
  devAliases: array(string, DOMAIN_FSINFO_DISKS_MAX),
});
/** A file system mounted in a guest. */
export interface FilesystemInfo extends Of<typeof filesystemInfoShape> {}
const filesystemInfo: Type<FilesystemInfo> = filesystemInfoShape;

const ipAddressShape = struct({ type: int, addr: string, prefix: uint });
/** An address of a guest's interface. `type` is an `IPAddrType`. */
export interface IPAddress extends Of<typeof ipAddressShape> {}
const ipAddress: Type<IPAddress> = ipAddressShape;

const domainInterfaceShape = struct({
  name: string,
  hwaddr: optional(string),
  addrs: array(ipAddress, DOMAIN_IP_ADDR_MAX),
});
/** A network interface as a guest sees it. */
export interface DomainInterface extends Of<typeof domainInterfaceShape> {}
const domainInterface: Type<DomainInterface> = domainInterfaceShape;

/** What is asked of the guest itself, mostly through its agent. */
export const domainGuestProcedures = remote("domain", {
  domainGetHostname: procedure(277, {
    args: { dom: domain, flags: uint },
    result: { hostname: string },
    cFunction: "virDomainGetHostname",
    since: "0.10.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainFstrim: procedure(294, {
    args: { dom: domain, mountPoint: optional(string), minimum: uhyper, flags: uint },
    cFunction: "virDomainFSTrim",
    since: "1.0.1",
    readOnly: "denied",
    acl: ["domain:fs_trim"],
  }),

  domainSendProcessSignal: procedure(295, {
    args: { dom: domain, pidValue: hyper, signum: uint, flags: uint },
    cFunction: "virDomainSendProcessSignal",
    since: "1.0.1",
    readOnly: "denied",
    acl: ["domain:send_signal"],
  }),

  domainFsfreeze: procedure(335, {
    args: { dom: domain, mountpoints: array(string, DOMAIN_FSFREEZE_MOUNTPOINTS_MAX), flags: uint },
    result: { filesystems: int },
    cFunction: "virDomainFSFreeze",
    since: "1.2.5",
    readOnly: "denied",
    acl: ["domain:fs_freeze"],
  }),

  domainFsthaw: procedure(336, {
    args: { dom: domain, mountpoints: array(string, DOMAIN_FSFREEZE_MOUNTPOINTS_MAX), flags: uint },
    result: { filesystems: int },
    cFunction: "virDomainFSThaw",
    since: "1.2.5",
    readOnly: "denied",
    acl: ["domain:fs_freeze"],
  }),

  domainGetTime: procedure(337, {
    args: { dom: domain, flags: uint },
    result: { seconds: hyper, nseconds: uint },
    cFunction: "virDomainGetTime",
    since: "1.2.5",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainSetTime: procedure(338, {
    args: { dom: domain, seconds: hyper, nseconds: uint, flags: uint },
    cFunction: "virDomainSetTime",
    since: "1.2.5",
    readOnly: "denied",
    acl: ["domain:set_time"],
  }),

  domainGetFsinfo: procedure(349, {
    args: { dom: domain, flags: uint },
    result: { info: array(filesystemInfo, DOMAIN_FSINFO_MAX), ret: uint },
    cFunction: "virDomainGetFSInfo",
    since: "1.2.11",
    readOnly: "denied",
    acl: ["domain:fs_freeze"],
  }),

  domainInterfaceAddresses: procedure(353, {
    args: { dom: domain, source: uint, flags: uint },
    result: { ifaces: array(domainInterface, DOMAIN_INTERFACE_MAX) },
    cFunction: "virDomainInterfaceAddresses",
    since: "1.2.14",
    readOnly: { deniedIf: "source", is: DomainInterfaceAddressesSource.AGENT },
    acl: [
      "domain:read",
      { permission: "domain:write", ifArgument: "source", has: DomainInterfaceAddressesSource.AGENT },
    ],
  }),

  domainSetUserPassword: procedure(357, {
    args: { dom: domain, user: optional(string), password: optional(string), flags: uint },
    cFunction: "virDomainSetUserPassword",
    since: "1.2.16",
    readOnly: "denied",
    acl: ["domain:set_password"],
  }),

  domainGetGuestVcpus: procedure(371, {
    args: { dom: domain, flags: uint },
    result: { params: array(typedParameter, DOMAIN_GUEST_VCPU_PARAMS_MAX) },
    cFunction: "virDomainGetGuestVcpus",
    since: "2.0.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainSetGuestVcpus: procedure(372, {
    args: { dom: domain, cpumap: string, state: int, flags: uint },
    cFunction: "virDomainSetGuestVcpus",
    since: "2.0.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainGetGuestInfo: procedure(418, {
    args: { dom: domain, types: uint, flags: uint },
    result: { params: array(typedParameter, DOMAIN_GUEST_INFO_PARAMS_MAX) },
    cFunction: "virDomainGetGuestInfo",
    since: "5.7.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainAgentSetResponseTimeout: procedure(420, {
    args: { dom: domain, timeout: int, flags: uint },
    result: { result: int },
    cFunction: "virDomainAgentSetResponseTimeout",
    since: "5.10.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainAuthorizedSshKeysGet: procedure(424, {
    args: { dom: domain, user: string, flags: uint },
    result: { keys: array(string, DOMAIN_AUTHORIZED_SSH_KEYS_MAX) },
    cFunction: "virDomainAuthorizedSSHKeysGet",
    since: "6.10.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainAuthorizedSshKeysSet: procedure(425, {
    args: { dom: domain, user: string, keys: array(string, DOMAIN_AUTHORIZED_SSH_KEYS_MAX), flags: uint },
    cFunction: "virDomainAuthorizedSSHKeysSet",
    since: "6.10.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainGetMessages: procedure(426, {
    args: { dom: domain, flags: uint },
    result: { msgs: array(string, DOMAIN_MESSAGES_MAX) },
    cFunction: "virDomainGetMessages",
    since: "7.1.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),
});
