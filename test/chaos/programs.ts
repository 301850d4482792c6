/** The programs of a chaos run as processes: what they say, and when they die. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { World } from "./world.ts";

export interface Program<Line> {
  readonly child: ChildProcess;
  /** Resolves when it has ended and everything that it said has been heard. */
  readonly ended: Promise<void>;
  /** What it said on its standard error. */
  readonly errors: () => string;
  /** The first line; null when it ended without one. */
  readonly first: Promise<Line | null>;
}

/** Starts a program of this folder; `hear` is called for each line that it says. */
export function startProgram<Line>(
  world: World,
  name: string,
  args: readonly string[],
  hear: (line: Line) => void = () => {},
): Program<Line> {
  const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: world.temporary },
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  const lines = createInterface(child.stdout);
  const first = new Promise<Line | null>((resolve) => {
    lines.once("line", (text) => resolve(JSON.parse(text)));
    lines.once("close", () => resolve(null));
  });
  lines.on("line", (text) => hear(JSON.parse(text)));
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]).then(() => {});
  return { child, ended, errors: () => errors, first };
}
