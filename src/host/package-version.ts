/** tsvirt's own version, from the package it is part of. */
import { readFileSync } from "node:fs";

/** Put in place when the shell is joined into few files or one. */
declare const TSVIRT_VERSION: string | undefined;

/** Where it was not put in place: the nearest package.json above this file is the package's, from the sources and from a build alike. */
export function packageVersion(): string {
  if (typeof TSVIRT_VERSION === "string") return TSVIRT_VERSION;
  for (let folder = new URL("../", import.meta.url); ; folder = new URL("../", folder)) {
    const found = versionIn(new URL("package.json", folder));
    if (found !== undefined) return found;
    if (folder.pathname === "/") return "unknown";
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
