/** The places of one chaos run: a state root, the images of its guests, and what the kernel knows of their QEMUs. */
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { open } from "../../src/api/index.ts";
import { writeTinyGuest } from "../helpers/tiny-guest.ts";

/** Whose the images are when nobody uses them: not root, and not whom guests run as. */
export const imageOwner = process.geteuid?.() === 0 ? { uid: 1234, gid: 4321 } : null;

export interface World {
  readonly folder: string;
  readonly root: string;
  readonly uri: string;
  /** Save files that are not managed. */
  readonly saves: string;
  /** The folder for temporary files of the programs: nothing may stay in it. */
  readonly temporary: string;
}

export const slotUuid = (slot: number): string => `00000000-0000-4000-8000-${String(slot).padStart(12, "0")}`;
export const imageOf = ({ folder }: Pick<World, "folder">, slot: number): string => join(folder, `${slot}.img`);
export const saveOf = ({ saves }: Pick<World, "saves">, slot: number): string => join(saves, `${slot}.save`);

/** The places below a folder that is there. */
export function worldAt(folder: string): World {
  const root = join(folder, "root");
  const uri = `qemu:///embed?root=${root}`;
  return { folder, root, uri, saves: join(folder, "saves"), temporary: join(folder, "tmp") };
}

/** Makes a world with an image for each slot. */
export async function makeWorld(slots: number): Promise<World> {
  const world = worldAt(await mkdtemp(join(tmpdir(), "tsvirt-chaos-")));
  await chmod(world.folder, 0o711);
  for (const path of [world.saves, world.temporary]) await mkdir(path);
  // QEMU enters its own folders below it.
  await chmod(world.temporary, 0o711);
  for (let slot = 0; slot < slots; slot++) {
    const image = imageOf(world, slot);
    await writeTinyGuest(image);
    await chmod(image, 0o600);
    if (imageOwner) await chown(image, imageOwner.uid, imageOwner.gid);
  }
  return world;
}

/** Ends all guests of a world and removes it. */
export async function endWorld(world: World): Promise<void> {
  try {
    const conn = await open(world.uri);
    for (const dom of await conn.listAllDomains(1)) await dom.destroy();
    await conn.close();
  } finally {
    for (const { pid } of await qemusOf(world)) await killAndWait(pid);
    await rm(world.folder, { recursive: true, force: true });
  }
}

export interface Qemu {
  readonly pid: number;
  readonly uuid: string;
}

/** Every QEMU that was started for a guest of the world, whoever knows of it. */
export async function qemusOf({ folder }: Pick<World, "folder">): Promise<Qemu[]> {
  const found: Qemu[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const args = (await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (!args[0]?.includes("qemu-system") || !args.some((arg) => arg.includes(folder))) continue;
    found.push({ pid: Number(name), uuid: args[args.indexOf("-uuid") + 1] ?? "" });
  }
  return found;
}

/** Kills a process that is not our child and waits until it has gone. */
export async function killAndWait(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return;
  }
  while (await runs(pid)) await setImmediate();
}

/** Whether there is such a process and not only its remains. */
export async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}
