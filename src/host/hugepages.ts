/** Where the host's huge pages can be had: mounts of hugetlbfs. */
import { readFile, statfs } from "node:fs/promises";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

/** A mounted hugetlbfs. */
export interface HugepageMount {
  readonly folder: string;
  /** KiB of one page. */
  readonly size: bigint;
  /** Its pages are those that the kernel gives when no size is asked for. */
  readonly isDefault: boolean;
}

/** What the kernel calls that kind of file system (HUGETLBFS_MAGIC). */
const hugetlbfs = 0x9584_58f6n;

/** The mounts of huge pages, one for each size, the first of a size where there are several. */
export async function findHugepageMounts(domain: ErrorDomainName): Promise<HugepageMount[]> {
  const folders = foldersOf(await textOf("/proc/mounts"));
  return hugepageMountsAt(folders, domain);
}

/**
 * Mounts of huge pages at folders that somebody names.
 * @throws LibvirtError SYSTEM_ERROR for a folder that is not there, CONFIG_UNSUPPORTED for one of another kind.
 */
export async function hugepageMountsAt(folders: readonly string[], domain: ErrorDomainName): Promise<HugepageMount[]> {
  if (folders.length === 0) return [];
  const standard = defaultSize(await textOf("/proc/meminfo"));
  const mounts = new Map<bigint, HugepageMount>();
  for (const folder of folders) {
    const size = await pageSizeAt(folder, domain);
    if (!mounts.has(size)) mounts.set(size, { folder, size, isDefault: size === standard });
  }
  return [...mounts.values()];
}

async function pageSizeAt(folder: string, domain: ErrorDomainName): Promise<bigint> {
  const { type, bsize } = await statfs(folder, { bigint: true }).catch((error) => {
    throw systemError(domain, `cannot look at the mount of huge pages '${folder}'`, error);
  });
  if (type === hugetlbfs) return bsize / 1024n;
  throw new LibvirtError("CONFIG_UNSUPPORTED", domain, `'${folder}' is no mount of huge pages (hugetlbfs)`);
}

/** The folders that hugetlbfs is mounted at, of /proc/mounts. */
export function foldersOf(mounts: string): string[] {
  return mounts.split("\n").flatMap((line) => {
    const [, folder, type] = line.split(" ");
    return type === "hugetlbfs" && folder !== undefined ? [pathOf(folder)] : [];
  });
}

/** White space and backslashes in paths are octal numbers there. */
const pathOf = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** KiB of a huge page when no size is asked for, of /proc/meminfo. */
export const defaultSize = (meminfo: string): bigint =>
  BigInt(/^Hugepagesize:\s*(\d{1,12}) kB$/m.exec(meminfo)?.[1] ?? 0);

const textOf = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
