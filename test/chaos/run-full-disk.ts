/** Runs the program whose disk is full, in a mount namespace of its own. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { killAndWait, makeWorld, qemusOf } from "./world.ts";

export interface FullDiskResult {
  /** How many changes the full disk refused. */
  readonly failed: number;
  /** Which ones. */
  readonly steps: readonly string[];
}

export async function runFullDisk(seed: number, rounds: number): Promise<FullDiskResult> {
  const world = await makeWorld(1);
  try {
    const program = fileURLToPath(new URL("./full-disk.js", import.meta.url));
    const args = ["-m", process.execPath, program, world.folder, String(seed), String(rounds)];
    const { stdout } = await promisify(execFile)("unshare", args);
    return JSON.parse(stdout);
  } finally {
    for (const { pid } of await qemusOf(world)) await killAndWait(pid);
    await rm(world.folder, { recursive: true, force: true });
  }
}
