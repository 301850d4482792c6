/** Whether somebody may use a file: looked at before an emulator that runs as him fails without saying why. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type ErrorDomainName, systemError } from "../errors.ts";
import type { Identity } from "./users.ts";

/** What is in the way: the file itself, or a folder that leads to it. */
export interface Obstacle {
  readonly path: string;
  readonly missing: "search" | "read" | "write";
}

const bits = { search: 1, write: 2, read: 4 } as const;

/**
 * The first thing that keeps somebody from a file; null when nothing does.
 * @param identity a user with one group, or root, whom nothing stops.
 * @throws LibvirtError SYSTEM_ERROR when we cannot find the file ourselves.
 */
export async function obstacleTo(
  path: string,
  identity: Identity,
  access: { readonly write: boolean },
  domain: ErrorDomainName,
): Promise<Obstacle | null> {
  if (identity.uid === 0) return null;
  const real = await realpath(path).catch((error) => {
    throw systemError(domain, `Cannot access '${path}'`, error);
  });
  const needed: Obstacle[] = [...new Set([...foldersTo(path), ...foldersTo(real)])].map((folder) => ({
    path: folder,
    missing: "search",
  }));
  needed.push({ path: real, missing: "read" });
  if (access.write) needed.push({ path: real, missing: "write" });
  for (const need of needed) if (await refuses(need, identity, domain)) return need;
  return null;
}

/** The folders that lead to a path, the outermost first. */
function foldersTo(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

async function refuses({ path, missing }: Obstacle, identity: Identity, domain: ErrorDomainName): Promise<boolean> {
  const { mode, uid, gid } = await stat(path).catch((error) => {
    throw systemError(domain, `Cannot access '${path}'`, error);
  });
  const shift = uid === identity.uid ? 6 : gid === identity.gid ? 3 : 0;
  if (((mode >> shift) & bits[missing]) !== 0) return false;
  // An access control list may say otherwise; only the kernel knows, when it is asked in that user's name.
  return !(await allowedByKernel(path, missing, identity));
}

const questions = { search: "-x", read: "-r", write: "-w" } as const;

/** Only root can ask in somebody else's name. */
async function allowedByKernel(path: string, missing: Obstacle["missing"], identity: Identity): Promise<boolean> {
  const isSelf = identity.uid === process.geteuid?.();
  if (!isSelf && process.geteuid?.() !== 0) return false;
  const child = spawn("/usr/bin/test", [questions[missing], path], {
    cwd: "/",
    stdio: "ignore",
    ...(isSelf ? {} : identity),
  });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    return false;
  }
}
