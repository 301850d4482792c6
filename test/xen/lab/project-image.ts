/** The project and the tests that run inside the lab's host. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../helpers/project.ts";
import { bundle } from "./bundle.ts";
import { Archive } from "./cpio.ts";
import { crashingKernel, endingKernel, quietKernel } from "./small-kernels.ts";

/** Where the project is inside. */
const home = "/tsvirt";
/** Where its programs are. */
const programsFolder = `${home}/programs`;
/** What is loaded where it is there. */
const packages = ["koffi", "@koromix/koffi-linux-x64"];
/** Programs that tests start, beside them. */
const helpers = ["test/helpers/tsvirtd-main", "test/xen/inside/print-answers"];

/** What runs inside, one after the other. */
export interface Runs {
  /** Names of the files in `test/xen/dom0/`, without ending. */
  readonly files: readonly string[];
  /** Programs below `dist/`, without ending; what they print is among the results. */
  readonly programs?: readonly string[];
  /** Whether there are fully virtualized guests. */
  readonly deviceModel?: boolean;
}

const nameOf = (program: string): string => program.split("/").at(-1) ?? "";

/** Each file of tests is a program of its own; what it says goes to the second serial port. */
function runAll({ files, programs = [] }: Runs): string {
  const lines = files.map((file) => {
    const reporter = "--test-reporter=tap --test-reporter-destination=/tmp/tap";
    return `echo "# file ${file}" > /dev/ttyS1
rm -f /tmp/tap; : > /tmp/tap
node --test-timeout=300000 ${reporter} ${programsFolder}/${file}.js; code=$?
cat /tmp/tap > /dev/ttyS1; echo "# end ${file} $code" > /dev/ttyS1`;
  });
  lines.push(...programs.map((program) => `node ${programsFolder}/${nameOf(program)}.js > /dev/ttyS1`));
  return `#!/bin/sh\nstty -F /dev/ttyS1 raw 2>/dev/null\n${lines.join("\n")}\necho "# done" > /dev/ttyS1\n`;
}

/** The programs that run in any of the hosts, and those that they start; by the names of their files. */
export function programsOf(shares: readonly Runs[]): Promise<ReadonlyMap<string, Buffer>> {
  const run = shares.flatMap(({ files, programs = [] }) => [
    ...files.map((file) => `test/xen/dom0/${file}`),
    ...programs,
  ]);
  return bundle(Object.fromEntries([...run, ...helpers].map((program) => [nameOf(program), `dist/${program}.js`])));
}

/** What every host has of the project. */
export function projectImage(
  programs: ReadonlyMap<string, Buffer>,
  guest: { readonly kernel: Buffer; readonly image: Buffer },
): Buffer {
  const archive = new Archive();
  archive.copy(`${home}/package.json`, join(projectRoot, "package.json"));
  for (const [name, content] of programs) archive.file(`${programsFolder}/${name}`, content);
  for (const name of packages) {
    const folder = join(projectRoot, "node_modules", name);
    const wanted = (path: string) => /\.(js|cjs|mjs|json|node)$/.test(path) && !/\/(doc|vendor|musl_x64)\//.test(path);
    if (existsSync(folder)) archive.copyTree(`${home}/node_modules/${name}`, folder, wanted);
  }
  archive.file("/guest/quiet", quietKernel());
  archive.file("/guest/ending", endingKernel());
  archive.file("/guest/crashing", crashingKernel());
  archive.file("/guest/kernel", guest.kernel);
  archive.file("/guest/initrd", guest.image);
  return archive.finish();
}

/** What one of the hosts does. */
export function runsImage(runs: Runs): Buffer {
  const archive = new Archive();
  archive.program("/run-tests", runAll(runs));
  return archive.finish();
}
