/** The command `undefine`. */
import type { Connection, Domain, StorageVol } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import {
  DomainSnapshotDeleteFlags,
  DomainSnapshotListFlags,
  DomainXMLFlags,
  StorageVolDeleteFlags,
  DomainUndefineFlags as Undefine,
} from "../../../protocol/constants/index.ts";
import { type Context, command } from "../../command.ts";
import { attempt, CommandError, errorLines } from "../../error.ts";
import { type DiskSummary, disksOf, diskTargets } from "../../objects/disk.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, type OptionValues, text } from "../../option.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { attributeAt, elementsAt, readDocument } from "../../shared/xml.ts";

const options = {
  domain: domainOption({ filter: DomainFilter.PERSISTENT }),
  managedSave: flag("and its managed save image"),
  storage: text("and these of its disks' volumes: targets or sources, separated by commas", { complete: diskTargets }),
  removeAllStorage: flag("and the volumes of all of its disks"),
  deleteStorageVolumeSnapshots: flag("with --remove-all-storage: and the volumes' snapshots"),
  wipeStorage: flag("overwrite volumes before they are removed"),
  snapshotsMetadata: flag("and what is known of its snapshots"),
  checkpointsMetadata: flag("and what is known of its checkpoints"),
  nvram: flag("and its NVRAM"),
  keepNvram: flag("but keep its NVRAM"),
  tpm: flag("and its TPM's state"),
  keepTpm: flag("but keep its TPM's state"),
};

export const undefine = command({
  name: "undefine",
  summary: "forget a domain's definition",
  description: "Removes the definition of a domain that is off; one that runs becomes transient.",
  options,
  aliases: { "delete-snapshots": "delete-storage-volume-snapshots" },
  async run(context) {
    const { notice } = context;
    checkOptions(context.options);
    const domain = await domainOf(context);
    const flags = flagsOf(context.options, {
      managedSave: Undefine.MANAGED_SAVE,
      snapshotsMetadata: Undefine.SNAPSHOTS_METADATA,
      checkpointsMetadata: Undefine.CHECKPOINTS_METADATA,
      nvram: Undefine.NVRAM,
      keepNvram: Undefine.KEEP_NVRAM,
      tpm: Undefine.TPM,
      keepTpm: Undefine.KEEP_TPM,
    });
    if (!context.options.managedSave) await refuseWithImage(domain);
    const volumes = await storageToRemove(context, domain);
    await attempt(`Failed to undefine domain '${domain.name()}'`, forget(domain, flags));
    notice(`Domain '${domain.name()}' has been undefined\n`);
    await removeVolumes(context, volumes);
  },
});

type Values = OptionValues<typeof options>;

/** Drivers that know nothing of some flag may know how to forget those parts one by one; only NVRAM is left to them. */
async function forget(domain: Domain, flags: number): Promise<void> {
  if (flags === 0) return domain.undefine();
  try {
    await domain.undefineFlags(flags);
  } catch (error) {
    if ((flags & Undefine.NVRAM) !== 0 || !isLibvirtError(error, "NO_SUPPORT", "INVALID_ARG")) throw error;
    if ((flags & Undefine.MANAGED_SAVE) !== 0 && (await domain.hasManagedSaveImage())) {
      await domain.managedSaveRemove();
    }
    if ((flags & Undefine.SNAPSHOTS_METADATA) !== 0) {
      const snapshots = await domain.listAllSnapshots(DomainSnapshotListFlags.METADATA);
      for (const snapshot of snapshots) await snapshot.delete(DomainSnapshotDeleteFlags.METADATA_ONLY);
    }
    await domain.undefine();
  }
}

function checkOptions(values: Values): void {
  exclusive(values, ["nvram", "keepNvram"], ["tpm", "keepTpm"]);
  requires(values, "deleteStorageVolumeSnapshots", "removeAllStorage");
  if (values.wipeStorage && values.storage === undefined && !values.removeAllStorage) {
    requires(values, "wipeStorage", "removeAllStorage");
  }
}

async function refuseWithImage(domain: Domain): Promise<void> {
  if (await domain.hasManagedSaveImage()) {
    throw new CommandError("Refusing to undefine while domain managed save image exists");
  }
}

interface Removal {
  readonly target: string;
  readonly source: string;
  readonly volume: StorageVol;
}

/** The volumes to remove, found before the definition that names them is gone. @throws {CommandError} */
async function storageToRemove(context: Context<Values>, domain: Domain): Promise<Removal[]> {
  const { options: values, complain, connection } = context;
  if (values.storage === undefined && !values.removeAllStorage) return [];
  if (domain.id() >= 0) throw new CommandError("Storage volume deletion is supported only on stopped domains");
  exclusive(values, ["storage", "removeAllStorage"]);
  const xml = await domain.xmlDesc(DomainXMLFlags.INACTIVE);
  const disks = disksOf(xml);
  const removals: Removal[] = [];
  const { found, missing } = chosen(disks, values.storage);
  for (const disk of found) {
    if (disk.source === null) continue;
    const volume = await volumeOf(connection, xml, disk);
    if (volume !== undefined) removals.push({ target: disk.target, source: disk.source, volume });
    else {
      complain(`Storage volume '${disk.target}'(${disk.source}) is not managed by libvirt. Remove it manually.\n`);
    }
  }
  if (missing.length > 0) {
    throw new CommandError(missing.map((key) => `Volume '${key}' was not found in domain's definition.\n`));
  }
  return removals;
}

interface Choice {
  readonly found: readonly DiskSummary[];
  /** What was asked for and the domain does not have. */
  readonly missing: readonly string[];
}

function chosen(disks: readonly DiskSummary[], storage: string | undefined): Choice {
  if (storage === undefined) return { found: disks, missing: [] };
  const known = (key: string) => disks.find(({ target, source }) => target === key || source === key);
  const keys = storage.split(",");
  return {
    found: keys.flatMap((key) => known(key) ?? []),
    missing: keys.filter((key) => known(key) === undefined),
  };
}

async function volumeOf(connection: Connection, xml: string, disk: DiskSummary): Promise<StorageVol | undefined> {
  try {
    if (disk.type !== "volume") return await connection.storageVolLookupByPath(disk.source ?? "");
    const element = elementsAt(readDocument(xml), "devices/disk").find(
      (candidate) => attributeAt(candidate, "target", "dev") === disk.target,
    );
    const pool = element && attributeAt(element, "source", "pool");
    if (pool === undefined) return undefined;
    return await (await connection.storagePoolLookupByName(pool)).storageVolLookupByName(disk.source ?? "");
  } catch (error) {
    if (isLibvirtError(error, "NO_STORAGE_VOL", "NO_STORAGE_POOL", "NO_SUPPORT")) return undefined;
    throw error;
  }
}

/** Removes each volume that can be; what cannot is reported, and makes the command fail. */
async function removeVolumes(context: Context<Values>, removals: readonly Removal[]): Promise<void> {
  const { options: values, complain, notice, print } = context;
  const flags = values.deleteStorageVolumeSnapshots ? StorageVolDeleteFlags.WITH_SNAPSHOTS : 0;
  let failed = false;
  for (const { target, source, volume } of removals) {
    try {
      if (values.wipeStorage) {
        notice(`Wiping volume '${target}'(${source}) ... `);
        await volume.wipe();
        notice("Done.\n");
      }
      await volume.delete(flags);
      print(`Volume '${target}'(${source}) removed.\n`);
    } catch (error) {
      failed = true;
      complain([`Failed to remove storage volume '${target}'(${source})`, ...errorLines(error)].join("\nerror: "));
    }
  }
  if (failed) throw new CommandError([]);
}
