/**
 * The compiled programs that run inside, joined with what they import into few files: to find and read hundreds of modules
 * takes an emulated processor half a minute for each program.
 */
import { build } from "esbuild";
import { projectRoot } from "../../helpers/project.ts";

/** The files by their names, all in one folder: each program's own, and those that hold what several of them import. */
export async function bundle(programs: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Buffer>> {
  const { outputFiles } = await build({
    ...{ entryPoints: { ...programs }, outdir: "/", write: false, absWorkingDir: projectRoot },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node20" },
    ...{ minifyWhitespace: true, minifySyntax: true, logLevel: "warning" },
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(1), Buffer.from(contents)]));
}
