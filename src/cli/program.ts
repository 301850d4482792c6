/** The program `tsvirt`: run by being loaded. */
import { run } from "./run.ts";

await run();
