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
import { programsOf, projectImage, type Runs, runsImage } from "./project-image.ts";

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
  /** In ms. */
  readonly limit: number;
  /** Told what a host prints, and which of them it is. */
  readonly onLine?: (line: string, host: number) => void;
}

/**
 * Boots Xen hosts side by side, one for each share of what is to be run.
 * @throws {LabUnavailable} where its packages or programs cannot be had
 */
export async function runInLab(shares: readonly Runs[], { limit, onLine }: LabOptions): Promise<readonly Outcome[]> {
  await checkMachine();
  await mkdir(cache, { recursive: true });
  const [packages, programs] = await Promise.all([fetchPackages(cache), programsOf(shares)]);
  const folder = await mkdtemp(join(cache, "run-"));
  try {
    const hypervisor = join(folder, "xen");
    const kernel = join(folder, "vmlinux");
    const [unpacked, host] = await Promise.all([
      unpackKernel(join(packages.root, "boot", `vmlinuz-${packages.kernel}`)),
      hostImage(packages),
    ]);
    await writeFile(hypervisor, unpackHypervisor(join(packages.root, "boot", `xen-${packages.xen}-amd64.gz`)));
    await writeFile(kernel, unpacked);
    const common = [host, projectImage(programs, { kernel: unpacked, image: guestImage(packages) })];
    return await Promise.all(
      shares.map(async (runs, host) => {
        const initrd = join(folder, `initrd-${host}`);
        const more = runs.deviceModel ? [await deviceModelImage(packages, join(cache, "device-model"))] : [];
        await writeFile(initrd, [...common, ...more, runsImage(runs)]);
        const results = join(folder, `results-${host}`);
        return await boot({ hypervisor, kernel, initrd, results, limit, onLine: (line) => onLine?.(line, host) });
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
