import { posix } from "node:path";
import type { FileTree } from "../../src/host/node/file-tree.ts";

type Entry = { readonly text?: string; readonly base64?: string; readonly link?: string; readonly dir?: true };

/** A folder of sysfs as the conformance data records it: `{ "rel/path": { text | base64 | link | dir } }`. */
export function recordedTree(json: string): FileTree {
  const entries = new Map<string, Entry>(Object.entries(JSON.parse(json)));
  const names = new Map<string, Set<string>>();
  for (const path of entries.keys()) {
    for (let at = path; at !== "."; at = posix.dirname(at)) {
      const folder = posix.dirname(at);
      const known = names.get(folder) ?? new Set();
      names.set(folder, known.add(posix.basename(at)));
    }
  }
  /** The path with every link on the way followed. */
  const resolve = (path: string, depth = 0): string => {
    let at = ".";
    for (const part of posix.normalize(path).split("/")) {
      at = posix.join(at, part);
      const link = entries.get(at)?.link;
      if (link !== undefined && depth < 40) at = resolve(posix.join(posix.dirname(at), link), depth + 1);
    }
    return at;
  };
  return {
    read: async (path) => {
      const entry = entries.get(resolve(path));
      if (entry?.text !== undefined) return entry.text.trim();
      return entry?.base64 === undefined ? null : Buffer.from(entry.base64, "base64").toString("utf8").trim();
    },
    list: async (path) => [...(names.get(resolve(path)) ?? [])],
  };
}
