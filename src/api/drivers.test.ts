import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** All modules that are loaded together with one, however far away. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, path = ""] of text.matchAll(/^(?:import|export)\b(?! type)[^;]*?["'](\.[^"']+)["'];/gm)) {
    loadedWith(join(dirname(file), path), seen);
  }
  return seen;
}

test("no driver is loaded before a URI of its own is opened", () => {
  const files = [
    ...loadedWith(fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "index.ts" : "index.js", import.meta.url))),
  ];
  assert.ok(files.length > 100, `${files.length} modules`);
  assert.deepEqual(
    files.filter((file) => file.includes("/drivers/")),
    [],
  );
});
