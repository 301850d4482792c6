/**
 * The Debian packages that the lab is made of: looked up, downloaded and unpacked into a folder of its own. Nothing is
 * installed.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { linesOf, run } from "./programs.ts";

/** The packages unpacked. */
export interface Packages {
  /** The folder that holds what the packages would install. */
  readonly root: string;
  /** Xen's version as its packages' names have it: `4.17`. */
  readonly xen: string;
  /** The kernel's: `6.1.0-56-amd64`. */
  readonly kernel: string;
}

/** What is not to be had here, and why: the lab cannot be built. */
export class LabUnavailable extends Error {
  override readonly name = "LabUnavailable";
}

/** The packages that others depend on. */
export async function dependencies(names: readonly string[], ...options: readonly string[]): Promise<string[]> {
  const lines = await linesOf("apt-cache", ["depends", ...options, ...names]);
  return lines.flatMap((line) => /^\s*(?:Pre)?Depends: ([a-z0-9][a-z0-9.+-]*)$/.exec(line)?.[1] ?? []);
}

/** What is asked for of a package with all that it needs. */
export const allOf = [
  ...["--recurse", "--no-recommends", "--no-suggests", "--no-breaks", "--no-conflicts", "--no-replaces"],
];

/** The packages of today's Xen and kernel, whatever Debian's own packages depend on, by names that have such forms. */
async function current(forms: readonly RegExp[]): Promise<string[]> {
  const known = await dependencies(["xen-system-amd64", "linux-image-amd64"]);
  return forms.map((form) => {
    const found = known.find((name) => form.test(name));
    if (found === undefined) throw new LabUnavailable(`no Debian package is known here that is like ${form.source}`);
    return found;
  });
}

const utilities = /^xen-utils-[\d.]+$/;

/** The packages by name. */
async function packageNames(): Promise<readonly string[]> {
  const [utils = "", ...bootable] = await current([utilities, /^xen-hypervisor-[\d.]+-amd64$/, /^linux-image-\d/]);
  return [...bootable, "xenstore-utils", "libvirt-daemon-driver-xen", ...(await toolPackages(utils))];
}

/** The packages of Xen's own programs, with their libraries. */
async function toolPackages(utils: string): Promise<readonly string[]> {
  const libraries = (await dependencies([utils], ...allOf)).filter((name) => /^lib(xen|yajl)/.test(name));
  return [utils, ...new Set(libraries)];
}

async function unpack(names: readonly string[], folder: string): Promise<void> {
  const debs = join(folder, "debs");
  const fresh = join(folder, "fresh");
  for (const path of [debs, fresh]) await rm(path, { recursive: true, force: true });
  for (const path of [debs, fresh]) await mkdir(path, { recursive: true });
  await run("apt-get", ["download", "-qq", ...names], { cwd: debs });
  for (const file of await readdir(debs)) await run("dpkg-deb", ["-x", join(debs, file), fresh]);
  await rm(debs, { recursive: true });
  await rm(join(folder, "root"), { recursive: true, force: true });
  await rename(fresh, join(folder, "root"));
}

/** Which files the packages are, with their versions; null where nobody can say. */
async function currentFiles(names: readonly string[]): Promise<string | null> {
  try {
    const lines = await linesOf("apt-get", ["download", "--print-uris", "-qq", ...names]);
    return lines
      .map((line) => line.split(" ").slice(1).join(" "))
      .sort()
      .join("\n")
      .trim();
  } catch {
    return null;
  }
}

/**
 * Brings the packages into a folder, unless they are there already.
 * @throws {LabUnavailable} where they cannot be had
 */
export async function fetchPackages(folder: string): Promise<Packages> {
  const root = await bring(folder, packageNames);
  return {
    root,
    xen: await onlyName(join(root, "usr", "lib"), /^xen-(.*)$/),
    kernel: await onlyName(join(root, "lib", "modules"), /^(.*)$/),
  };
}

/** Brings Xen's programs alone, and the headers of its libraries, into a folder; gives where they are unpacked. */
export function fetchTools(folder: string): Promise<string> {
  return bring(folder, async () => {
    const [utils = ""] = await current([utilities]);
    return [...(await toolPackages(utils)), "libxen-dev"];
  });
}

/** Brings packages into a folder, unless they are there already; gives where they are unpacked. */
export async function bring(folder: string, namesOf: () => Promise<readonly string[]>): Promise<string> {
  const root = join(folder, "root");
  const stamp = join(folder, "packages.txt");
  try {
    const names = await namesOf();
    const wanted = await currentFiles(names);
    const have = existsSync(stamp) ? await readFile(stamp, "utf8") : null;
    if (wanted === null || wanted !== have) {
      await unpack(names, folder);
      await writeFile(stamp, wanted ?? "");
    }
  } catch (error) {
    // What was downloaded before still serves.
    if (!existsSync(stamp)) throw new LabUnavailable(`the Debian packages of Xen cannot be had: ${reason(error)}`);
  }
  return root;
}

function reason(error: unknown): string {
  return ((error as Error).message.split("\n")[0] ?? "").slice(0, 200);
}

async function onlyName(folder: string, form: RegExp): Promise<string> {
  const found = (await readdir(folder)).flatMap((name) => form.exec(name)?.[1] ?? []);
  if (found[0] === undefined || found.length > 1) throw new Error(`${folder} holds ${found.length} of what is one`);
  return found[0];
}
