/** The command `snapshot-list`. */
import type { Domain, DomainSnapshot } from "../../../api/index.ts";
import { DomainSnapshotListFlags as List } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { compareNames } from "../../objects/lookup.ts";
import { snapshotNames } from "../../objects/snapshot.ts";
import { flag, text } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { formatTrees } from "../../output/tree.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { localTimeWithZone } from "../../shared/time.ts";
import { readDocument, textAt } from "../../shared/xml.ts";

interface Row {
  readonly name: string;
  readonly created: number;
  readonly state: string;
  readonly parent: string | null;
}

export const snapshotList = command({
  name: "snapshot-list",
  summary: "which snapshots a domain has",
  description: "Lists a domain's snapshots.",
  options: {
    domain: domainOption(),
    parent: flag("with each one's parent"),
    roots: flag("those without a parent"),
    leaves: flag("those without children"),
    noLeaves: flag("those with children"),
    metadata: flag("those that keep the domain from being undefined"),
    noMetadata: flag("those of which libvirt keeps nothing"),
    inactive: flag("those that were taken while the domain was off"),
    active: flag("those that were taken with the guest's memory"),
    diskOnly: flag("those that were taken of the disks only"),
    internal: flag("those inside of the disks' images"),
    external: flag("those in files of their own"),
    tree: flag("draw a tree"),
    from: text("those that were taken from this one", { complete: snapshotNames }),
    current: flag("those that were taken from the current one"),
    descendants: flag("with --from: and from those, and so on"),
    name: flag("print names only"),
    topological: flag("parents before their children, instead of by name"),
  },
  async query(context) {
    const { options } = context;
    exclusive(
      options,
      ["tree", "name"],
      ["parent", "roots"],
      ["parent", "tree"],
      ["roots", "tree"],
      ["roots", "from"],
      ["roots", "current"],
    );
    if (options.descendants && options.from === undefined && !options.current) {
      throw new CommandError("--descendants requires either --from or --current");
    }
    const domain = await domainOf(context);
    const snapshots = await listOf(domain, options);
    const rows = await Promise.all(snapshots.map(describe));
    return options.topological ? rows : rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { options, shell }) {
    if (options.tree) return formatTrees(rows.map(({ name, parent }) => ({ name, parent: parent ?? undefined })));
    if (options.name) return rows.map(({ name }) => `${name}\n`).join("");
    const columns = [
      column<Row>("Name", ({ name }) => name),
      column<Row>("Creation Time", ({ created }) => localTimeWithZone(created)),
      column<Row>("State", ({ state }) => state),
    ];
    if (options.parent) columns.push(column<Row>("Parent", ({ parent }) => parent ?? ""));
    return formatTable(columns, rows, shell.settings.quiet);
  },
});

interface Choice {
  readonly from: string | undefined;
  readonly current: boolean;
  readonly tree: boolean;
  readonly descendants: boolean;
  readonly [option: string]: unknown;
}

async function listOf(domain: Domain, options: Choice): Promise<readonly DomainSnapshot[]> {
  const filter = flagsOf(options, {
    leaves: List.LEAVES,
    noLeaves: List.NO_LEAVES,
    metadata: List.METADATA,
    noMetadata: List.NO_METADATA,
    inactive: List.INACTIVE,
    active: List.ACTIVE,
    diskOnly: List.DISK_ONLY,
    internal: List.INTERNAL,
    external: List.EXTERNAL,
    topological: List.TOPOLOGICAL,
  });
  if (options.from === undefined && !options.current) {
    return domain.listAllSnapshots(filter | flagsOf(options, { roots: List.ROOTS }));
  }
  const start =
    options.from === undefined ? await domain.snapshotCurrent(0) : await domain.snapshotLookupByName(options.from, 0);
  const below = await start.listAllChildren(filter | (options.descendants || options.tree ? List.DESCENDANTS : 0));
  // A tree begins with the snapshot it hangs from.
  return options.tree ? [start, ...below] : below;
}

async function describe(snapshot: DomainSnapshot): Promise<Row> {
  const xml = readDocument(await snapshot.xmlDesc(0), "domain_snapshot");
  return {
    name: snapshot.name(),
    created: Number(textAt(xml, "creationTime") ?? 0),
    state: textAt(xml, "state") ?? "",
    parent: textAt(xml, "parent/name") ?? null,
  };
}
