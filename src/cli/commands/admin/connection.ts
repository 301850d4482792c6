/**
 * The connection of tsvirt-admin's commands. The shell hands its commands whatever its program opens; only these
 * commands are in that program's table, and only here is the connection taken for what it is.
 */
import type { AdminConnection, AdminServer, Connection } from "../../../api/index.ts";
import type { Context } from "../../command.ts";
import type { CompletionContext } from "../../completer.ts";
import type { ConnectionRequest } from "../../connect.ts";
import { data } from "../../option.ts";

/** Opens the admin connection for the shell. */
export async function openAdminConnection({ uri }: ConnectionRequest): Promise<Connection> {
  const api = await import("../../../api/index.ts");
  // The shell itself says what went wrong.
  api.silenceErrors();
  return (await api.openAdmin(uri)) as unknown as Connection;
}

export function adminOf({ connection }: Context<unknown>): AdminConnection {
  return connection as unknown as AdminConnection;
}

/** Which server a command is about. */
export const serverOption = (help: string) => data(help, { complete: serverNames });

async function serverNames({ connection }: CompletionContext): Promise<string[]> {
  const servers = await ((await connection()) as unknown as AdminConnection).listServers();
  return servers.map((server) => server.name());
}

/** The server that the option `--server` names. */
export function serverOf(context: Context<{ readonly server: string }>): Promise<AdminServer> {
  return adminOf(context).lookupServer(context.options.server);
}
