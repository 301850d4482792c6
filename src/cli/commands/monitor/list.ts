/** The command `list`. */
import type { Domain } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import { DomainMetadataType, DomainState } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { DomainFilter } from "../../objects/domain.ts";
import { compareNames } from "../../objects/lookup.ts";
import { flag } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { stateName } from "../../shared/states.ts";

interface Row {
  readonly id: number | null;
  readonly name: string;
  readonly uuid: string;
  readonly state: string;
  readonly title?: string;
}

export const list = command({
  name: "list",
  summary: "which domains there are",
  description: "Lists domains: the active ones, unless other ones are asked for.",
  options: {
    inactive: flag("those that are off"),
    all: flag("all, active or not"),
    transient: flag("those without a persistent definition"),
    persistent: flag("those with a persistent definition"),
    withSnapshot: flag("those that have snapshots"),
    withoutSnapshot: flag("those that have no snapshot"),
    withCheckpoint: flag("those that have checkpoints"),
    withoutCheckpoint: flag("those that have no checkpoint"),
    stateRunning: flag("those that run"),
    statePaused: flag("those that are paused"),
    stateShutoff: flag("those that are shut off"),
    stateOther: flag("those in any other state"),
    autostart: flag("those that start with the host"),
    noAutostart: flag("those that do not start with the host"),
    withManagedSave: flag("those with a managed save image"),
    withoutManagedSave: flag("those without a managed save image"),
    uuid: flag("print UUIDs only"),
    name: flag("print names only"),
    id: flag("print IDs only"),
    table: flag("print a table, which is the default"),
    managedSave: flag("show the state 'saved' for those with a managed save image"),
    title: flag("show titles"),
  },
  async query({ options, connection }) {
    exclusive(options, ["table", "name"], ["table", "uuid"], ["table", "id"]);
    const domains = await attempt("Failed to list domains", () => connection.listAllDomains(filterOf(options)));
    const rows = await Promise.all(domains.map((domain) => describe(domain, options)));
    // IDs alone can only be those of active domains.
    const idsOnly = options.id && !options.uuid && !options.name;
    return rows.filter(({ id }) => id !== null || !idsOnly).sort(byActivity);
  },
  print(rows, { options, shell }) {
    if (options.uuid || options.name || options.id) {
      return rows.map((row) => `${plainCells(row, options).join(" ")}\n`).join("");
    }
    const columns = [
      column<Row>("Id", ({ id }) => idCell(id)),
      column<Row>("Name", ({ name }) => name),
      column<Row>("State", ({ state }) => state),
    ];
    if (options.title) columns.push(column<Row>("Title", ({ title }) => title ?? ""));
    return formatTable(columns, rows, shell.settings.quiet);
  },
});

interface Choice {
  readonly inactive: boolean;
  readonly all: boolean;
  readonly [option: string]: boolean;
}

function filterOf(options: Choice): number {
  const both = DomainFilter.ACTIVE | DomainFilter.INACTIVE;
  const activity = options.all ? both : options.inactive ? DomainFilter.INACTIVE : DomainFilter.ACTIVE;
  return (
    activity |
    flagsOf(options, {
      transient: DomainFilter.TRANSIENT,
      persistent: DomainFilter.PERSISTENT,
      withSnapshot: DomainFilter.HAS_SNAPSHOT,
      withoutSnapshot: DomainFilter.NO_SNAPSHOT,
      withCheckpoint: DomainFilter.HAS_CHECKPOINT,
      withoutCheckpoint: DomainFilter.NO_CHECKPOINT,
      stateRunning: DomainFilter.RUNNING,
      statePaused: DomainFilter.PAUSED,
      stateShutoff: DomainFilter.SHUTOFF,
      stateOther: DomainFilter.OTHER,
      autostart: DomainFilter.AUTOSTART,
      noAutostart: DomainFilter.NO_AUTOSTART,
      withManagedSave: DomainFilter.MANAGEDSAVE,
      withoutManagedSave: DomainFilter.NO_MANAGEDSAVE,
    })
  );
}

async function describe(
  domain: Domain,
  options: { readonly managedSave: boolean; readonly title: boolean },
): Promise<Row> {
  const { state } = await domain.state();
  const off = state === DomainState.SHUTOFF;
  const saved = options.managedSave && off && (await domain.hasManagedSaveImage());
  return {
    id: domain.id() < 0 ? null : domain.id(),
    name: domain.name(),
    uuid: domain.uuidString(),
    state: saved ? "saved" : stateName(state),
    ...(options.title ? { title: await titleOf(domain) } : {}),
  };
}

/** A domain's title, empty when it has none. */
async function titleOf(domain: Domain): Promise<string> {
  try {
    return await domain.metadata(DomainMetadataType.TITLE, null);
  } catch (error) {
    if (isLibvirtError(error, "NO_DOMAIN_METADATA")) return "";
    throw error;
  }
}

/** Active domains by ID, then the others by name. */
function byActivity(a: Row, b: Row): number {
  if (a.id !== null && b.id !== null) return a.id - b.id;
  if (a.id !== null || b.id !== null) return a.id !== null ? -1 : 1;
  return compareNames(a.name, b.name);
}

function idCell(id: number | null): string {
  return id === null ? "-" : String(id);
}

function plainCells(
  row: Row,
  options: { readonly uuid: boolean; readonly id: boolean; readonly name: boolean },
): string[] {
  return [
    ...(options.uuid ? [row.uuid] : []),
    ...(options.id ? [idCell(row.id)] : []),
    ...(options.name ? [row.name] : []),
  ];
}
