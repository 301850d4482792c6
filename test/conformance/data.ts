/** Where the conformance data is: `../shared/conformance` beside the project, or below the folder TSVIRT_SHARED names. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectRoot } from "../helpers/project.ts";

/** The folder with the suites. It need not exist. */
export const dataFolder = join(process.env.TSVIRT_SHARED ?? join(projectRoot, "..", "shared"), "conformance");

export const haveData = existsSync(join(dataFolder, "tools", "run-suite.mjs"));

/** Said where conformance is skipped. */
export const missingData = `no conformance data in ${dataFolder} (TSVIRT_SHARED names the folder that holds it)`;

/** The suites that are there, by name. */
export async function suiteNames(): Promise<string[]> {
  const entries = await readdir(dataFolder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return folders.filter((name) => existsSync(join(dataFolder, name, "manifest.jsonl"))).sort();
}

/** One case's verdict. `exact` is whether XML was equal to the last byte. */
export interface Verdict {
  readonly suite: string;
  readonly id: string;
  readonly pass: boolean;
  readonly exact?: boolean;
  readonly why?: unknown;
}

export interface Score {
  readonly text: string;
  readonly cases: readonly Verdict[];
}

/** What the capabilities of a case alone decide does not count where they are made up. */
const looseCapabilities: ReadonlySet<string> = new Set(["qemuxml2argv-fakecaps"]);

function options(suites: readonly string[]): string[] {
  return suites.some((suite) => looseCapabilities.has(suite)) ? ["--caps-loose"] : [];
}

/** How this very program is run again: with tsx from the sources, plainly from `dist`. */
function adapterCommand(): string {
  const fromSources = import.meta.url.endsWith(".ts");
  const adapter = fileURLToPath(new URL(fromSources ? "./adapter.ts" : "./adapter.js", import.meta.url));
  const loader = fromSources ? ["--import", "tsx"] : [];
  return [process.execPath, ...loader, adapter].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** Runs suites through the runner that comes with the data, and returns its lines and verdicts. */
export async function runSuites(suites: readonly string[]): Promise<Score> {
  const loose = suites.filter((suite) => looseCapabilities.has(suite));
  const scores = await Promise.all([suites.filter((suite) => !looseCapabilities.has(suite)), loose].map(runTogether));
  return { text: scores.map(({ text }) => text).join(""), cases: scores.flatMap(({ cases }) => cases) };
}

async function runTogether(suites: readonly string[]): Promise<Score> {
  if (suites.length === 0) return { text: "", cases: [] };
  const scratch = await mkdtemp(join(tmpdir(), "tsvirt-conformance-"));
  try {
    const report = join(scratch, "report.json");
    const runner = join(dataFolder, "tools", "run-suite.mjs");
    const folders = suites.map((suite) => join(dataFolder, suite));
    const text = await output([
      runner,
      ...options(suites),
      `--adapter=${adapterCommand()}`,
      `--json=${report}`,
      ...folders,
    ]);
    const { cases } = JSON.parse(await readFile(report, "utf8")) as { cases: Verdict[] };
    return { text, cases };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The standard output of a Node program. The runner exits with 1 when a case fails; its report tells more. */
function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}
