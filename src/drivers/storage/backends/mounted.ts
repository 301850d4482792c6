/** Pools of type `fs` and `netfs`: a file system of a device or of a server, mounted at the pool's target. */
import { readFile, realpath, stat } from "node:fs/promises";
import { systemError } from "../../../errors.ts";
import { runTool } from "../../../host/tool.ts";
import type { Pool } from "../../../model/storage/index.ts";
import { StoragePoolBuildFlags } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";
import { mountArguments, mountSource } from "../plan/mount.ts";
import type { Backend } from "./backend.ts";
import { makeTarget, pathOf, removeTarget } from "./directory.ts";

const { NO_OVERWRITE } = StoragePoolBuildFlags;

interface Mount {
  readonly source: string;
  readonly target: string;
}

/** What is mounted; spaces and the like are written in octal there. */
async function mounts(): Promise<readonly Mount[]> {
  const text = await readFile("/proc/self/mounts", "utf8").catch((error) => {
    throw systemError("STORAGE", "cannot read mount list '/proc/self/mounts'", error);
  });
  const plain = (word = "") =>
    word.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return text.split("\n").map((line) => {
    const [source, target] = line.split(" ");
    return { source: plain(source), target: plain(target) };
  });
}

async function isMounted(pool: Pool): Promise<boolean> {
  const target = pathOf(pool);
  const there = (await mounts()).filter((mount) => mount.target === target);
  if (there.length === 0) return false;
  const source = mountSource(pool);
  // A device may be named by a link, and a file is mounted through a device of its own.
  const names = pool.type === "fs" ? [source, await realpath(source).catch(() => source)] : [source];
  const backings = await Promise.all(there.map((mount) => backingFile(mount.source)));
  return there.some((mount, at) => names.includes(mount.source) || names.includes(backings[at] ?? ""));
}

/** The file behind a loop device; null for anything else. */
async function backingFile(device: string): Promise<string | null> {
  const name = /^\/dev\/(loop\d+)$/.exec(device)?.[1];
  if (name === undefined) return null;
  return (await readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => "")).trim();
}

/** Refuses what only root can do, before anything is tried. */
function requireRoot(pool: Pool): void {
  if (process.geteuid?.() === 0) return;
  throw failure(
    "NO_SUPPORT",
    `pools of type '${pool.type}' are mounted, which needs root: '${pool.name}' cannot start`,
  );
}

/** What is on the device already, as blkid calls it; null for nothing that it knows. */
async function contentOf(device: string, signal: AbortSignal): Promise<string | null> {
  try {
    return (await runTool("blkid", ["-p", "-o", "value", "-s", "TYPE", device], { domain: "STORAGE", signal })).trim();
  } catch (error) {
    if (String(error).includes("exit status 2")) return null;
    throw error;
  }
}

/** Makes a file system on a pool's device. */
async function format(pool: Pool, flags: number, signal: AbortSignal): Promise<void> {
  const device = pool.source.devices[0]?.path;
  if (device === undefined) {
    throw failure("OPERATION_INVALID", `No source device specified when formatting pool '${pool.name}'`);
  }
  if ((await stat(device).catch(() => null)) === null) {
    throw failure("OPERATION_INVALID", `Source device does not exist when formatting pool '${pool.name}'`);
  }
  if ((flags & NO_OVERWRITE) !== 0) {
    const found = await contentOf(device, signal);
    if (found) {
      throw failure(
        "OPERATION_INVALID",
        `Format of device '${device}' is already '${found}', overwrite required to proceed`,
      );
    }
  }
  await runTool("mkfs", ["-t", pool.source.format?.type ?? "auto", device], { domain: "STORAGE", signal });
}

export const mounted: Backend = {
  isThere: isMounted,
  async start(pool, signal) {
    if (await isMounted(pool)) return;
    requireRoot(pool);
    await runTool("mount", mountArguments(pool), { domain: "STORAGE", signal });
  },
  async stop(pool) {
    if (await isMounted(pool)) await runTool("umount", [pathOf(pool)], { domain: "STORAGE" });
  },
  async build(pool, flags, signal) {
    await makeTarget(pool);
    if (flags !== 0) await format(pool, flags, signal);
  },
  remove: removeTarget,
};
