/** What must be true of a whole root as soon as a program has opened it, whatever happened before. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, type Domain, DomainEventType, DomainState } from "../../src/api/index.ts";
import { imageOf, imageOwner, killAndWait, qemusOf, saveOf, slotUuid, type World } from "./world.ts";

const ACTIVE = 1;

/** Names of a folder that may not be there. */
const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/** Whether a file is one that this very program is writing: what it notes of guests waits for nobody. */
const isUnderWay = (name: string): boolean => name.includes(`.${process.pid}.`) && name.endsWith(".new");

/** Everything that is wrong about processes and files, given what the driver says runs. */
export async function wrongAround(conn: Connection, world: World, slots: number): Promise<string[]> {
  for (;;) {
    const active = await conn.listAllDomains(ACTIVE);
    // A guest that is shutting down may end meanwhile, and a transient one is gone with that: then it is looked at again.
    const wrong = await wrongBeside(conn, world, slots, active).catch((error) => [String(error)]);
    const ids = (doms: readonly Domain[]): string => doms.map((dom) => dom.id()).join();
    if (wrong.length === 0 || ids(active) === ids(await conn.listAllDomains(ACTIVE))) return wrong;
  }
}

async function wrongBeside(
  conn: Connection,
  world: World,
  slots: number,
  active: readonly Domain[],
): Promise<string[]> {
  const all = await conn.listAllDomains();
  const uuids = new Set(Array.from({ length: slots }, (_, slot) => slotUuid(slot)));
  return [
    ...all.filter((dom) => !uuids.has(dom.uuidString())).map((dom) => `a domain that nobody defined: ${dom.name()}`),
    ...(await wrongProcesses(world, active)),
    ...(await wrongMonitors(active)),
    ...(await wrongLeftovers(world, all, active)),
    ...(await wrongImages(world, active, slots)),
    ...(await wrongSaves(conn, world, all, slots)),
  ];
}

/** Processes and running domains are the same set. */
async function wrongProcesses(world: World, active: readonly Domain[]): Promise<string[]> {
  const wrong: string[] = [];
  const qemus = await qemusOf(world);
  const known = new Map<number, Domain>();
  for (const dom of active) {
    const text = await readFile(join(world.root, "qemu", "status", `${dom.name()}.json`), "utf8").catch(() => "{}");
    const pid = Number(JSON.parse(text || "{}").process?.pid ?? 0);
    known.set(pid, dom);
    const qemu = qemus.find((candidate) => candidate.pid === pid);
    if (!qemu) wrong.push(`'${dom.name()}' is listed as running and has no process`);
    else if (qemu.uuid !== dom.uuidString()) wrong.push(`'${dom.name()}' has the process of ${qemu.uuid}`);
  }
  for (const { pid, uuid } of qemus) if (!known.has(pid)) wrong.push(`nobody knows the QEMU ${pid} of ${uuid}`);
  return wrong;
}

async function wrongMonitors(active: readonly Domain[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const dom of active) {
    try {
      const answer = JSON.parse(await dom.qemuMonitorCommand('{"execute":"query-status"}'));
      const { state } = await dom.state();
      if ((state === DomainState.RUNNING) === (answer.return.running === true)) continue;
      wrong.push(`'${dom.name()}' is in state ${state}, and its QEMU says ${answer.return.status}`);
    } catch (error) {
      wrong.push(`the monitor of '${dom.name()}' does not answer: ${error}`);
    }
  }
  return wrong;
}

