/** Procedures about checkpoints of domains. */
import { DomainCheckpointCreateFlags, DomainCheckpointXMLFlags } from "./constants/checkpoint.ts";
import { DOMAIN_CHECKPOINT_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, domainCheckpoint } from "./shapes.ts";
import { array, int, string, uint } from "./xdr/index.ts";

/** Checkpoints of domains: points that incremental backups start from. */
export const checkpointProcedures = remote("checkpoint", {
  domainCheckpointCreateXml: procedure(411, {
    args: { dom: domain, xmlDesc: string, flags: uint },
    result: { checkpoint: domainCheckpoint },
    cFunction: "virDomainCheckpointCreateXML",
    since: "5.6.0",
    readOnly: "denied",
    acl: ["domain:checkpoint", { permission: "domain:fs_freeze", ifAnyFlag: DomainCheckpointCreateFlags.QUIESCE }],
  }),

  domainCheckpointGetXmlDesc: procedure(412, {
    args: { checkpoint: domainCheckpoint, flags: uint },
    result: { xml: string },
    cFunction: "virDomainCheckpointGetXMLDesc",
    since: "5.6.0",
    readOnly: "allowed",
    acl: ["domain:read", { permission: "domain:read_secure", ifAnyFlag: DomainCheckpointXMLFlags.SECURE }],
  }),

  domainListAllCheckpoints: procedure(413, {
    args: { dom: domain, needResults: int, flags: uint },
    result: { checkpoints: array(domainCheckpoint, DOMAIN_CHECKPOINT_LIST_MAX), ret: int },
    cFunction: "virDomainListAllCheckpoints",
    since: "5.6.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainCheckpointListAllChildren: procedure(414, {
    args: { checkpoint: domainCheckpoint, needResults: int, flags: uint },
    result: { checkpoints: array(domainCheckpoint, DOMAIN_CHECKPOINT_LIST_MAX), ret: int },
    cFunction: "virDomainCheckpointListAllChildren",
    since: "5.6.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainCheckpointLookupByName: procedure(415, {
    args: { dom: domain, name: string, flags: uint },
    result: { checkpoint: domainCheckpoint },
    cFunction: "virDomainCheckpointLookupByName",
    since: "5.6.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainCheckpointGetParent: procedure(416, {
    args: { checkpoint: domainCheckpoint, flags: uint },
    result: { parent: domainCheckpoint },
    cFunction: "virDomainCheckpointGetParent",
    since: "5.6.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainCheckpointDelete: procedure(417, {
    args: { checkpoint: domainCheckpoint, flags: uint },
    cFunction: "virDomainCheckpointDelete",
    since: "5.6.0",
    readOnly: "denied",
    acl: ["domain:checkpoint"],
  }),
});
