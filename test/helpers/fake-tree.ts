/** A folder as /sys is: files, and links from one place to another. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { TestContext } from "node:test";

/** What is at a path: a file's text or bytes, or a link to another path of the tree. */
export type FakeTree = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** Makes the tree; it is removed after the test. */
export async function fakeTree(t: TestContext, entries: FakeTree): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tsvirt-tree-"));
  t.after(() => rm(root, { recursive: true }));
  for (const [path, entry] of Object.entries(entries)) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    if (typeof entry === "string" || entry instanceof Uint8Array) await writeFile(place, entry);
    else await symlink(relative(dirname(place), join(root, entry.link)), place);
  }
  return root;
}
