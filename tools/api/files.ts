/** The files of the API's document. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "./describe.ts";
import type { ApiDocument } from "./document.ts";
import { toXml } from "./xml.ts";

/** The document of the project in a folder, from its sources. */
export function documentOf(project: string): ApiDocument {
  const { version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { readonly version: string };
  return describe(project, version);
}

/** What stands in each file of the folder `api`. */
export function filesOf(api: ApiDocument): Readonly<Record<"api.xml" | "api.json", string>> {
  return { "api.xml": toXml(api), "api.json": `${JSON.stringify(api, null, 1)}\n` };
}

/** Writes the files into the project's folder `api`. */
export function writeFiles(project: string): ApiDocument {
  const api = documentOf(project);
  const folder = join(project, "api");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(filesOf(api))) writeFileSync(join(folder, name), text);
  return api;
}
