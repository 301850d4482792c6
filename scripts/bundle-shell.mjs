// The shells, dist/shell/: their start costs the reading of files most of all. Run after the TypeScript compiler.
import { bundle } from "./bundle.mjs";

await bundle("dist/shell", ["dist/src/cli/program.js", "dist/src/cli/admin-program.js"]);
