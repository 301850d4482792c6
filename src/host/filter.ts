/** Programs that data flows through, such as `gzip -c`: started without a shell, ended with the flow. */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { Duplex, type Readable, type Writable } from "node:stream";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

/** A program between two ends of a flow. */
export interface Filter {
  readonly input: Writable;
  readonly output: Readable;
  /** Both ends, for pipelines. */
  readonly both: Duplex;
  /** Resolves when it has ended well; rejects with what it said when it has not. */
  readonly ended: Promise<void>;
}

/** How much of what a failing program says is kept, in characters. */
const maxComplaint = 1000;

export function startFilter(command: string, args: readonly string[], domain: ErrorDomainName): Filter {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, maxComplaint);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(systemError(domain, `cannot run '${command}'`, error)));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const why = complaint.trim() || (signal ? `ended by ${signal}` : `exit code ${code}`);
      reject(new LibvirtError("OPERATION_FAILED", domain, `'${command}' failed: ${why}`));
    });
  });
  // Whoever waits for the flow asks; nobody else needs to know.
  ended.catch(() => {});
  const { stdin: input, stdout: output } = child;
  // A program that ends early says why on its own.
  input.on("error", () => {});
  return { input, output, both: Duplex.from({ writable: input, readable: output }), ended };
}

/** The path of a program that can be run, or null. */
export async function findProgram(name: string, path = process.env.PATH ?? "/usr/bin:/bin"): Promise<string | null> {
  for (const folder of path.split(":").filter((one) => one.startsWith("/"))) {
    const candidate = join(folder, name);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return null;
}