async function wrongLeftovers(world: World, all: readonly Domain[], active: readonly Domain[]): Promise<string[]> {
  const wrong: string[] = [];
  const base = join(world.root, "qemu");
  const expect = async (folder: string, allowed: ReadonlySet<string>): Promise<void> => {
    for (const name of await list(folder)) {
      if (!allowed.has(name) && !isUnderWay(name)) wrong.push(`left over: ${join(folder, name)}`);
    }
  };
  const runs = new Set(active.map((dom) => `domain-${dom.id()}-${dom.name()}`));
  await expect(join(base, "run"), runs);
  await expect(join(base, "channel"), runs);
  await expect(join(base, "status"), new Set(active.map((dom) => `${dom.name()}.json`)));
  const stored = new Set<string>(["autostart"]);
  const marked = new Set<string>();
  const saved = new Set<string>();
  for (const dom of all) {
    if (!(await dom.isPersistent())) continue;
    stored.add(`${dom.name()}.xml`);
    if (await dom.autostart()) marked.add(`${dom.name()}.xml`);
    if (await dom.hasManagedSaveImage()) saved.add(`${dom.name()}.save`);
  }
  await expect(join(base, "definitions"), stored);
  await expect(join(base, "definitions", "autostart"), marked);
  await expect(join(base, "save"), saved);
  await expect(world.temporary, new Set());
  for (const name of await readdir(world.root, { recursive: true })) {
    if (name.endsWith(".new") && !isUnderWay(name)) wrong.push(`left over: ${name}`);
  }
  for (const name of await list(world.saves)) if (!/^\d+\.save$/.test(name)) wrong.push(`left over: saves/${name}`);
  return wrong;
}

async function wrongImages(world: World, active: readonly Domain[], slots: number): Promise<string[]> {
  const wrong: string[] = [];
  const on = new Set(active.map((dom) => dom.uuidString()));
  for (let slot = 0; slot < slots; slot++) {
    const { uid, gid, mode } = await stat(imageOf(world, slot));
    if ((mode & 0o777) !== 0o600) wrong.push(`the image of slot ${slot} has the mode ${mode.toString(8)}`);
    if (!imageOwner || on.has(slotUuid(slot))) continue;
    if (uid !== imageOwner.uid || gid !== imageOwner.gid)
      wrong.push(`the image of slot ${slot} belongs to ${uid}:${gid}`);
  }
  return wrong;
}

/** Saves are whole: their documents can be read, and QEMU's stream has its end. */
async function wrongSaves(conn: Connection, world: World, all: readonly Domain[], slots: number): Promise<string[]> {
  const wrong: string[] = [];
  const check = async (what: string, path: string, read: () => Promise<string>): Promise<void> => {
    try {
      await read();
      const { size } = await stat(path);
      if (size < 64 * 1024) wrong.push(`${what} has only ${size} bytes`);
    } catch (error) {
      wrong.push(`${what} cannot be read: ${error}`);
    }
  };
  for (const dom of all) {
    if (!(await dom.hasManagedSaveImage())) continue;
    const path = join(world.root, "qemu", "save", `${dom.name()}.save`);
    await check(`the managed save of '${dom.name()}'`, path, () => dom.managedSaveGetXMLDesc());
  }
  const saves = new Set(await list(world.saves));
  for (let slot = 0; slot < slots; slot++) {
    const path = saveOf(world, slot);
    if (saves.has(`${slot}.save`)) await check(`the save of slot ${slot}`, path, () => conn.saveImageGetXMLDesc(path));
  }
  return wrong;
}

/** A guest that was taken over is told of like one that we started: pausing, going on, dying. */
export async function wrongEvents(conn: Connection, world: World, dom: Domain, kill: boolean): Promise<string[]> {
  const heard: string[] = [];
  let ended = (): void => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const callback = await conn.domainEventRegisterAny(dom, 0, (_, { event, detail }) => {
    heard.push(`${event} ${detail}`);
    if (event === DomainEventType.STOPPED) ended();
  });
  const expected: string[] = [];
  try {
    if ((await dom.state()).state === DomainState.RUNNING) {
      await dom.suspend();
      await dom.resume();
      expected.push(`${DomainEventType.SUSPENDED} 0`, `${DomainEventType.RESUMED} 0`);
    }
    if (kill) {
      for (const { pid, uuid } of await qemusOf(world)) if (uuid === dom.uuidString()) await killAndWait(pid);
      await end;
      expected.push(`${DomainEventType.STOPPED} 5`);
    }
  } finally {
    await conn.domainEventDeregisterAny(callback);
  }
  const all = heard.join(", ");
  return all === expected.join(", ") ? [] : [`events of '${dom.name()}': ${all} instead of ${expected.join(", ")}`];
}
