/** The program `tsvirt-admin`: run by being loaded. */
import { adminApplication } from "./admin.ts";
import { run } from "./run.ts";

await run(adminApplication);
