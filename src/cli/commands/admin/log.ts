/** A daemon's log. */
import type { AdminConnection } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { text } from "../../option.ts";
import { adminOf } from "./connection.ts";

interface Setting {
  readonly get: (connection: AdminConnection) => Promise<string>;
  readonly set: (connection: AdminConnection, value: string) => Promise<void>;
}

/** What the log's setting is; undefined when it was set. */
async function getOrSet(connection: AdminConnection, value: string | undefined, { get, set }: Setting) {
  if (value === undefined) return attempt("Unable to get daemon logging settings", get(connection));
  await attempt("Unable to change daemon logging settings", set(connection, value));
  return undefined;
}

const filters: Setting = {
  get: (connection) => connection.loggingFilters(),
  set: (connection, value) => connection.setLoggingFilters(value),
};

const outputs: Setting = {
  get: (connection) => connection.loggingOutputs(),
  set: (connection, value) => connection.setLoggingOutputs(value),
};

export const daemonLogFilters = command({
  name: "daemon-log-filters",
  summary: "what gets into a daemon's log",
  description: "Shows the filters of the log, or sets them.",
  options: { filters: text("the new filters: LEVEL:WORD ...", { empty: true }) },
  async query(context) {
    const found = await getOrSet(adminOf(context), context.options.filters, filters);
    return found === undefined ? undefined : { filters: found };
  },
  print: (answer) => ` Logging filters: ${answer.filters}\n`,
});

export const daemonLogOutputs = command({
  name: "daemon-log-outputs",
  summary: "where a daemon's log goes",
  description: "Shows the outputs of the log, or sets them.",
  options: { outputs: text("the new outputs: LEVEL:KIND[:WHERE] ...", { empty: true }) },
  async query(context) {
    const found = await getOrSet(adminOf(context), context.options.outputs, outputs);
    return found === undefined ? undefined : { outputs: found };
  },
  print: (answer) => ` Logging outputs: ${answer.outputs}\n`,
});
