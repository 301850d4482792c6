/**
 * What the real virsh answers. Normally from a record of virsh 9.0.0, for hundreds of its runs take a while; the
 * environment's VIRSH says otherwise: `live` asks the one that is installed, `record` does and writes the record anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Outcome, virsh } from "../../../src/cli/virsh.test.support.ts";
import { DefinitionFolder } from "./files.ts";
import { comparable } from "./outcome.ts";

type Record = Readonly<{ [line: string]: Outcome }>;

const file = new URL("../../../../test/interop/virsh/recorded.golden.json", import.meta.url);

/** How many virsh run at once: most of their time is waiting. */
const WORKERS = 3;

export async function virshOutcomes(lines: readonly string[]): Promise<Record> {
  const source = process.env.VIRSH;
  if (source !== "live" && source !== "record") return JSON.parse(readFileSync(file, "utf8"));
  const outcomes = await askVirsh(lines);
  if (source === "record") writeFileSync(file, `${JSON.stringify(outcomes, undefined, 1)}\n`);
  return outcomes;
}

async function askVirsh(lines: readonly string[]): Promise<Record> {
  const folder = await DefinitionFolder.create();
  try {
    const answers = new Map<string, Outcome>();
    const waiting = [...lines];
    const work = async () => {
      for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
        answers.set(line, anywhere(await virsh(argvOf(folder.expand(line))), folder));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    return Object.fromEntries(lines.map((line) => [line, answers.get(line) as Outcome]));
  } finally {
    await folder.remove();
  }
}

export function argvOf(line: string): string[] {
  return ["-c", "test:///default", line];
}

/** An outcome that does not say where the definitions were. */
export function anywhere(outcome: Outcome, folder: DefinitionFolder): Outcome {
  const { stdout, stderr, code } = comparable(outcome);
  const moved = (text: string) => text.replaceAll(folder.path, "{}");
  return { stdout: moved(stdout), stderr: moved(stderr), code };
}
