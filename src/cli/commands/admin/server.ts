/** The servers of a daemon: their clients and workers. */
import { ServerClients, Threadpool } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { uint } from "../../option.ts";
import { type Column, column, formatTable } from "../../output/table.ts";
import { printParameters, setParameters } from "../../shared/parameters.ts";
import { adminOf, serverOf, serverOption } from "./connection.ts";

const columns: readonly Column<{ readonly id: number; readonly name: string }>[] = [
  column("Id", ({ id }) => String(id)),
  column("Name", ({ name }) => name),
];

export const serverList = command({
  name: "server-list",
  summary: "which servers a daemon has",
  description: "Lists the servers inside the daemon.",
  async query(context) {
    const servers = await attempt("failed to obtain list of available servers", adminOf(context).listServers());
    return servers.map((server, index) => ({ id: index, name: server.name() }));
  },
  print: (servers, { shell }) => formatTable(columns, servers, shell.settings.quiet),
});

export const serverThreadpoolInfo = command({
  name: "server-threadpool-info",
  summary: "a server's workers",
  description: "Shows how many workers a server has and may have.",
  options: { server: serverOption("whose workers") },
  async query(context) {
    const server = await serverOf(context);
    return attempt("Unable to get server workerpool parameters", server.threadPoolParameters());
  },
  print: (parameters) => printParameters(parameters),
});

export const serverThreadpoolSet = command({
  name: "server-threadpool-set",
  summary: "limit a server's workers",
  description: "Sets how many workers a server has.",
  options: {
    server: serverOption("whose workers"),
    minWorkers: uint("at least so many", { named: true }),
    maxWorkers: uint("at most so many", { named: true }),
    priorityWorkers: uint("so many for calls that never wait", { named: true }),
  },
  async run(context) {
    const { minWorkers, maxWorkers, priorityWorkers } = context.options;
    const values = setParameters({
      [Threadpool.WORKERS_MIN]: minWorkers,
      [Threadpool.WORKERS_MAX]: maxWorkers,
      [Threadpool.WORKERS_PRIORITY]: priorityWorkers,
    });
    if (values === undefined) {
      throw new CommandError("At least one of options --min-workers, --max-workers, --priority-workers is mandatory ");
    }
    if (minWorkers !== undefined && maxWorkers !== undefined && minWorkers > maxWorkers) {
      throw new CommandError("--min-workers must be less than or equal to --max-workers");
    }
    const server = await serverOf(context);
    await attempt("Unable to change server workerpool parameters", server.setThreadPoolParameters(values));
  },
});

export const serverClientsInfo = command({
  name: "server-clients-info",
  summary: "limits on a server's clients",
  description: "Shows how many clients a server has and may have.",
  options: { server: serverOption("whose clients") },
  async query(context) {
    const server = await serverOf(context);
    return attempt("Unable to retrieve client limits from server", server.clientLimits());
  },
  print: (parameters) => printParameters(parameters, String, 20),
});

export const serverClientsSet = command({
  name: "server-clients-set",
  summary: "limit a server's clients",
  description: "Sets how many clients a server may have.",
  options: {
    server: serverOption("whose clients"),
    maxClients: uint("at most so many", { named: true }),
    maxUnauthClients: uint("at most so many that have not logged in yet", { named: true }),
  },
  async run(context) {
    const { maxClients, maxUnauthClients } = context.options;
    const values = setParameters({
      [ServerClients.MAX]: maxClients,
      [ServerClients.UNAUTH_MAX]: maxUnauthClients,
    });
    if (values === undefined) {
      throw new CommandError("At least one of options --max-clients, --max-unauth-clients is mandatory");
    }
    if (maxClients !== undefined && maxUnauthClients !== undefined && maxUnauthClients > maxClients) {
      throw new CommandError("--max-unauth-clients must be less than or equal to --max-clients");
    }
    const server = await serverOf(context);
    await attempt("Unable to change server's client-related configuration limits", server.setClientLimits(values));
  },
});

export const serverUpdateTls = command({
  name: "server-update-tls",
  summary: "read a server's certificates again",
  description: "Has a server read its certificates and keys again, without a restart.",
  options: { server: serverOption("whose certificates") },
  async run(context) {
    const server = await serverOf(context);
    await attempt("Unable to update server's tls related files.", server.updateTlsFiles());
    context.print("update tls related files succeed\n");
  },
});
