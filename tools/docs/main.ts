/** Writes the reference documentation into `dist/site`: `npm run docs`. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentOf } from "../api/files.ts";
import { buildSite, writeSite } from "./site.ts";

let project = dirname(fileURLToPath(import.meta.url));
while (!existsSync(join(project, "package.json"))) project = dirname(project);
const site = buildSite({ project, api: documentOf(project), pythonPackage: join(project, "bindings", "python") });
const folder = join(project, "dist", "site");
writeSite(site, folder);
console.log(`${site.files.size} files in ${folder}: open ${join(folder, "index.html")}`);
