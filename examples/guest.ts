/**
 * A small Linux guest, built on the spot: the kernel of Debian's cloud kernel package and an initramfs of BusyBox with
 * the drivers that virtual machines need. Nothing is downloaded but, where no kernel is installed, Debian's package.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type CpioEntry, cpioArchive } from "./cpio.ts";

const run = promisify(execFile);

/** Kernel modules the guest loads; what they depend on comes along. */
const modules = ["button", "evdev", "virtio_pci", "virtio_blk", "virtio_net", "virtio_balloon", "virtio_console"];

/** What the guest prints on its console when it is up. */
export const readyLine = "tsvirt guest is up";

const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in ${modules.join(" ")}; do modprobe $module; done
acpid -l /dev/null
echo "${readyLine}: Linux $(uname -r), $(nproc) CPU, $(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo) MiB, booted in $(cut -d' ' -f1 /proc/uptime) s"
exec setsid cttyhack sh
`;

const powerButton = `#!/bin/sh
echo "tsvirt guest: power button pressed, bye" > /dev/console
poweroff -f
`;

export interface GuestImage {
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel's release, such as 6.1.0-40-cloud-amd64. */
  readonly release: string;
}

interface Kernel {
  readonly release: string;
  /** The folder that holds boot/ and lib/. */
  readonly root: string;
}

/** Makes kernel and initramfs in `folder`, or takes those that are there. */
export async function buildGuest(folder: string): Promise<GuestImage> {
  await mkdir(folder, { recursive: true });
  const kernel = (await installedKernel("/")) ?? (await unpackedKernel(folder));
  const initrd = join(folder, `initrd-${kernel.release}.gz`);
  const image = { kernel: join(kernel.root, "boot", `vmlinuz-${kernel.release}`), initrd, release: kernel.release };
  if (await exists(initrd)) return image;
  await writeFile(initrd, gzipSync(cpioArchive(await contents(kernel))));
  return image;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A cloud kernel with its modules below `root`, the newest one. */
async function installedKernel(root: string): Promise<Kernel | null> {
  const found = await readdir(join(root, "lib/modules")).catch(() => []);
  for (const release of found
    .filter((name) => name.includes("cloud"))
    .sort()
    .reverse()) {
    if (await exists(join(root, "boot", `vmlinuz-${release}`))) return { release, root };
  }
  return null;
}

/** Fetches Debian's kernel package and unpacks it into the folder: the host's own boot files stay as they are. */
async function unpackedKernel(folder: string): Promise<Kernel> {
  const root = join(folder, "kernel");
  const unpacked = await installedKernel(root);
  if (unpacked) return unpacked;
  const { stdout } = await run("apt-cache", ["depends", "--important", "linux-image-cloud-amd64"]);
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (name === undefined)
    throw new Error("Debian's package linux-image-cloud-amd64 is not known here: run apt-get update");
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  await run("apt-get", ["download", "-qq", name], { cwd: root });
  const archive = (await readdir(root)).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download brought no package ${name}`);
  await run("dpkg-deb", ["-x", join(root, archive), root]);
  const kernel = await installedKernel(root);
  if (!kernel) throw new Error(`the package ${name} holds no kernel`);
  return kernel;
}

async function contents({ release, root }: Kernel): Promise<CpioEntry[]> {
  const moduleFolder = join(root, "lib/modules", release);
  const dependencies = await readFile(join(moduleFolder, "modules.dep"), "utf8").catch(() => null);
  const paths = dependencies === null ? await withoutIndex(moduleFolder) : withDependencies(dependencies, modules);
  const target = `lib/modules/${release}`;
  const folders = ["bin", "dev", "etc", "etc/acpi", "etc/acpi/PWRF", "lib", "lib/modules", target, "proc", "sys"];
  return [
    ...folders.map((path): CpioEntry => ({ path, mode: 0o040755 })),
    { path: "bin/busybox", mode: 0o100755, data: await readFile("/bin/busybox") },
    { path: "init", mode: 0o100755, data: Buffer.from(init) },
    { path: "etc/acpi/PWRF/00000080", mode: 0o100755, data: Buffer.from(powerButton) },
    { path: `${target}/modules.dep`, mode: 0o100644, data: Buffer.from(moduleIndex(paths)) },
    ...(await Promise.all(
      [...paths.keys()].map(async (path): Promise<CpioEntry> => {
        return { path: `${target}/${basename(path)}`, mode: 0o100644, data: await readFile(join(moduleFolder, path)) };
      }),
    )),
  ];
}

/** Module file -> the files it needs first, for the wanted modules and all that they need. */
function withDependencies(index: string, wanted: readonly string[]): Map<string, readonly string[]> {
  const all = new Map<string, readonly string[]>();
  for (const line of index.split("\n")) {
    const [path = "", needs = ""] = line.split(":");
    all.set(path, needs.trim().split(" ").filter(Boolean));
  }
  const taken = new Map<string, readonly string[]>();
  const take = (path: string) => {
    const needs = all.get(path) ?? [];
    taken.set(path, needs);
    needs.forEach(take);
  };
  for (const path of all.keys()) if (wanted.includes(basename(path, ".ko"))) take(path);
  return taken;
}

/** A package that was only unpacked has no index: ask each module file what it needs. */
async function withoutIndex(folder: string): Promise<Map<string, readonly string[]>> {
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".ko"));
  const byName = new Map(files.map((path) => [basename(path, ".ko").replaceAll("-", "_"), path]));
  const lines: string[] = [];
  const seen = new Set<string>();
  const ask = async (name: string): Promise<void> => {
    const path = byName.get(name);
    if (path === undefined || seen.has(name)) return;
    seen.add(name);
    const text = (await readFile(join(folder, path))).toString("latin1");
    const needs = (/\0depends=([^\0]*)\0/.exec(text)?.[1] ?? "").split(",").filter(Boolean);
    lines.push(`${path}: ${needs.map((need) => byName.get(need) ?? "").join(" ")}`);
    for (const need of needs) await ask(need);
  };
  for (const name of modules) await ask(name);
  return withDependencies(lines.join("\n"), modules);
}

/** The index that the guest's modprobe reads: all modules lie in one folder there. */
function moduleIndex(paths: ReadonlyMap<string, readonly string[]>): string {
  return [...paths]
    .map(([path, needs]) => `${basename(path)}: ${needs.map((need) => basename(need)).join(" ")}\n`)
    .join("");
}
