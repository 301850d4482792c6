/** The Python package as a person has it: what is written by hand, and what the generator makes of `api.xml`. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { documentOf, filesOf } from "../../../tools/api/files.ts";
import { projectRoot } from "../../helpers/project.ts";
import { python } from "../../remote/libvirtd.ts";

const run = promisify(execFile);

/** Where the binding's sources are. */
export const bindingSource = join(projectRoot, "bindings", "python");

let made: Promise<string> | undefined;

/** A folder that holds the package, made once; it goes with the process. */
export function pythonPackage(): Promise<string> {
  made ??= makePackage();
  return made;
}

async function makePackage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tsvirt-python-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(bindingSource, folder, { recursive: true });
  const api = join(folder, "api.xml");
  writeFileSync(api, filesOf(documentOf(projectRoot))["api.xml"]);
  await generate(folder, api);
  return folder;
}

/** Runs the generator of a folder on a document. */
export async function generate(folder: string, api: string): Promise<void> {
  await run(python, ["-B", "-m", "generator", api], { cwd: folder });
}
