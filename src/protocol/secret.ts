/** Procedures about secrets. */
import { SECRET_LIST_MAX, SECRET_VALUE_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { secret, uuid } from "./shapes.ts";
import { array, int, opaque, optional, string, uint } from "./xdr/index.ts";

/** Secrets: passphrases and keys that storage needs. */
export const secretProcedures = remote("secret", {
  connectNumOfSecrets: procedure(139, {
    result: { num: int },
    cFunction: "virConnectNumOfSecrets",
    since: "0.7.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_secrets"],
    aclFilter: ["secret:getattr"],
  }),

  connectListSecrets: procedure(140, {
    args: { maxuuids: int },
    result: { uuids: array(string, SECRET_LIST_MAX) },
    cFunction: "virConnectListSecrets",
    since: "0.7.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_secrets"],
    aclFilter: ["secret:getattr"],
  }),

  secretLookupByUuid: procedure(141, {
    args: { uuid },
    result: { secret },
    cFunction: "virSecretLookupByUUID",
    since: "0.7.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["secret:getattr"],
  }),

  secretDefineXml: procedure(142, {
    args: { xml: string, flags: uint },
    result: { secret },
    cFunction: "virSecretDefineXML",
    since: "0.7.1",
    readOnly: "denied",
    priority: "high",
    acl: ["secret:write", "secret:save"],
  }),

  secretGetXmlDesc: procedure(143, {
    args: { secret, flags: uint },
    result: { xml: string },
    cFunction: "virSecretGetXMLDesc",
    since: "0.7.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["secret:read"],
  }),

  secretSetValue: procedure(144, {
    args: { secret, value: opaque(SECRET_VALUE_MAX), flags: uint },
    cFunction: "virSecretSetValue",
    since: "0.7.1",
    readOnly: "denied",
    priority: "high",
    acl: ["secret:write"],
  }),

  secretGetValue: procedure(145, {
    args: { secret, flags: uint },
    result: { value: opaque(SECRET_VALUE_MAX) },
    cFunction: "virSecretGetValue",
    since: "0.7.1",
    readOnly: "denied",
    priority: "high",
    acl: ["secret:read_secure"],
  }),

  secretUndefine: procedure(146, {
    args: { secret },
    cFunction: "virSecretUndefine",
    since: "0.7.1",
    readOnly: "denied",
    priority: "high",
    acl: ["secret:delete"],
  }),

  secretLookupByUsage: procedure(147, {
    args: { usageType: int, usageID: string },
    result: { secret },
    cFunction: "virSecretLookupByUsage",
    since: "0.7.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["secret:getattr"],
  }),

  connectListAllSecrets: procedure(287, {
    args: { needResults: int, flags: uint },
    result: { secrets: array(secret, SECRET_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllSecrets",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_secrets"],
    aclFilter: ["secret:getattr"],
  }),

  connectSecretEventRegisterAny: procedure(380, {
    args: { eventID: int, secret: optional(secret) },
    result: { callbackID: int },
    cFunction: "virConnectSecretEventRegisterAny",
    since: "3.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_secrets"],
    aclFilter: ["secret:getattr"],
  }),

  connectSecretEventDeregisterAny: procedure(381, {
    args: { callbackID: int },
    cFunction: "virConnectSecretEventDeregisterAny",
    since: "3.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),
});
