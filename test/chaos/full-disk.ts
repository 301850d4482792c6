/**
 * A program whose disk is full again and again: `full-disk.js FOLDER SEED ROUNDS`, as root in a mount namespace of its
 * own. Each change either succeeds or fails with SYSTEM_ERROR and changes nothing; with room again it succeeds.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Connection, isLibvirtError, open, silenceErrors } from "../../src/api/index.ts";
import { random } from "../fuzz/mutate.ts";
import { type Seen, see } from "./seen.ts";
import { chooseStep, type Step } from "./steps.ts";
import { slotUuid, type World, worldAt } from "./world.ts";

const [folder = "", seed = "1", rounds = "10"] = process.argv.slice(2);
const disk = join(folder, "disk");
const ballast = join(disk, "ballast");
const size = 24 * 1024 * 1024;
/** ENOSPC. */
const noSpace = 28;
const next = random(Number(seed));

silenceErrors();
mkdirSync(disk, { mode: 0o711 });
execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=711`, "tmpfs", disk]);
// The image lies elsewhere: it is the driver's files that find no room.
const world: World = { ...worldAt(disk), folder, saves: join(disk, "saves") };
mkdirSync(world.saves);

/** Fills the disk but for so many bytes. */
function fill(free: number): void {
  const file = openSync(ballast, "w", 0o600);
  const block = Buffer.alloc(256 * 1024);
  let written = 0;
  try {
    for (;;) written += writeSync(file, block);
  } catch {
    // Full.
  }
  ftruncateSync(file, Math.max(0, written - free));
  closeSync(file);
}

/** The same look at everything, but for why the state is so: a guest that a save had paused says so. */
async function look(conn: Connection): Promise<Omit<Seen, "reason"> | null> {
  const seen = await see(conn, slotUuid(0));
  if (!seen) return null;
  const { reason: _, ...rest } = seen;
  return rest;
}

/** What is half written. The status of a guest that runs is written at any time. */
function leftovers(): string[] {
  const names = [...readdirSync(world.root, { recursive: true }), ...readdirSync(world.saves)];
  return names.map(String).filter((name) => name.endsWith(".new") && !name.includes("status/"));
}

/** Steps that need no room cannot tell anything. */
const idle = new Set(["suspend", "resume", "shutdown", "destroy", "undefine", "remove managed save"]);

/** Does a step on a full disk; gives whether it failed. */
async function tryFull(conn: Connection, step: Step): Promise<boolean> {
  const before = await look(conn);
  fill(Math.floor(next() ** 3 * 600 * 1024));
  try {
    await step.run();
    return false;
  } catch (error) {
    assert.ok(isLibvirtError(error, "SYSTEM_ERROR"), `${step.name}: ${error}`);
    assert.equal(error.int1, noSpace, `${step.name}: ${error.message}`);
    assert.deepEqual(await look(conn), before, step.name);
    return true;
  } finally {
    rmSync(ballast, { force: true });
    assert.deepEqual(leftovers(), [], step.name);
  }
}

let conn = await open(world.uri);
let failed = 0;
const names = new Set<string>();
for (let round = 0; round < Number(rounds); round++) {
  const step = chooseStep({ conn, world, slot: 0, seen: await see(conn, slotUuid(0)), next });
  if (step.name === "shutdown") continue;
  if (!idle.has(step.name) && (await tryFull(conn, step))) {
    failed++;
    names.add(step.name);
    if (next() < 0.3) {
      // What a program would find that comes now.
      const before = await look(conn);
      await conn.close();
      conn = await open(world.uri);
      assert.deepEqual(await look(conn), before, step.name);
    } else await step.run();
  } else if (idle.has(step.name)) await step.run();
}
for (const dom of await conn.listAllDomains(1)) await dom.destroy();
await conn.close();
console.log(JSON.stringify({ failed, steps: [...names].sort() }));
