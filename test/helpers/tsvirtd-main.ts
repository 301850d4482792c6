/** The program, from the sources or from the build as the test that runs it. */
import { main } from "../../src/daemon/main.ts";

process.exitCode = await main();
