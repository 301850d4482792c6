/** What a program does with a domain, step by step, chosen by chance; and what each step may leave behind. */
import { access, rm } from "node:fs/promises";
import {
  type Connection,
  DomainCreateFlags,
  DomainMetadataType,
  DomainModificationImpact,
  DomainState,
  DomainUndefineFlags,
} from "../../src/api/index.ts";
import type { Seen, Stored } from "./seen.ts";
import { imageOf, saveOf, slotUuid, type World } from "./world.ts";

/** Where a step stands. */
export interface Scene {
  readonly conn: Connection;
  readonly world: World;
  readonly slot: number;
  readonly seen: Seen | null;
  readonly next: () => number;
}

export interface Step {
  readonly name: string;
  /** The stored half when the step has succeeded; undefined when the step does not touch it. */
  readonly stored?: Stored | null;
  run(): Promise<unknown>;
}

const CONFIG = DomainModificationImpact.CONFIG;
const startMemory = 32 * 1024;

export function xmlOf(world: Pick<World, "folder">, slot: number, name: string, title: string): string {
  return (
    `<domain type='qemu'><name>${name}</name><uuid>${slotUuid(slot)}</uuid><title>${title}</title>` +
    `<memory unit='KiB'>${startMemory}</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>` +
    "<features><acpi/></features><devices><disk type='file' device='disk'><driver name='qemu' type='raw'/>" +
    `<source file='${imageOf(world, slot)}'/><target dev='vda' bus='virtio'/></disk>` +
    "<controller type='usb' model='none'/><memballoon model='none'/></devices></domain>"
  );
}

type Chooser = (scene: Scene) => Step | null;

const number = (next: () => number): number => Math.floor(next() * 1e6);
const domOf = ({ conn, slot }: Scene) => conn.lookupByUuidString(slotUuid(slot));
const isOn = ({ seen }: Scene): boolean => (seen?.id ?? -1) >= 0;

function define(scene: Scene): Step {
  const { conn, world, slot, seen, next } = scene;
  const title = `t${number(next)}`;
  const name = seen?.name ?? `g${slot}-${number(next)}`;
  const before = seen?.stored;
  const { autostart = false, managedSave = false } = before ?? {};
  return {
    name: before ? "redefine" : "define",
    stored: { name, title, memory: String(startMemory), autostart, managedSave },
    run: async () => {
      if (!seen) await rm(saveOf(world, slot), { force: true });
      await conn.defineXML(xmlOf(world, slot, name, title));
    },
  };
}

function undefine(scene: Scene): Step | null {
  if (!scene.seen?.stored) return null;
  const { managedSave } = scene.seen.stored;
  return {
    name: "undefine",
    stored: null,
    run: async () => {
      await rm(saveOf(scene.world, scene.slot), { force: true });
      await (await domOf(scene)).undefineFlags(managedSave ? DomainUndefineFlags.MANAGED_SAVE : 0);
    },
  };
}

function start(scene: Scene): Step | null {
  const { seen, next } = scene;
  if (!seen?.stored || isOn(scene)) return null;
  const flags = next() < 0.3 ? DomainCreateFlags.START_PAUSED : 0;
  return {
    name: seen.stored.managedSave ? "start from managed save" : "start",
    stored: { ...seen.stored, managedSave: false },
    run: async () => (await domOf(scene)).createWithFlags(flags),
  };
}

function createTransient({ conn, world, slot, seen, next }: Scene): Step | null {
  if (seen) return null;
  return {
    name: "create transient",
    run: async () => {
      await rm(saveOf(world, slot), { force: true });
      await conn.createXML(xmlOf(world, slot, `g${slot}-${number(next)}`, "transient"));
    },
  };
}

function suspendOrResume(scene: Scene): Step | null {
  if (!isOn(scene)) return null;
  const paused = scene.seen?.state === DomainState.PAUSED;
  return {
    name: paused ? "resume" : "suspend",
    run: async () => {
      const dom = await domOf(scene);
      return paused ? dom.resume() : dom.suspend();
    },
  };
}

function save(scene: Scene): Step | null {
  if (!isOn(scene)) return null;
  return { name: "save", run: async () => (await domOf(scene)).save(saveOf(scene.world, scene.slot)) };
}

function restore(scene: Scene): Step | null {
  const { conn, world, slot, seen } = scene;
  // A managed save would be used up by a start that it has nothing to do with.
  if (isOn(scene) || seen?.stored?.managedSave) return null;
  const path = saveOf(world, slot);
  return {
    name: "restore",
    run: async () => {
      if (await isThere(path)) await conn.restore(path);
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function managedSave(scene: Scene): Step | null {
  const stored = scene.seen?.stored;
  if (!stored) return null;
  if (isOn(scene)) {
    const run = async () => (await domOf(scene)).managedSave();
    return { name: "managed save", stored: { ...stored, managedSave: true }, run };
  }
  if (!stored.managedSave || scene.next() < 0.7) return null;
  const run = async () => (await domOf(scene)).managedSaveRemove();
  return { name: "remove managed save", stored: { ...stored, managedSave: false }, run };
}

function autostart(scene: Scene): Step | null {
  const stored = scene.seen?.stored;
  if (!stored) return null;
  const on = !stored.autostart;
  const run = async () => (await domOf(scene)).setAutostart(on);
  return { name: "set autostart", stored: { ...stored, autostart: on }, run };
}

function rename(scene: Scene): Step | null {
  const { seen, slot, next } = scene;
  const stored = seen?.stored;
  if (!stored || isOn(scene) || stored.managedSave) return null;
  const name = `g${slot}-${number(next)}`;
  return {
    name: "rename",
    stored: { ...stored, name },
    run: async () => {
      // A save file of another name does not fit, here and elsewhere.
      await rm(saveOf(scene.world, slot), { force: true });
      await (await domOf(scene)).rename(name);
    },
  };
}

function title(scene: Scene): Step | null {
  const stored = scene.seen?.stored;
  if (!stored) return null;
  const text = `t${number(scene.next)}`;
  const run = async () => (await domOf(scene)).setMetadata(DomainMetadataType.TITLE, text, null, null, CONFIG);
  return { name: "set title", stored: { ...stored, title: text }, run };
}

function memory(scene: Scene): Step | null {
  const stored = scene.seen?.stored;
  if (!stored) return null;
  const kib = startMemory - 1024 * Math.floor(scene.next() * 16);
  const run = async () => (await domOf(scene)).setMemoryFlags(kib, CONFIG);
  return { name: "set memory", stored: { ...stored, memory: String(kib) }, run };
}

function end(scene: Scene): Step | null {
  if (!isOn(scene)) return null;
  if (scene.next() < 0.3 && scene.seen?.state === DomainState.RUNNING) {
    return { name: "shutdown", run: async () => (await domOf(scene)).shutdown() };
  }
  return { name: "destroy", run: async () => (await domOf(scene)).destroy() };
}

/** What is often worth a crash stands here more than once. */
const choosers: readonly Chooser[] = [
  ...[define, undefine, createTransient, suspendOrResume, end, autostart, rename, rename, title, memory],
  ...[start, start, start, save, restore, restore, managedSave, managedSave, managedSave],
];

/** Chooses a step that is possible. */
export function chooseStep(scene: Scene): Step {
  for (;;) {
    const step = choosers[Math.floor(scene.next() * choosers.length)]?.(scene);
    if (step) return step;
  }
}
