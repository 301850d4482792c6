/** The admin program: virt-admin and its like look at the daemon's servers and clients, and change limits and the log. */
import { checkFlags } from "../../driver/flags.ts";
import { boolParam, intParam, stringParam, takeParams, uintParam } from "../../driver/typed-parameters.ts";
import { libraryVersion } from "../../driver/version.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type AdminClient,
  type ArgsOf,
  ClientInfo,
  ClientTransport,
  type ProcedureName,
  type ProcedureNameOf,
  type ResultOf,
  ServerClients,
  Threadpool,
  type TypedParameter,
  TypedParameterType,
} from "../../protocol/index.ts";
import type { Client } from "../server/client.ts";
import type { Control, ControlledServer } from "./control.ts";

/** Handlers of the whole program; `asking` is the client that calls. */
export type AdminHandlers = {
  readonly [N in ProcedureNameOf<"admin">]: (args: ArgsOf<N>, asking: Client) => ResultOf<N> | Promise<ResultOf<N>>;
};

export function adminHandlers(control: Control): AdminHandlers {
  return {
    ...connectionHandlers(control),
    ...serverHandlers(control),
    ...clientHandlers(control),
    ...logHandlers(control),
  };
}

type Part<Name extends ProcedureNameOf<"admin">> = Pick<AdminHandlers, Name>;

/** Flags have no meaning in this program yet. */
function noFlags({ flags }: { readonly flags: number }, procedure: ProcedureName, cFunction: string = procedure): void {
  checkFlags(flags, 0, procedure, "ADMIN", cFunction);
}

function connectionHandlers(
  control: Control,
): Part<
  | "adminConnectOpen"
  | "adminConnectClose"
  | "adminConnectGetLibVersion"
  | "adminConnectListServers"
  | "adminConnectLookupServer"
  | "adminConnectSetDaemonTimeout"
> {
  return {
    adminConnectOpen: (args) => noFlags(args, "adminConnectOpen", "adminDispatchConnectOpen"),
    adminConnectClose: (_, asking) => asking.leave(),
    adminConnectGetLibVersion: () => ({ libVer: libraryVersion }),
    adminConnectListServers(args) {
      noFlags(args, "adminConnectListServers");
      const servers = [...control.servers.keys()].map((name) => ({ name }));
      return { servers: args.needResults ? servers : [], ret: servers.length };
    },
    adminConnectLookupServer({ name }) {
      find(control, { name });
      return { srv: { name } };
    },
    adminConnectSetDaemonTimeout(args) {
      noFlags(args, "adminConnectSetDaemonTimeout");
      // The largest number stands for "never".
      control.setTimeout(args.timeout === 0xffff_ffff ? 0 : args.timeout);
    },
  };
}

function serverHandlers(
  control: Control,
): Part<
  | "adminServerGetThreadpoolParameters"
  | "adminServerSetThreadpoolParameters"
  | "adminServerGetClientLimits"
  | "adminServerSetClientLimits"
  | "adminServerUpdateTlsFiles"
> {
  return {
    adminServerGetThreadpoolParameters(args) {
      noFlags(args, "adminServerGetThreadpoolParameters", "adminServerGetThreadPoolParameters");
      return { params: threadpool(find(control, args.srv)) };
    },
    adminServerSetThreadpoolParameters(args) {
      noFlags(args, "adminServerSetThreadpoolParameters", "adminServerSetThreadPoolParameters");
      setThreadpool(find(control, args.srv), args.params);
    },
    adminServerGetClientLimits(args) {
      noFlags(args, "adminServerGetClientLimits");
      return { params: clientLimits(find(control, args.srv)) };
    },
    adminServerSetClientLimits(args) {
      noFlags(args, "adminServerSetClientLimits");
      setClientLimits(find(control, args.srv), args.params);
    },
    async adminServerUpdateTlsFiles(args) {
      noFlags(args, "adminServerUpdateTlsFiles");
      const { updateTls } = find(control, args.srv);
      if (updateTls === null) {
        throw new LibvirtError("INTERNAL_ERROR", "RPC", "no tls service found, unable to update tls files");
      }
      await updateTls();
    },
  };
}

function threadpool({ server, workers }: ControlledServer): TypedParameter[] {
  const running = [...server.clients.values()].reduce((sum, client) => sum + client.running, 0);
  return [
    uintParam(Threadpool.WORKERS_MIN, workers.min),
    uintParam(Threadpool.WORKERS_MAX, workers.max),
    // One process does all work, and is free for more whenever it waits for something.
    uintParam(Threadpool.WORKERS_CURRENT, 1),
    uintParam(Threadpool.WORKERS_FREE, 1),
    uintParam(Threadpool.WORKERS_PRIORITY, workers.priority),
    uintParam(Threadpool.JOB_QUEUE_DEPTH, running),
  ];
}

const { UINT } = TypedParameterType;

function setThreadpool({ workers }: ControlledServer, params: readonly TypedParameter[]): void {
  const types = { [Threadpool.WORKERS_MIN]: UINT, [Threadpool.WORKERS_MAX]: UINT, [Threadpool.WORKERS_PRIORITY]: UINT };
  const taken = takeParams(params, types, "NONE") as ReadonlyMap<string, number>;
  const min = taken.get(Threadpool.WORKERS_MIN) ?? workers.min;
  const max = taken.get(Threadpool.WORKERS_MAX) ?? workers.max;
  if (min > max) throw new LibvirtError("INVALID_ARG", "NONE", "minWorkers cannot be larger than maxWorkers");
  Object.assign(workers, { min, max, priority: taken.get(Threadpool.WORKERS_PRIORITY) ?? workers.priority });
}

