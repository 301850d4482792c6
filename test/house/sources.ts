/** The project's own source files, and what they import. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder: this file runs as `dist/test/house/sources.js`. */
export const projectFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** One file of `src/`. */
export interface Source {
  /** From `src/`: `model/domain/disk.ts`. */
  readonly path: string;
  readonly text: string;
  /** What it imports, types too: from `src/` for the project's own files, else as written, `node:fs`. */
  readonly imports: readonly string[];
}

const statement = /^(?:import|export)\s[^;"]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)/gm;

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(statement)].map(([, from, bare, dynamic]) => {
    const written = from ?? bare ?? dynamic ?? "";
    return written.startsWith(".") ? join(dirname(path), written) : written;
  });
}

/** Every file of `src/`, without the tests and what they compare with. */
export function sources(): readonly Source[] {
  const root = join(projectFolder, "src");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.test\./.test(entry.name))
    .filter((entry) => !entry.parentPath.endsWith("golden"))
    .map((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}
