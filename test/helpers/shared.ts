/** The conformance data that lies beside the project; tests that need it are skipped where it is not there. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The folder with `conformance/`, from the environment or beside the project. */
export const sharedFolder: string = process.env.TSVIRT_SHARED ?? join(projectRoot(), "..", "shared");

export const conformanceFolder: string = join(sharedFolder, "conformance");

/** For `test(..., { skip })`: why tests with the conformance data cannot run here, false if they can. */
export const skipWithoutConformance: string | false = existsSync(join(conformanceFolder, "README.md"))
  ? false
  : `no conformance data in ${conformanceFolder}`;

/** The folder of package.json, above this file in the sources as in the build. */
function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && folder !== "/") folder = join(folder, "..");
  return folder;
}
