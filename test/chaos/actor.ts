/**
 * A program that changes domains by chance until it is killed: `actor.js FOLDER SEED SLOTS STEPS`. What it is about to
 * do and what it has done stands on its output, a line of JSON each, written before anything else happens.
 */
import { writeSync } from "node:fs";
import { isLibvirtError, open, silenceErrors } from "../../src/api/index.ts";
import { random } from "../fuzz/mutate.ts";
import { type Seen, type Stored, see } from "./seen.ts";
import { chooseStep } from "./steps.ts";
import { slotUuid, worldAt } from "./world.ts";

/** A line of the program. */
export type Line =
  | { readonly kind: "open" }
  | { readonly kind: "begin"; readonly slot: number; readonly step: string; readonly stored?: Stored | null }
  | { readonly kind: "done"; readonly slot: number; readonly seen: Seen | null }
  | { readonly kind: "failed"; readonly slot: number; readonly seen: Seen | null; readonly error: string };

const say = (line: Line): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const [folder = "", seed = "", slots = "", steps = ""] = process.argv.slice(2);
const world = worldAt(folder);
silenceErrors();
const conn = await open(world.uri);
say({ kind: "open" });

async function play(slot: number): Promise<void> {
  const next = random(Number(seed) * 1000 + slot);
  for (let count = 0; count < Number(steps); count++) {
    const seen = await see(conn, slotUuid(slot));
    const { name, stored, run } = chooseStep({ conn, world, slot, seen, next });
    say({ kind: "begin", slot, step: name, ...(stored !== undefined && { stored }) });
    try {
      await run();
    } catch (error) {
      const text = isLibvirtError(error) ? `${name}: error ${error.code}: ${error.message}` : `${name}: ${error}`;
      say({ kind: "failed", slot, seen: await see(conn, slotUuid(slot)), error: text });
      continue;
    }
    say({ kind: "done", slot, seen: await see(conn, slotUuid(slot)) });
  }
}

await Promise.all(Array.from({ length: Number(slots) }, (_, slot) => play(slot)));
await conn.close();
