// The daemon, dist/daemon/: it is started for the first client, who waits for it. Run after the TypeScript compiler.
import { bundle } from "./bundle.mjs";

// Optional parts are found in node_modules, if they are there.
await bundle("dist/daemon", ["dist/src/daemon/main.js"], { external: ["koffi"] });
