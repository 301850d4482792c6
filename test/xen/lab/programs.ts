/** Programs of the machine that build the lab. */
import { execFile } from "node:child_process";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: Buffer;
}

/** Runs a program to its end and gives what it printed. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  const { cwd, env = process.env, input } = options;
  return new Promise((resolve, reject) => {
    const settings = {
      env: { ...env, LC_ALL: "C" },
      encoding: "buffer",
      maxBuffer: 256 * 1024 * 1024,
      ...(cwd && { cwd }),
    } as const;
    const child = execFile(command, [...args], settings, (failure, stdout, stderr) => {
      if (failure === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")}: ${stderr.toString().trim() || failure.message}`));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** The lines that a program printed. */
export async function linesOf(command: string, args: readonly string[], options?: RunOptions): Promise<string[]> {
  return (await run(command, args, options)).toString().split("\n");
}
