// Joins hundreds of the compiler's files into a few: a program starts as fast as it reads its files. What is imported
// lazily stays in files of its own.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { definitions } from "./definitions.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Fills `folder` anew from the programs in `entries`, both relative to the project; `options` are esbuild's. */
export async function bundle(folder, entries, options = {}) {
  await rm(path(folder), { recursive: true, force: true });
  await build({
    entryPoints: entries.map(path),
    outdir: path(folder),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    define: definitions,
    legalComments: "eof",
    logLevel: "warning",
    ...options,
  });
}
