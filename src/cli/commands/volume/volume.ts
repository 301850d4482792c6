/** Volumes: facts, and what can be done to one. */
import {
  StorageVolResizeFlags as Resize,
  StorageVolDeleteFlags,
  StorageVolInfoFlags,
  StorageVolType,
  StorageVolWipeAlgorithm,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { inPool, lookupVolume, volumeOf, volumeOption, volumePaths } from "../../objects/pool.ts";
import { data, flag, text } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { flagsOf } from "../../shared/rules.ts";
import { parseSize } from "../../shared/size.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const vol = volumeOption();

export const volDumpxml = command({
  name: "vol-dumpxml",
  summary: "a volume's XML",
  description: "Prints a volume's XML.",
  options: { vol, pool: inPool, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await volumeOf(context)).xmlDesc(0), context.options);
  },
  print: printXml,
});

/** virsh's words, by libvirt's numbers. */
const types: Readonly<Record<number, string>> = {
  [StorageVolType.FILE]: "file",
  [StorageVolType.BLOCK]: "block",
  [StorageVolType.DIR]: "dir",
  [StorageVolType.NETWORK]: "net",
  [StorageVolType.NETDIR]: "netdir",
  [StorageVolType.PLOOP]: "ploop",
};

export function volumeTypeName(type: number): string {
  return types[type] ?? "unknown";
}

export const volInfo = command({
  name: "vol-info",
  summary: "basic facts of a volume",
  description: "Shows a volume's type and size.",
  options: {
    vol,
    pool: inPool,
    bytes: flag("sizes in bytes"),
    physical: flag("the size that its file has, instead of what it takes"),
  },
  async query(context) {
    const volume = await volumeOf(context);
    const { physical } = context.options;
    const info = physical ? await volume.infoFlags(StorageVolInfoFlags.GET_PHYSICAL) : await volume.info();
    const size = physical ? { physical: info.allocation } : { allocation: info.allocation };
    return { name: volume.name(), type: volumeTypeName(info.type), capacity: info.capacity, ...size };
  },
  print(info, { options }) {
    const size = (value: bigint) => (options.bytes ? `${value} bytes` : prettyBytes(value));
    const { physical = 0n, allocation = 0n } = info as { physical?: bigint; allocation?: bigint };
    return formatFields([
      ["Name", info.name],
      ["Type", info.type],
      ["Capacity", size(info.capacity)],
      options.physical ? ["Physical", size(physical)] : ["Allocation", size(allocation)],
    ]);
  },
});

export const volDelete = command({
  name: "vol-delete",
  summary: "delete a volume",
  description: "Deletes a volume with all that is in it.",
  options: {
    vol,
    pool: inPool,
    deleteSnapshots: flag("and its snapshots"),
  },
  async run(context) {
    const flags = context.options.deleteSnapshots ? StorageVolDeleteFlags.WITH_SNAPSHOTS : 0;
    const volume = await volumeOf(context);
    await attempt(`Failed to delete vol ${volume.name()}`, () => volume.delete(flags));
    context.notice(`Vol ${volume.name()} deleted\n`);
  },
});

export const volResize = command({
  name: "vol-resize",
  summary: "change the size of a volume",
  description: "Gives a volume another size. No running guest may use it: there is 'blockresize' for that.",
  options: {
    vol,
    capacity: data("the new size; bytes when no unit is given"),
    pool: inPool,
    allocate: flag("reserve all of it now"),
    delta: flag("by so much, instead of to so much"),
    shrink: flag("it may become smaller"),
  },
  async run(context) {
    const { options, notice } = context;
    const volume = await volumeOf(context);
    const negative = options.capacity.startsWith("-");
    if (negative && !options.shrink) throw new CommandError("negative size requires --shrink");
    const size = parseSize(negative ? options.capacity.slice(1) : options.capacity);
    // A negative size is a difference.
    const delta = options.delta || negative;
    const flags = flagsOf(options, { allocate: Resize.ALLOCATE, shrink: Resize.SHRINK }) | (delta ? Resize.DELTA : 0);
    const change = `${delta ? "by" : "to"} ${options.capacity}`;
    await attempt(`Failed to change size of volume '${volume.name()}' ${change}`, () => volume.resize(size, flags));
    notice(`Size of volume '${volume.name()}' successfully changed ${change}\n`);
  },
});

const algorithms: Readonly<Record<string, number>> = {
  zero: StorageVolWipeAlgorithm.ZERO,
  nnsa: StorageVolWipeAlgorithm.NNSA,
  dod: StorageVolWipeAlgorithm.DOD,
  bsi: StorageVolWipeAlgorithm.BSI,
  gutmann: StorageVolWipeAlgorithm.GUTMANN,
  schneier: StorageVolWipeAlgorithm.SCHNEIER,
  pfitzner7: StorageVolWipeAlgorithm.PFITZNER7,
  pfitzner33: StorageVolWipeAlgorithm.PFITZNER33,
  random: StorageVolWipeAlgorithm.RANDOM,
  trim: StorageVolWipeAlgorithm.TRIM,
};

export const volWipe = command({
  name: "vol-wipe",
  summary: "overwrite a volume",
  description: "Overwrites a volume, so that nobody can read what was in it.",
  options: {
    vol,
    pool: inPool,
    algorithm: text("with what", { complete: oneOf(...Object.keys(algorithms)) }),
  },
  async run(context) {
    const { options, notice } = context;
    const volume = await volumeOf(context);
    const algorithm = options.algorithm === undefined ? undefined : algorithms[options.algorithm];
    if (options.algorithm !== undefined && algorithm === undefined) {
      throw new CommandError(`Unsupported algorithm '${options.algorithm}'`);
    }
    await attempt(`Failed to wipe vol ${volume.name()}`, () =>
      algorithm === undefined ? volume.wipe(0) : volume.wipePattern(algorithm, 0),
    );
    notice(`Vol ${volume.name()} wiped\n`);
  },
});

export const volKey = command({
  name: "vol-key",
  summary: "a volume's key",
  options: { vol: volumeOption("name or path of the volume"), pool: inPool },
  async query(context) {
    return { key: (await volumeOf(context)).key() };
  },
  print: ({ key }) => `${key}\n`,
});

export const volPath = command({
  name: "vol-path",
  summary: "a volume's path",
  options: { vol: volumeOption("name or key of the volume"), pool: inPool },
  async query(context) {
    return { path: await (await volumeOf(context)).path() };
  },
  print: ({ path }) => `${path}\n`,
});

const keyOrPath = data("key or path of the volume", { complete: volumePaths });

export const volName = command({
  name: "vol-name",
  summary: "a volume's name",
  options: { vol: keyOrPath },
  async query({ connection, options }) {
    return { name: (await lookupVolume(connection, options.vol, undefined, undefined)).name() };
  },
  print: ({ name }) => `${name}\n`,
});

export const volPool = command({
  name: "vol-pool",
  summary: "a volume's pool",
  options: { vol: keyOrPath, uuid: flag("its UUID instead of its name") },
  async query({ connection, options }) {
    const volume = await lookupVolume(connection, options.vol, undefined, undefined);
    const pool = await attempt("failed to get parent pool", () => volume.storagePoolLookupByVolume());
    return { name: pool.name(), uuid: pool.uuidString() };
  },
  print: ({ name, uuid }, { options }) => `${options.uuid ? uuid : name}\n`,
});
