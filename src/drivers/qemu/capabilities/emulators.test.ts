import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../../test/helpers/qemu.ts";
import { findEmulator, findEmulators } from "./emulators.ts";

test("emulators are found by architecture; one may stand in for another", async (t) => {
  const folder = await temporaryFolder(t);
  const other = await temporaryFolder(t);
  const install = (name: string, mode = 0o755) => writeFile(join(folder, name), "", { mode });
  await install("qemu-system-x86_64");
  await install("qemu-system-s390x", 0o644);
  const folders = [other, folder];
  assert.equal(await findEmulator("x86_64", folders), join(folder, "qemu-system-x86_64"));
  assert.equal(await findEmulator("i686", folders), join(folder, "qemu-system-x86_64"));
  assert.equal(await findEmulator("s390x", folders), null);
  assert.equal(await findEmulator("constructor", folders), null);
  assert.deepEqual([...(await findEmulators(folders)).keys()], ["i686", "x86_64"]);
  await install("qemu-system-i386");
  assert.equal(await findEmulator("i686", folders), join(folder, "qemu-system-i386"));
});
