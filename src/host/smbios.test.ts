import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileTree } from "./node/file-tree.ts";
import { readSmbios } from "./smbios.ts";

const tree = (files: Record<string, string>): FileTree => ({
  read: async (path) => files[path] ?? null,
  list: async () => [],
});

test("the machine's tables, as far as the kernel shows them", async () => {
  const files = { bios_vendor: "LENOVO", bios_date: "03/12/2024", sys_vendor: "A\u0007B", board_serial: "  " };
  assert.deepEqual(await readSmbios(tree(files)), {
    bios: { vendor: "LENOVO", date: "03/12/2024" },
    system: { manufacturer: "AB" },
  });
});

test("a machine without tables", async () => {
  assert.equal(await readSmbios(tree({})), null);
});
