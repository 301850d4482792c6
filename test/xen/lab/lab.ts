/** The whole lab: from Debian's packages to the results of tests that ran on a real Xen. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../helpers/project.ts";
import { deviceModelImage } from "./device-model.ts";
import { guestImage } from "./guest-image.ts";
import { hostImage } from "./host-image.ts";
import { unpackHypervisor, unpackKernel } from "./kernel.ts";
import { boot, emulator, type Outcome } from "./machine.ts";
import { fetchPackages, LabUnavailable } from "./packages.ts";
import { run } from "./programs.ts";
import { projectImage } from "./project-image.ts";

const cache = join(projectRoot, ".cache", "xen-lab");

/** Programs that build and run the lab. */
const needed = [emulator, "apt-get", "apt-cache", "dpkg-deb", "ldd"];

async function checkMachine(): Promise<void> {
  if (process.arch !== "x64") throw new LabUnavailable(`it is made for x64, this is ${process.arch}`);
  if (!existsSync("/bin/busybox")) throw new LabUnavailable("busybox-static is not installed");
  for (const program of needed) {
    await run("which", [program]).catch(() => {
      throw new LabUnavailable(`${program} is not installed`);
    });
  }
}

export interface LabOptions {
  /** Names of the files in `test/xen/dom0/`, without ending. */
  readonly files: readonly string[];
  /** Programs below `dist/`, without ending; what they print is among the results. */
  readonly programs?: readonly string[];
  /** Whether there are fully virtualized guests. */
  readonly deviceModel?: boolean;
  /** In ms. */
  readonly limit: number;
  readonly onLine?: (line: string) => void;
}

/**
 * Boots a Xen host that runs the files.
 * @throws {LabUnavailable} where its packages or programs cannot be had
 */
export async function runInLab({
  files,
  programs = [],
  deviceModel = false,
  ...options
}: LabOptions): Promise<Outcome> {
  await checkMachine();
  await mkdir(cache, { recursive: true });
  const packages = await fetchPackages(cache);
  const kernel = await unpackKernel(join(packages.root, "boot", `vmlinuz-${packages.kernel}`));
  const folder = await mkdtemp(join(cache, "run-"));
  try {
    const paths = {
      hypervisor: join(folder, "xen"),
      kernel: join(folder, "vmlinux"),
      initrd: join(folder, "initrd"),
      results: join(folder, "results"),
    };
    await writeFile(paths.hypervisor, unpackHypervisor(join(packages.root, "boot", `xen-${packages.xen}-amd64.gz`)));
    await writeFile(paths.kernel, kernel);
    const project = projectImage({ files, programs }, { kernel, image: guestImage(packages) });
    const images = [await hostImage(packages), project];
    if (deviceModel) images.push(await deviceModelImage(packages, join(cache, "device-model")));
    await writeFile(paths.initrd, Buffer.concat(images));
    return await boot({ ...paths, ...options });
  } finally {
    await rm(folder, { recursive: true });
  }
}
