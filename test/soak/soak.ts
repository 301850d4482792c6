/** Soak: the same thing many times in one process, and nothing of it stays: descriptors, handles, memory, files. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Connection, DomainConsoleFlags, open } from "../../src/api/index.ts";
import { endWorld, imageOf, makeWorld, qemusOf, type World } from "../chaos/world.ts";

/** One kind of thing that is done again and again. */
export interface Cycle {
  readonly name: string;
  run(conn: Connection, world: World, count: number): Promise<void>;
}

const uuid = (count: number): string => `00000000-0000-4000-9000-${String(count).padStart(12, "0")}`;

/** A guest with a serial port that a stream can be opened to. */
function xmlOf(world: World, count: number): string {
  return (
    `<domain type='qemu'><name>soak-${count}</name><uuid>${uuid(count)}</uuid><memory unit='MiB'>32</memory>` +
    "<os><type arch='x86_64' machine='pc'>hvm</type></os><devices><disk type='file' device='disk'>" +
    `<driver name='qemu' type='raw'/><source file='${imageOf(world, 0)}'/><target dev='vda' bus='virtio'/></disk>` +
    "<serial type='pty'/><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>"
  );
}

export const cycles: readonly Cycle[] = [
  {
    name: "define and undefine",
    async run(conn, world, count) {
      const dom = await conn.defineXML(xmlOf(world, count));
      await dom.setAutostart(true);
      await dom.undefine();
    },
  },
  {
    name: "start, look and destroy",
    async run(conn, world, count) {
      const dom = await conn.defineXML(xmlOf(world, count));
      await dom.create();
      await dom.xmlDesc();
      await dom.destroy();
      await dom.undefine();
    },
  },
  {
    name: "start, save, start and destroy",
    async run(conn, world, count) {
      const dom = await conn.createXML(xmlOf(world, count));
      const path = join(world.saves, "soak.save");
      await dom.save(path);
      await conn.restore(path);
      await (await conn.lookupByUuidString(uuid(count))).destroy();
    },
  },
  {
    name: "open and close a console",
    async run(conn, world, count) {
      const dom = await conn.createXML(xmlOf(world, count));
      for (let time = 0; time < 5; time++) {
        // Force, for the driver's side of the one before may still be closing.
        (await dom.openConsole(null, DomainConsoleFlags.FORCE)).abort();
      }
      await dom.destroy();
    },
  },
  {
    name: "listen and stop listening",
    async run(conn, world, count) {
      const listener = conn.on("lifecycle", () => {});
      const id = await conn.domainEventRegisterAny(null, 0, () => {});
      const events = conn.events();
      const dom = await conn.defineXML(xmlOf(world, count));
      for await (const _ of events) break;
      await dom.undefine();
      await conn.domainEventDeregisterAny(id);
      await listener.close();
    },
  },
  {
    name: "open and close a connection",
    async run(_, world) {
      await (await open(world.uri)).close();
    },
  },
];

/** What a process holds. */
export interface Held {
  readonly descriptors: number;
  /** Handles and requests that keep it alive, timers among them. */
  readonly resources: number;
  /** MiB. */
  readonly resident: number;
  readonly children: number;
  readonly files: number;
}

async function held(world: World): Promise<Held> {
  globalThis.gc?.();
  // Handles are closed at the end of a turn of the event loop.
  await setImmediate();
  await setImmediate();
  const files = [world.root, world.temporary].map((path) => readdir(path, { recursive: true }));
  const names = (await Promise.all(files)).flat();
  return {
    descriptors: (await readdir("/proc/self/fd")).length,
    resources: process.getActiveResourcesInfo().length,
    resident: Math.round(process.memoryUsage().rss / 2 ** 20),
    children: (await qemusOf(world)).length,
    // Logs are kept, one for each name.
    files: names.filter((name) => !/(^|\/)log\//.test(name)).length,
  };
}

export interface SoakResult {
  readonly name: string;
  readonly before: Held;
  readonly after: Held;
}

/** Runs each cycle at most three times to warm up, and then `count` times. */
export async function soak(count: number, report: (result: SoakResult) => void): Promise<void> {
  const world = await makeWorld(1);
  try {
    await using conn = await open(world.uri);
    let done = 0;
    for (const { name, run } of cycles) {
      for (let time = 0; time < Math.min(count, 4) - 1; time++) await run(conn, world, done++);
      const before = await held(world);
      for (let time = 0; time < count; time++) await run(conn, world, done++);
      report({ name, before, after: await held(world) });
    }
  } finally {
    await endWorld(world);
  }
}

/** How much memory a process may grow by while it warms up, in MiB; what leaks grows with the number of cycles. */
const growth = 48;

/** What has stayed of a cycle that should not have. */
export function leaked({ name, before, after }: SoakResult): string[] {
  const kinds = ["descriptors", "resources", "children", "files"] as const;
  const more = kinds
    .filter((kind) => after[kind] > before[kind])
    .map((kind) => `${before[kind]} ${kind} became ${after[kind]}`);
  if (after.resident > before.resident + growth) more.push(`${before.resident} MiB became ${after.resident}`);
  return more.map((text) => `${name}: ${text}`);
}
