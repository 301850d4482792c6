/** Writes `api/api.xml` and `api/api.json`: `npm run api`. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFiles } from "./files.ts";

let project = dirname(fileURLToPath(import.meta.url));
while (!existsSync(join(project, "package.json"))) project = dirname(project);
writeFiles(project);
