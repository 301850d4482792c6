// Joins the shell's hundreds of files into a few, dist/shell/: starting it costs the reading of files most of all.
// What is imported lazily stays in files of its own. Run after the TypeScript compiler.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { definitions } from "./definitions.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

await rm(path("dist/shell"), { recursive: true, force: true });
await build({
  entryPoints: [path("dist/src/cli/program.js"), path("dist/src/cli/admin-program.js")],
  outdir: path("dist/shell"),
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
});
