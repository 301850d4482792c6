/** Runs one of the shell's programs as this process. */
import { type Application, shellApplication } from "./application.ts";
import { main } from "./main.ts";
import { processTerminal } from "./terminal.ts";

export async function run(application: Application = shellApplication): Promise<void> {
  // A reader that went away (`tsvirt list | head -1`) is no error to report.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.exitCode = await main(process.argv.slice(2), processTerminal, application);
}
