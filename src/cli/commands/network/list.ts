/** The command `net-list`. */
import { ConnectListAllNetworksFlags as Filter } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { compareNames } from "../../objects/lookup.ts";
import { flag } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { flagsOf } from "../../shared/rules.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";

export const netList = command({
  name: "net-list",
  summary: "which networks there are",
  description: "Lists networks: the active ones, unless other ones are asked for.",
  options: {
    inactive: flag("those that are off"),
    all: flag("all, active or not"),
    persistent: flag("those with a persistent definition"),
    transient: flag("those without a persistent definition"),
    autostart: flag("those that start with the host"),
    noAutostart: flag("those that do not start with the host"),
    uuid: flag("print UUIDs only"),
    name: flag("print names only"),
    table: flag("print a table, which is the default"),
  },
  async query({ options, connection }) {
    if ([options.uuid, options.name, options.table].filter(Boolean).length > 1) {
      throw new CommandError("Only one argument from --table, --name and --uuid may be specified.");
    }
    const activity = options.all ? Filter.ACTIVE | Filter.INACTIVE : options.inactive ? Filter.INACTIVE : Filter.ACTIVE;
    const filter = flagsOf(options, {
      persistent: Filter.PERSISTENT,
      transient: Filter.TRANSIENT,
      autostart: Filter.AUTOSTART,
      noAutostart: Filter.NO_AUTOSTART,
    });
    const networks = await attempt("Failed to list networks", () => connection.listAllNetworks(activity | filter));
    const rows = await Promise.all(
      networks.map(async (network) => ({
        name: network.name(),
        uuid: network.uuidString(),
        active: await network.isActive(),
        autostart: (await unlessUnsupported(network.autostart())) ?? null,
        persistent: await network.isPersistent(),
      })),
    );
    return rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { options, shell }) {
    if (options.uuid) return rows.map(({ uuid }) => `${uuid}\n`).join("");
    if (options.name) return rows.map(({ name }) => `${name}\n`).join("");
    type Row = (typeof rows)[number];
    return formatTable(
      [
        column<Row>("Name", ({ name }) => name),
        column<Row>("State", ({ active }) => (active ? "active" : "inactive")),
        column<Row>("Autostart", ({ autostart }) => (autostart === null ? "no autostart" : autostart ? "yes" : "no")),
        column<Row>("Persistent", ({ persistent }) => (persistent ? "yes" : "no")),
      ],
      rows,
      shell.settings.quiet,
    );
  },
});
