/** The package that this is part of: its folder, its version. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Put in place when the program is joined into few files or one. */
declare const TSVIRT_VERSION: string | undefined;

/** tsvirt's own version. */
export function packageVersion(): string {
  if (typeof TSVIRT_VERSION === "string") return TSVIRT_VERSION;
  return nearestPackage()?.version ?? "unknown";
}

/** The folder of tsvirt's package; undefined where the library has become part of another program. */
export function packageFolder(): string | undefined {
  return nearestPackage()?.folder;
}

/** The nearest package.json above this file is the package's, from the sources and from a build alike. */
function nearestPackage(): { folder: string; version: string } | undefined {
  // A program that is one file contains this one, at a place that is on no disk.
  const start = "bun" in process.versions ? pathToFileURL(process.execPath).href : import.meta.url;
  for (let folder = new URL("./", start); ; folder = new URL("../", folder)) {
    const version = versionIn(new URL("package.json", folder));
    if (version !== undefined) return { folder: fileURLToPath(folder), version };
    if (folder.pathname === "/") return undefined;
  }
}

function versionIn(file: URL): string | undefined {
  try {
    const parsed = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown; version?: unknown };
    return parsed.name === "tsvirt" ? String(parsed.version) : undefined;
  } catch {
    return undefined;
  }
}
