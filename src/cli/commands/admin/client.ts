/** The clients of a daemon's servers. */
import type { AdminClient } from "../../../api/index.ts";
import { ClientTransport } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { data, ulonglong } from "../../option.ts";
import { type Column, column, formatTable } from "../../output/table.ts";
import { type ParameterValue, printParameters } from "../../shared/parameters.ts";
import { localTimeWithZone } from "../../shared/time.ts";
import { serverOf, serverOption } from "./connection.ts";

const transports = new Map(Object.entries(ClientTransport).map(([name, value]) => [Number(value), name.toLowerCase()]));

function summary(client: AdminClient) {
  return {
    id: client.id(),
    transport: transports.get(client.transport()) ?? "unknown",
    connected: localTimeWithZone(client.timestamp()).replace(/ (?=[+-]\d+$)/, ""),
  };
}

const columns: readonly Column<ReturnType<typeof summary>>[] = [
  column("Id", ({ id }) => String(id)),
  column("Transport", ({ transport }) => transport),
  column("Connected since", ({ connected }) => connected),
];

export const clientList = command({
  name: "client-list",
  summary: "who is connected to a server",
  description: "Lists the clients of a server.",
  options: { server: serverOption("whose clients") },
  async query(context) {
    const server = await serverOf(context);
    const clients = await attempt("failed to obtain list of connected clients", server.listClients());
    return clients.map(summary);
  },
  print: (clients, { shell }) => formatTable(columns, clients, shell.settings.quiet),
});

const id = ulonglong("the client's number", { required: true });

export const clientInfo = command({
  name: "client-info",
  summary: "who a client is",
  description: "Shows what is known of a client.",
  options: { server: serverOption("to which the client is connected"), client: data("the client's number") },
  async query(context) {
    const number = id.convert(context.options.client, "client");
    const server = await serverOf(context);
    const client = await server.lookupClient(number);
    const info = await attempt(
      `Unable to retrieve client identity information for client '${number}' from server '${server.name()}'`,
      client.info(),
    );
    const { id: own, connected, transport } = summary(client);
    return { id: own, connection_time: connected, transport, ...info };
  },
  print: (info) => printParameters(info, valueText),
});

function valueText(value: ParameterValue): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

export const clientDisconnect = command({
  name: "client-disconnect",
  summary: "end a client's connection",
  description: "Ends the connection of a client to a server.",
  options: { server: serverOption("to which the client is connected"), client: id },
  async run(context) {
    const { server: name, client: number } = context.options;
    const client = await (await serverOf(context)).lookupClient(number);
    await attempt(`Failed to disconnect client '${number}' from server ${name}`, client.close());
    context.print(`Client '${number}' disconnected`);
  },
});
