/** The project and the tests that run inside the lab's host. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../helpers/project.ts";
import { Archive } from "./cpio.ts";
import { quietKernel } from "./quiet-kernel.ts";

/** Where the project is inside. */
const home = "/tsvirt";
/** What it needs at run time. */
const packages = ["saxes", "xmlchars", "koffi", "@koromix/koffi-linux-x64"];

/** What runs inside. */
export interface Runs {
  /** Names of the files in `test/xen/dom0/`, without ending. */
  readonly files: readonly string[];
  /** Programs below `dist/`, without ending. */
  readonly programs: readonly string[];
}

/** Each file of tests is a program of its own; what it says goes to the second serial port. */
function runAll({ files, programs }: Runs): string {
  const lines = files.map((file) => {
    const reporter = "--test-reporter=tap --test-reporter-destination=/tmp/tap";
    return `echo "# file ${file}" > /dev/ttyS1
rm -f /tmp/tap; : > /tmp/tap
node --test-timeout=300000 ${reporter} ${home}/dist/test/xen/dom0/${file}.js; code=$?
cat /tmp/tap > /dev/ttyS1; echo "# end ${file} $code" > /dev/ttyS1`;
  });
  lines.push(...programs.map((program) => `node ${home}/dist/${program}.js > /dev/ttyS1`));
  return `#!/bin/sh\nstty -F /dev/ttyS1 raw 2>/dev/null\n${lines.join("\n")}\necho "# done" > /dev/ttyS1\n`;
}

export function projectImage(runs: Runs, guest: { readonly kernel: Buffer; readonly image: Buffer }): Buffer {
  const archive = new Archive();
  archive.copy(`${home}/package.json`, join(projectRoot, "package.json"));
  const isCode = (path: string) => /\.js$/.test(path) && !/\.test\.js$/.test(path);
  for (const part of ["dist/src", "dist/test", "dist/bench", "dist/daemon"]) {
    const folder = join(projectRoot, part);
    if (existsSync(folder)) archive.copyTree(`${home}/${part}`, folder, isCode);
  }
  for (const name of packages) {
    const folder = join(projectRoot, "node_modules", name);
    const wanted = (path: string) => /\.(js|cjs|mjs|json|node)$/.test(path) && !/\/(doc|vendor|musl_x64)\//.test(path);
    if (existsSync(folder)) archive.copyTree(`${home}/node_modules/${name}`, folder, wanted);
  }
  archive.file("/guest/quiet", quietKernel());
  archive.file("/guest/kernel", guest.kernel);
  archive.file("/guest/initrd", guest.image);
  archive.program("/run-tests", runAll(runs));
  return archive.finish();
}
