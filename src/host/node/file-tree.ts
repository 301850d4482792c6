/** A folder of the kernel's facts (/sys, /proc), read in small bounded pieces. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where facts are read from: the real file system, or a recorded tree. Paths are relative, without a leading slash. */
export interface FileTree {
  /** A file's text without surrounding white space; null where there is none or it cannot be read. */
  read(path: string): Promise<string | null>;
  /** The names in a folder; none where there is none. */
  list(path: string): Promise<readonly string[]>;
}

/** The files below a folder of this host. */
export function hostTree(root: string): FileTree {
  return {
    read: async (path) => {
      try {
        return (await readFile(join(root, path), "utf8")).trim();
      } catch {
        return null;
      }
    },
    list: async (path) => {
      try {
        return await readdir(join(root, path));
      } catch {
        return [];
      }
    },
  };
}

/** The numbers of a folder's entries that are called `prefix` and a number, in order. */
export async function numbered(tree: FileTree, folder: string, prefix: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await tree.list(folder)) {
    const digits = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (/^\d{1,6}$/.test(digits)) found.push(Number(digits));
  }
  return found.sort((a, b) => a - b);
}

/** A number from a file; `otherwise` where it holds none. */
export async function readNumber(tree: FileTree, path: string, otherwise: number): Promise<number> {
  const text = await tree.read(path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : otherwise;
}

/** The numbers of a kernel list: `0-2,5` is 0, 1, 2 and 5. Nonsense is left out. */
export function parseNumberList(text: string): number[] {
  const numbers: number[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part);
    if (!match) continue;
    const first = Number(match[1]);
    for (let number = first; number <= Number(match[2] ?? first); number++) numbers.push(number);
  }
  return numbers;
}
