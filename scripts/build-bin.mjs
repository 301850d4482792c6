// Compiles the shell into one executable file, tsvirt in dist/bin/ (or the folder that is named), with nothing to install beside it: the runtime is inside.
// What is imported lazily stays in pieces of its own, so that a command loads only what it needs.
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { definitions } from "./definitions.mjs";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const bun = join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin", "bun.exe");

const folder = resolve(process.argv[2] ?? path("dist/bin"));

await mkdir(folder, { recursive: true });
try {
  await promisify(execFile)(bun, [
    "build",
    path("src/cli/program.ts"),
    ...["--outfile", join(folder, "tsvirt")],
    ...["--compile", "--bytecode", "--format=esm", "--splitting", "--minify"],
    // A short life: what is run a few times is not worth compiling.
    "--compile-jit-policy=10",
    // The folder that somebody happens to stand in has no say in how the shell works.
    ...["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"],
    ...Object.entries(definitions).flatMap(([name, value]) => ["--define", `${name}=${value}`]),
  ]);
} catch (error) {
  process.stderr.write(error.stderr ?? `${error}\n`);
  process.exitCode = 1;
}
