/** Storage pools: defining, building, starting, stopping. */
import type { StoragePool } from "../../../api/index.ts";
import {
  StoragePoolBuildFlags as Build,
  StoragePoolCreateFlags as Create,
  StoragePoolDefineFlags,
  StoragePoolState,
  StorageXMLFlags,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { poolOf, poolOption } from "../../objects/pool.ts";
import { flag } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const pool = poolOption();

export const buildOptions = {
  build: flag("make its storage first"),
  noOverwrite: flag("but not over data that is there"),
  overwrite: flag("even over data that is there"),
};

/** @throws {CommandError} when they contradict each other */
export function createFlags(options: {
  readonly build: boolean;
  readonly overwrite: boolean;
  readonly noOverwrite: boolean;
}): number {
  exclusive({ ...options }, ["overwrite", "noOverwrite"]);
  return flagsOf(
    { ...options },
    {
      build: Create.WITH_BUILD,
      overwrite: Create.WITH_BUILD_OVERWRITE,
      noOverwrite: Create.WITH_BUILD_NO_OVERWRITE,
    },
  );
}

export const poolDefine = command({
  name: "pool-define",
  summary: "keep a pool's definition, without starting it",
  description: "Defines a pool, or gives one a new definition.",
  options: { file: xmlFile("a pool"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? StoragePoolDefineFlags.VALIDATE : 0;
    const defined = await attempt(`Failed to define pool from ${options.file}`, () =>
      connection.storagePoolDefineXML(xml, flags),
    );
    notice(`Pool ${defined.name()} defined from ${options.file}\n`);
    await noteIgnored(shell, "pool", xml);
  },
});

export const poolCreate = command({
  name: "pool-create",
  summary: "start a pool from its XML alone",
  description: "Starts a pool that is gone when it stops.",
  options: { file: xmlFile("a pool"), ...buildOptions },
  async run({ connection, options, notice, shell }) {
    const flags = createFlags(options);
    const xml = await readXmlFile(options.file);
    const created = await attempt(`Failed to create pool from ${options.file}`, () =>
      connection.storagePoolCreateXML(xml, flags),
    );
    notice(`Pool ${created.name()} created from ${options.file}\n`);
    await noteIgnored(shell, "pool", xml);
  },
});

export const poolBuild = command({
  name: "pool-build",
  summary: "make a pool's storage",
  description: "Makes the directory, file system or volume group that a pool needs.",
  options: {
    pool,
    noOverwrite: flag("not over data that is there"),
    overwrite: flag("even over data that is there"),
  },
  async run(context) {
    const { options } = context;
    const flags = flagsOf(options, { overwrite: Build.OVERWRITE, noOverwrite: Build.NO_OVERWRITE });
    const found = await poolOf(context);
    await attempt(`Failed to build pool ${found.name()}`, () => found.build(flags));
    context.notice(`Pool ${found.name()} built\n`);
  },
});

export const poolStart = command({
  name: "pool-start",
  summary: "start a pool that is defined",
  description: "Starts a pool, so that its volumes can be used.",
  options: { pool, ...buildOptions },
  async run(context) {
    const flags = createFlags(context.options);
    const found = await poolOf(context, "name");
    await attempt(`Failed to start pool ${found.name()}`, () => found.create(flags));
    context.notice(`Pool ${found.name()} started\n`);
  },
});

export const poolDestroy = command({
  name: "pool-destroy",
  summary: "stop a pool",
  description: "Stops a pool. Its volumes stay as they are.",
  options: { pool },
  async run(context) {
    const found = await poolOf(context);
    await attempt(`Failed to destroy pool ${found.name()}`, () => found.destroy());
    context.notice(`Pool ${found.name()} destroyed\n`);
  },
});

export const poolDelete = command({
  name: "pool-delete",
  summary: "remove a pool's storage",
  description: "Removes what 'pool-build' made.",
  options: { pool },
  async run(context) {
    const found = await poolOf(context);
    await attempt(`Failed to delete pool ${found.name()}`, () => found.delete(0));
    context.notice(`Pool ${found.name()} deleted\n`);
  },
});

export const poolRefresh = command({
  name: "pool-refresh",
  summary: "look at a pool's storage again",
  description: "Finds volumes that others have made or removed.",
  options: { pool },
  async run(context) {
    const found = await poolOf(context);
    await attempt(`Failed to refresh pool ${found.name()}`, () => found.refresh(0));
    context.notice(`Pool ${found.name()} refreshed\n`);
  },
});

export const poolUndefine = command({
  name: "pool-undefine",
  summary: "forget a pool's definition",
  description: "Removes the definition of a pool that is off.",
  options: { pool },
  async run(context) {
    const found = await poolOf(context);
    await attempt(`Failed to undefine pool ${found.name()}`, () => found.undefine());
    context.notice(`Pool ${found.name()} has been undefined\n`);
  },
});

export const poolAutostart = command({
  name: "pool-autostart",
  summary: "start a pool with its host, or not",
  description: "Sets whether a pool is started when its host boots.",
  options: { pool, disable: flag("do not") },
  async run(context) {
    const { disable } = context.options;
    const found = await poolOf(context);
    const failure = `failed to ${disable ? "unmark" : "mark"} pool ${found.name()} as autostarted`;
    await attempt(failure, () => found.setAutostart(!disable));
    context.notice(`Pool ${found.name()} ${disable ? "unmarked" : "marked"} as autostarted\n`);
  },
});

export const poolDumpxml = command({
  name: "pool-dumpxml",
  summary: "a pool's XML",
  description: "Prints a pool's XML.",
  options: { pool, inactive: flag("of its persistent definition"), ...xpathOptions },
  async query(context) {
    const { options } = context;
    const found = await poolOf(context);
    return xmlAnswer(await found.xmlDesc(options.inactive ? StorageXMLFlags.INACTIVE : 0), options);
  },
  print: printXml,
});

export const poolEdit = command({
  name: "pool-edit",
  summary: "edit a pool's XML",
  description: "Opens a pool's XML in your editor, and defines what you save.",
  options: { pool },
  async run(context) {
    const found = await poolOf(context);
    let name = found.name();
    await editObject({
      shell: context.shell,
      fetch: () => definition(found),
      async store(xml) {
        name = (await context.connection.storagePoolDefineXML(xml, 0)).name();
      },
      unchanged: `Pool ${name} XML configuration not changed.\n`,
      edited: () => `Pool ${name} XML configuration edited.\n`,
    });
  },
});

/** The persistent definition, or what there is when the driver knows only one. */
async function definition(found: StoragePool): Promise<string> {
  return (await unlessUnsupported(found.xmlDesc(StorageXMLFlags.INACTIVE), "INVALID_ARG")) ?? found.xmlDesc(0);
}

/** virsh's words, by libvirt's numbers. */
const states: Readonly<Record<number, string>> = {
  [StoragePoolState.INACTIVE]: "inactive",
  [StoragePoolState.BUILDING]: "building",
  [StoragePoolState.RUNNING]: "running",
  [StoragePoolState.DEGRADED]: "degraded",
  [StoragePoolState.INACCESSIBLE]: "inaccessible",
};

export function poolStateName(state: number): string {
  return states[state] ?? "unknown";
}

/** Whether a pool in that state tells how large it is. */
export function hasSizes(state: number): boolean {
  return state === StoragePoolState.RUNNING || state === StoragePoolState.DEGRADED;
}

export const poolInfo = command({
  name: "pool-info",
  summary: "basic facts of a pool",
  description: "Shows a pool's identity, state, settings and size.",
  options: { pool, bytes: flag("sizes in bytes") },
  async query(context) {
    const found = await poolOf(context);
    const info = await found.info();
    return {
      name: found.name(),
      uuid: found.uuidString(),
      state: poolStateName(info.state),
      persistent: await found.isPersistent(),
      autostart: await found.autostart(),
      ...(hasSizes(info.state)
        ? { capacity: info.capacity, allocation: info.allocation, available: info.available }
        : {}),
    };
  },
  print(info, { options }) {
    const size = (value: bigint) => (options.bytes ? String(value) : prettyBytes(value));
    const { capacity, allocation, available } = info;
    return formatFields([
      ["Name", info.name],
      ["UUID", info.uuid],
      ["State", info.state],
      ["Persistent", info.persistent ? "yes" : "no"],
      ["Autostart", info.autostart ? "yes" : "no"],
      ...(capacity === undefined ? [] : [["Capacity", size(capacity)] as const]),
      ...(allocation === undefined ? [] : [["Allocation", size(allocation)] as const]),
      ...(available === undefined ? [] : [["Available", size(available)] as const]),
    ]);
  },
});

export const poolName = command({
  name: "pool-name",
  summary: "a pool's name",
  options: { pool },
  async query(context) {
    return { name: (await poolOf(context, "uuid")).name() };
  },
  print: ({ name }) => `${name}\n`,
});

export const poolUuid = command({
  name: "pool-uuid",
  summary: "a pool's UUID",
  options: { pool },
  async query(context) {
    return { uuid: (await poolOf(context, "name")).uuidString() };
  },
  print: ({ uuid }) => `${uuid}\n`,
});
