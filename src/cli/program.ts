/** The program itself: run by being loaded. */
import { main } from "./main.ts";

// A reader that went away (`tsvirt list | head -1`) is no error to report.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await main();
