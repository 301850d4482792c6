/** Procedures of the admin program: servers, their clients and workers. */
import {
  ADMIN_CLIENT_INFO_PARAMETERS_MAX,
  ADMIN_CLIENT_LIST_MAX,
  ADMIN_SERVER_CLIENT_LIMITS_MAX,
  ADMIN_SERVER_LIST_MAX,
  ADMIN_SERVER_THREADPOOL_PARAMETERS_MAX,
} from "./limits.ts";
import { admin, procedure } from "./procedure.ts";
import { typedParameter } from "./shapes.ts";
import { array, hyper, type Of, optional, string, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const adminServerShape = struct({ name: string });
/** A server inside the daemon. */
export interface AdminServer extends Of<typeof adminServerShape> {}
export const adminServer: Type<AdminServer> = adminServerShape;

const adminClientShape = struct({ srv: adminServer, id: uhyper, timestamp: hyper, transport: uint });
/** A client of a server. `timestamp`: when it connected, in seconds since 1970; `transport` is a `ClientTransport`. */
export interface AdminClient extends Of<typeof adminClientShape> {}
export const adminClient: Type<AdminClient> = adminClientShape;

/** Control over the daemon: its servers, their clients and workers. */
export const adminProcedures = admin({
  adminConnectOpen: procedure(1, {
    args: { flags: uint },
    cFunction: "virAdmConnectOpen",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectClose: procedure(2, {
    cFunction: "virAdmConnectClose",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectGetLibVersion: procedure(3, {
    result: { libVer: uhyper },
    cFunction: "virAdmConnectGetLibVersion",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectListServers: procedure(4, {
    args: { needResults: uint, flags: uint },
    result: { servers: array(adminServer, ADMIN_SERVER_LIST_MAX), ret: uint },
    cFunction: "virAdmConnectListServers",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectLookupServer: procedure(5, {
    args: { name: string, flags: uint },
    result: { srv: adminServer },
    cFunction: "virAdmConnectLookupServer",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerGetThreadpoolParameters: procedure(6, {
    args: { srv: adminServer, flags: uint },
    result: { params: array(typedParameter, ADMIN_SERVER_THREADPOOL_PARAMETERS_MAX) },
    cFunction: "virAdmServerGetThreadPoolParameters",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerSetThreadpoolParameters: procedure(7, {
    args: {
      srv: adminServer,
      params: array(typedParameter, ADMIN_SERVER_THREADPOOL_PARAMETERS_MAX),
      flags: uint,
    },
    cFunction: "virAdmServerSetThreadPoolParameters",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerListClients: procedure(8, {
    args: { srv: adminServer, needResults: uint, flags: uint },
    result: { clients: array(adminClient, ADMIN_CLIENT_LIST_MAX), ret: uint },
    cFunction: "virAdmServerListClients",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerLookupClient: procedure(9, {
    args: { srv: adminServer, id: uhyper, flags: uint },
    result: { clnt: adminClient },
    cFunction: "virAdmServerLookupClient",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminClientGetInfo: procedure(10, {
    args: { clnt: adminClient, flags: uint },
    result: { params: array(typedParameter, ADMIN_CLIENT_INFO_PARAMETERS_MAX) },
    cFunction: "virAdmClientGetInfo",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminClientClose: procedure(11, {
    args: { clnt: adminClient, flags: uint },
    cFunction: "virAdmClientClose",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerGetClientLimits: procedure(12, {
    args: { srv: adminServer, flags: uint },
    result: { params: array(typedParameter, ADMIN_SERVER_CLIENT_LIMITS_MAX) },
    cFunction: "virAdmServerGetClientLimits",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerSetClientLimits: procedure(13, {
    args: { srv: adminServer, params: array(typedParameter, ADMIN_SERVER_CLIENT_LIMITS_MAX), flags: uint },
    cFunction: "virAdmServerSetClientLimits",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectGetLoggingOutputs: procedure(14, {
    args: { flags: uint },
    result: { outputs: string, noutputs: uint },
    cFunction: "virAdmConnectGetLoggingOutputs",
    since: "3.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectGetLoggingFilters: procedure(15, {
    args: { flags: uint },
    result: { filters: optional(string), nfilters: uint },
    cFunction: "virAdmConnectGetLoggingFilters",
    since: "3.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectSetLoggingOutputs: procedure(16, {
    args: { outputs: optional(string), flags: uint },
    cFunction: "virAdmConnectSetLoggingOutputs",
    since: "3.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectSetLoggingFilters: procedure(17, {
    args: { filters: optional(string), flags: uint },
    cFunction: "virAdmConnectSetLoggingFilters",
    since: "3.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminServerUpdateTlsFiles: procedure(18, {
    args: { srv: adminServer, flags: uint },
    cFunction: "virAdmServerUpdateTlsFiles",
    since: "2.0.0",
    readOnly: "allowed",
    acl: [],
  }),

  adminConnectSetDaemonTimeout: procedure(19, {
    args: { timeout: uint, flags: uint },
    cFunction: "virAdmConnectSetDaemonTimeout",
    since: "8.6.0",
    readOnly: "allowed",
    acl: [],
  }),
});
