/** Procedures by which a client proves who it is. */
import { AUTH_SASL_DATA_MAX, AUTH_TYPE_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { array, chars, enumeration, int, string } from "./xdr/index.ts";

/** Ways to authenticate. */
export const AuthType = { NONE: 0, SASL: 1, POLKIT: 2 } as const;
export type AuthType = (typeof AuthType)[keyof typeof AuthType];
const authType = enumeration(AuthType);

/** Authentication: the only calls a client may make before it has succeeded. */
export const authProcedures = remote("auth", {
  authList: procedure(66, {
    result: { types: array(authType, AUTH_TYPE_LIST_MAX) },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "connected",
    acl: [],
  }),

  authSaslInit: procedure(67, {
    result: { mechlist: string },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "connected",
    acl: [],
  }),

  authSaslStart: procedure(68, {
    args: { mech: string, nil: int, data: chars(AUTH_SASL_DATA_MAX) },
    result: { complete: int, nil: int, data: chars(AUTH_SASL_DATA_MAX) },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "connected",
    acl: [],
  }),

  authSaslStep: procedure(69, {
    args: { nil: int, data: chars(AUTH_SASL_DATA_MAX) },
    result: { complete: int, nil: int, data: chars(AUTH_SASL_DATA_MAX) },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "connected",
    acl: [],
  }),

  authPolkit: procedure(70, {
    result: { complete: int },
    cFunction: "virConnectOpen",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    phase: "connected",
    acl: [],
  }),
});
