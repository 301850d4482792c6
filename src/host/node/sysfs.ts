/** /sys as a tree of devices: facts in small files, links from one device to another. */
import { readFile, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { type FileTree, hostTree } from "./file-tree.ts";

export interface SysTree extends FileTree {
  /** Where a path leads to when its links are followed, below the tree; null where it leads nowhere. */
  resolve(path: string): Promise<string | null>;
  /** A file's bytes; null where there is none or it cannot be read. */
  bytes(path: string): Promise<Uint8Array | null>;
}

/** The tree below a folder of this host. */
export function sysTree(root = "/sys"): SysTree {
  return {
    ...hostTree(root),
    async resolve(path) {
      try {
        const target = relative(await realpath(root), await realpath(join(root, path)));
        return target.startsWith("..") ? null : target;
      } catch {
        return null;
      }
    },
    async bytes(path) {
      try {
        return new Uint8Array(await readFile(join(root, path)));
      } catch {
        return null;
      }
    },
  };
}

/** A file's text; undefined where there is none, or nothing in it. */
export async function readText(tree: FileTree, path: string): Promise<string | undefined> {
  return (await tree.read(path)) || undefined;
}

/** A number from a file, in decimal or with 0x in front; undefined where it holds none. */
export async function readInteger(tree: FileTree, path: string): Promise<number | undefined> {
  const text = await tree.read(path);
  return text !== null && /^(-?\d{1,15}|0x[0-9a-f]{1,12})$/i.test(text) ? Number(text) : undefined;
}

/** How fast a network device's cable is, and whether anything is at its other end. */
export async function readLink(tree: FileTree, name: string) {
  const state = await tree.read(`class/net/${name}/operstate`);
  const known = linkStates.find((one) => one === state);
  if (known === undefined) return undefined;
  const speed = known === "up" ? await readInteger(tree, `class/net/${name}/speed`) : undefined;
  return { ...(speed !== undefined && speed > 0 && { speed }), state: known };
}

const linkStates = ["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"] as const;
