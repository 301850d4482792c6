import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { defaultSize, findHugepageMounts, foldersOf, hugepageMountsAt } from "./hugepages.ts";

test("mounts of huge pages are found among all", () => {
  const mounts =
    "proc /proc proc rw 0 0\nhugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0\n" +
    "none /mnt/a\\040b\\134c hugetlbfs rw,pagesize=1024M 0 0\n";
  assert.deepEqual(foldersOf(mounts), ["/dev/hugepages", "/mnt/a b\\c"]);
  assert.equal(defaultSize("HugePages_Free:  0\nHugepagesize:       2048 kB\n"), 2048n);
  assert.equal(defaultSize(""), 0n);
});

test("a folder that holds no huge pages is refused", async () => {
  const refuse = (folder: string, code: "CONFIG_UNSUPPORTED" | "SYSTEM_ERROR") =>
    assert.rejects(hugepageMountsAt([folder], "QEMU"), (error) => isLibvirtError(error, code));
  await refuse("/proc", "CONFIG_UNSUPPORTED");
  await refuse("/no/such/folder", "SYSTEM_ERROR");
  assert.deepEqual(await hugepageMountsAt([], "QEMU"), []);
});

/** A mount of our own, gone after the test; null where we may not mount one. */
function mounted(t: TestContext): string | null {
  const folder = mkdtempSync(join(tmpdir(), "tsvirt huge-"));
  t.after(() => {
    spawnSync("umount", [folder]);
    rmdirSync(folder);
  });
  return spawnSync("mount", ["-t", "hugetlbfs", "none", folder]).status === 0 ? folder : null;
}

test("a real mount has the pages that the kernel gives by default", async (t) => {
  const folder = mounted(t);
  if (folder === null) return t.skip("hugetlbfs cannot be mounted here");
  const [mount] = await hugepageMountsAt([folder], "QEMU");
  const size = defaultSize(await readFile("/proc/meminfo", "utf8"));
  assert.deepEqual(mount, { folder, size, isDefault: true });
  const found = await findHugepageMounts("QEMU");
  assert.equal(found.filter((one) => one.size === size).length, 1);
});
