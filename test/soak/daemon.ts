/** Soak of tsvirtd: calls, connections and guests by the million, the ten thousand and the thousand; nothing stays. */
import { chmod, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, open } from "../../src/api/index.ts";
import { writeTinyGuest } from "../helpers/tiny-guest.ts";
import { type Lifetime, Tsvirtd } from "../helpers/tsvirtd.ts";

/** How often each thing is done. */
export interface DaemonSoak {
  readonly calls: number;
  readonly connects: number;
  readonly starts: number;
}

/** What issue and specification speak of. */
export const wholeSoak: DaemonSoak = { calls: 1_000_000, connects: 10_000, starts: 1_000 };

/** What the daemon's process holds. */
export interface DaemonHeld {
  readonly descriptors: number;
  /** MiB. */
  readonly resident: number;
}

export interface DaemonSoakResult {
  readonly name: keyof DaemonSoak;
  readonly count: number;
  /** After the first tenth, when what is kept for reuse is there. */
  readonly before: DaemonHeld;
  readonly after: DaemonHeld;
}

/** Calls that are under way at a time on one connection, as many as a client may have. */
const inFlight = 5;

async function held(daemon: Tsvirtd): Promise<DaemonHeld> {
  const status = await readFile(`/proc/${daemon.pid}/status`, "utf8");
  const [, kibibytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return {
    descriptors: (await readdir(`/proc/${daemon.pid}/fd`)).length,
    resident: Math.round(Number(kibibytes) / 1024),
  };
}

async function calls(conn: Connection, count: number): Promise<void> {
  const domain = await conn.lookupByName("test");
  let left = count;
  const caller = async () => {
    while (left-- > 0) await domain.info();
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

async function connects(uri: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) await (await open(uri)).close();
}

async function starts(conn: Connection, image: string, count: number): Promise<void> {
  const domain = await conn.defineXML(`<domain type='qemu'><name>soak</name><memory unit='MiB'>32</memory>
    <os><type machine='pc'>hvm</type></os><devices>
    <disk type='file'><driver name='qemu' type='raw'/><source file='${image}'/><target dev='vda' bus='virtio'/></disk>
    <serial type='pty'/></devices></domain>`);
  for (let at = 0; at < count; at++) {
    await domain.create();
    await domain.destroy();
  }
  await domain.undefine();
}

/** Runs everything, each a tenth of the times to warm up and then the rest. */
export async function soakDaemon(
  lifetime: Lifetime,
  soak: DaemonSoak,
  report: (result: DaemonSoakResult) => void,
): Promise<void> {
  const daemon = await Tsvirtd.start(lifetime);
  const image = join(daemon.root, "soak.img");
  await writeTinyGuest(image);
  await chmod(image, 0o666);
  await using test = await open(daemon.uri("test"));
  await using qemu = await open(daemon.uri("qemu"));
  const works: Readonly<Record<keyof DaemonSoak, (count: number) => Promise<void>>> = {
    calls: (count) => calls(test, count),
    connects: (count) => connects(daemon.uri("test"), count),
    starts: (count) => starts(qemu, image, count),
  };
  for (const name of Object.keys(works) as (keyof DaemonSoak)[]) {
    const count = soak[name];
    const warmUp = Math.ceil(count / 10);
    await works[name](warmUp);
    const before = await held(daemon);
    await works[name](count - warmUp);
    report({ name, count, before, after: await held(daemon) });
  }
}

/** How much memory the daemon may grow by while V8 makes up its mind, in MiB; what leaks grows with the count. */
const growth = 48;

/** What has stayed that should not have. */
export function leakedByDaemon({ name, before, after }: DaemonSoakResult): string[] {
  const wrong: string[] = [];
  if (after.descriptors > before.descriptors) {
    wrong.push(`${name}: ${before.descriptors} descriptors became ${after.descriptors}`);
  }
  if (after.resident > before.resident + growth) {
    wrong.push(`${name}: ${before.resident} MiB became ${after.resident}`);
  }
  return wrong;
}