function clientLimits({ server }: ControlledServer): TypedParameter[] {
  return [
    uintParam(ServerClients.MAX, server.limits.maxClients),
    uintParam(ServerClients.CURRENT, server.clients.size),
    uintParam(ServerClients.UNAUTH_MAX, server.limits.maxAnonymous),
    uintParam(ServerClients.UNAUTH_CURRENT, server.anonymousCount),
  ];
}

function setClientLimits({ server }: ControlledServer, params: readonly TypedParameter[]): void {
  const types = { [ServerClients.MAX]: UINT, [ServerClients.UNAUTH_MAX]: UINT };
  const taken = takeParams(params, types, "NONE") as ReadonlyMap<string, number>;
  const maxClients = taken.get(ServerClients.MAX) ?? server.limits.maxClients;
  const maxAnonymous = taken.get(ServerClients.UNAUTH_MAX) ?? server.limits.maxAnonymous;
  if (maxAnonymous > maxClients || maxClients === 0) {
    throw new LibvirtError(
      "INVALID_ARG",
      "RPC",
      "The overall maximum number of clients waiting for authentication must not be less than the overall maximum " +
        "number of clients",
    );
  }
  Object.assign(server.limits, { maxClients, maxAnonymous });
  server.limitsChanged();
}

function clientHandlers(
  control: Control,
): Part<"adminServerListClients" | "adminServerLookupClient" | "adminClientGetInfo" | "adminClientClose"> {
  return {
    adminServerListClients(args) {
      noFlags(args, "adminServerListClients");
      const { server } = find(control, args.srv);
      const clients = [...server.clients.values()].map((client) => shown(server.name, client));
      return { clients: args.needResults ? clients : [], ret: clients.length };
    },
    adminServerLookupClient(args) {
      noFlags(args, "adminServerLookupClient");
      return { clnt: shown(args.srv.name, findClient(control, { srv: args.srv, id: args.id })) };
    },
    adminClientGetInfo(args) {
      noFlags(args, "adminClientGetInfo");
      return { params: clientInfo(findClient(control, args.clnt)) };
    },
    adminClientClose(args) {
      noFlags(args, "adminClientClose");
      const client = findClient(control, args.clnt);
      // One who ends himself still gets his answer.
      client.leave();
    },
  };
}

const transports = {
  unix: ClientTransport.UNIX,
  "unix-ro": ClientTransport.UNIX,
  admin: ClientTransport.UNIX,
  tcp: ClientTransport.TCP,
  tls: ClientTransport.TLS,
} as const;

function shown(server: string, { id, since, incoming }: Client): AdminClient {
  return { srv: { name: server }, id, timestamp: since, transport: transports[incoming.kind] };
}

/** Who a client is, as far as is known; what is not known is left out. */
function clientInfo({ incoming, identity, isReadOnly }: Client): TypedParameter[] {
  const { kind, peer, address } = incoming;
  const numbers: readonly (readonly [string, number | undefined])[] = [
    [ClientInfo.UNIX_USER_ID, identity.unixUserId ?? peer?.uid],
    [ClientInfo.UNIX_GROUP_ID, identity.unixGroupId ?? peer?.gid],
    [ClientInfo.UNIX_PROCESS_ID, identity.processId ?? peer?.pid],
  ];
  const texts: readonly (readonly [string, string | null | undefined])[] = [
    [ClientInfo.UNIX_USER_NAME, identity.userName],
    [ClientInfo.UNIX_GROUP_NAME, identity.groupName],
    [ClientInfo.SOCKET_ADDR, kind === "tcp" || kind === "tls" ? address : null],
    [ClientInfo.SASL_USER_NAME, identity.saslUserName],
    [ClientInfo.X509_DISTINGUISHED_NAME, identity.x509DistinguishedName],
    [ClientInfo.SELINUX_CONTEXT, identity.selinuxContext ?? peer?.selinuxContext],
  ];
  return [
    boolParam(ClientInfo.READONLY, isReadOnly),
    ...numbers.flatMap(([name, value]) => (value === undefined ? [] : [intParam(name, value)])),
    ...texts.flatMap(([name, value]) => (value == null ? [] : [stringParam(name, value)])),
  ];
}

function logHandlers({
  log,
  defaultOutputs,
}: Control): Part<
  | "adminConnectGetLoggingOutputs"
  | "adminConnectGetLoggingFilters"
  | "adminConnectSetLoggingOutputs"
  | "adminConnectSetLoggingFilters"
> {
  return {
    adminConnectGetLoggingOutputs(args) {
      noFlags(args, "adminConnectGetLoggingOutputs");
      return { outputs: log.outputs, noutputs: log.outputCount };
    },
    adminConnectGetLoggingFilters(args) {
      noFlags(args, "adminConnectGetLoggingFilters");
      return { filters: log.filters === "" ? null : log.filters, nfilters: log.filterCount };
    },
    adminConnectSetLoggingOutputs(args) {
      noFlags(args, "adminConnectSetLoggingOutputs");
      return log.setOutputs(args.outputs || defaultOutputs);
    },
    adminConnectSetLoggingFilters(args) {
      noFlags(args, "adminConnectSetLoggingFilters");
      log.setFilters(args.filters ?? "");
    },
  };
}

function find({ servers }: Control, { name }: { readonly name: string }): ControlledServer {
  const server = servers.get(name);
  if (server === undefined) throw new LibvirtError("NO_SERVER", "RPC", `No server named '${name}'`);
  return server;
}

function findClient(control: Control, { srv, id }: Pick<AdminClient, "srv" | "id">): Client {
  const client = find(control, srv).server.clients.get(id);
  if (client === undefined) throw new LibvirtError("NO_CLIENT", "RPC", `No client with matching ID '${id}'`);
  return client;
}
