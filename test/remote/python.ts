/** libvirt's own client, asked through Python. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { python, scripts } from "./libvirtd.ts";

/** Runs one of the scripts here with JSON as its input and its output. */
export async function askPython(script: string, input: unknown, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const child = spawn(python, [join(scripts, script)], { env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(JSON.stringify(input));
  const [output, words, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${words}`);
  return JSON.parse(output);
}
