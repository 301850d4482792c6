// Joins the daemon's hundreds of files into a few, dist/daemon/: a daemon that is started for the first client starts as
// fast as it reads its files. What is imported lazily stays in files of its own. Run after the TypeScript compiler.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { definitions } from "./definitions.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

await rm(path("dist/daemon"), { recursive: true, force: true });
await build({
  entryPoints: [path("dist/src/daemon/main.js")],
  outdir: path("dist/daemon"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifyWhitespace: true,
  minifySyntax: true,
  define: definitions,
  // Optional parts are found in node_modules, if they are there.
  external: ["koffi"],
  legalComments: "eof",
  logLevel: "warning",
});
