/** The programs that stand in documents, and how a reader would run them. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "./project.ts";

const run = promisify(execFile);

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown document that say what language they are in. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const found = markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

export interface Reader {
  /** Where the reader is at home. */
  readonly home: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a block as somebody would who reads it. Rejects when it fails; gives what it prints to standard error. */
export async function runBlock({ language, text }: CodeBlock, { home, env }: Reader): Promise<string> {
  const path = `${join(projectRoot, "bin")}:${process.env.PATH}`;
  const options = {
    cwd: projectRoot,
    env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, "data"), PATH: path, ...env },
    timeout: 180_000,
  };
  switch (language) {
    case "sh":
      // Bash takes Node's pipes for a remote login, for which it would read the user's own settings.
      return (await run("bash", ["--norc", "-euo", "pipefail", "-c", text], options)).stderr;
    case "ts":
      return runTypeScript(text, options);
    case "python":
      return (await run("/usr/bin/python3", ["-B", "-W", "error", "-c", text], options)).stderr;
    default:
      throw new Error(`nobody knows how to run ${language}`);
  }
}

/** A program lies within the package, where `import "tsvirt"` finds what was built. */
async function runTypeScript(text: string, options: object): Promise<string> {
  mkdirSync(join(projectRoot, "dist"), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, "dist", "block-"));
  try {
    const program = join(folder, "program.ts");
    writeFileSync(program, text);
    return (await run(process.execPath, ["--import", "tsx", program], options)).stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
