/** Procedures about snapshots of domains. */
import { DomainSnapshotCreateFlags, DomainSnapshotXMLFlags } from "./constants/snapshot.ts";
import { DOMAIN_SNAPSHOT_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, domainSnapshot } from "./shapes.ts";
import { array, int, string, uint } from "./xdr/index.ts";

/** Snapshots of domains. */
export const snapshotProcedures = remote("snapshot", {
  domainSnapshotCreateXml: procedure(185, {
    args: { dom: domain, xmlDesc: string, flags: uint },
    result: { snap: domainSnapshot },
    cFunction: "virDomainSnapshotCreateXML",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:snapshot", { permission: "domain:fs_freeze", ifAnyFlag: DomainSnapshotCreateFlags.QUIESCE }],
  }),

  domainSnapshotGetXmlDesc: procedure(186, {
    args: { snap: domainSnapshot, flags: uint },
    result: { xml: string },
    cFunction: "virDomainSnapshotGetXMLDesc",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read", { permission: "domain:read_secure", ifAnyFlag: DomainSnapshotXMLFlags.SECURE }],
  }),

  domainSnapshotNum: procedure(187, {
    args: { dom: domain, flags: uint },
    result: { num: int },
    cFunction: "virDomainSnapshotNum",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotListNames: procedure(188, {
    args: { dom: domain, maxnames: int, flags: uint },
    result: { names: array(string, DOMAIN_SNAPSHOT_LIST_MAX) },
    cFunction: "virDomainSnapshotListNames",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotLookupByName: procedure(189, {
    args: { dom: domain, name: string, flags: uint },
    result: { snap: domainSnapshot },
    cFunction: "virDomainSnapshotLookupByName",
    since: "0.8.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainHasCurrentSnapshot: procedure(190, {
    args: { dom: domain, flags: uint },
    result: { result: int },
    cFunction: "virDomainHasCurrentSnapshot",
    since: "0.8.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSnapshotCurrent: procedure(191, {
    args: { dom: domain, flags: uint },
    result: { snap: domainSnapshot },
    cFunction: "virDomainSnapshotCurrent",
    since: "0.8.0",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainRevertToSnapshot: procedure(192, {
    args: { snap: domainSnapshot, flags: uint },
    cFunction: "virDomainRevertToSnapshot",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:snapshot"],
  }),

  domainSnapshotDelete: procedure(193, {
    args: { snap: domainSnapshot, flags: uint },
    cFunction: "virDomainSnapshotDelete",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["domain:snapshot"],
  }),

  domainSnapshotGetParent: procedure(244, {
    args: { snap: domainSnapshot, flags: uint },
    result: { snap: domainSnapshot },
    cFunction: "virDomainSnapshotGetParent",
    since: "0.9.7",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotNumChildren: procedure(246, {
    args: { snap: domainSnapshot, flags: uint },
    result: { num: int },
    cFunction: "virDomainSnapshotNumChildren",
    since: "0.9.7",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotListChildrenNames: procedure(247, {
    args: { snap: domainSnapshot, maxnames: int, flags: uint },
    result: { names: array(string, DOMAIN_SNAPSHOT_LIST_MAX) },
    cFunction: "virDomainSnapshotListChildrenNames",
    since: "0.9.7",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotIsCurrent: procedure(271, {
    args: { snap: domainSnapshot, flags: uint },
    result: { current: int },
    cFunction: "virDomainSnapshotIsCurrent",
    since: "0.9.13",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSnapshotHasMetadata: procedure(272, {
    args: { snap: domainSnapshot, flags: uint },
    result: { metadata: int },
    cFunction: "virDomainSnapshotHasMetadata",
    since: "0.9.13",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainListAllSnapshots: procedure(274, {
    args: { dom: domain, needResults: int, flags: uint },
    result: { snapshots: array(domainSnapshot, DOMAIN_SNAPSHOT_LIST_MAX), ret: int },
    cFunction: "virDomainListAllSnapshots",
    since: "0.9.13",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSnapshotListAllChildren: procedure(275, {
    args: { snapshot: domainSnapshot, needResults: int, flags: uint },
    result: { snapshots: array(domainSnapshot, DOMAIN_SNAPSHOT_LIST_MAX), ret: int },
    cFunction: "virDomainSnapshotListAllChildren",
    since: "0.9.13",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),
});
