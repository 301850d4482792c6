import assert from "node:assert/strict";
import { copyFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu, temporaryFolder } from "../../../../test/helpers/qemu.ts";
import { CapabilitiesCache } from "./cache.ts";

const skip = skipWithoutQemu;

/** An emulator that counts how often it was started, and a folder for a cache. */
async function countedEmulator(t: TestContext) {
  const folder = await temporaryFolder(t);
  const binary = join(folder, "qemu");
  const starts = join(folder, "starts");
  const script = `#!/bin/sh\necho >> ${starts}\nexec qemu-system-x86_64 "$@"\n`;
  await writeFile(binary, script, { mode: 0o755 });
  const count = async () => (await readFile(starts, "utf8")).length;
  return { binary, cacheFolder: join(folder, "cache"), count };
}

test("an emulator is probed once, however many ask and how often", { skip }, async (t) => {
  const { binary, cacheFolder, count } = await countedEmulator(t);
  const cache = new CapabilitiesCache(cacheFolder);
  const [first, second] = await Promise.all([cache.get(binary), cache.get(binary)]);
  assert.equal(first, second);
  assert.ok(first.has("tcg"));
  assert.ok(first.machine("pc"));
  const starts = await count();
  assert.ok(starts <= 2, `one emulator for each accelerator, not ${starts}`);

  const next = await new CapabilitiesCache(cacheFolder).get(binary);
  assert.deepEqual(next.data, first.data);
  assert.equal(await count(), starts);
  const [entry = ""] = await readdir(cacheFolder);
  assert.equal((await stat(join(cacheFolder, entry))).mode & 0o777, 0o600);
});

test("another binary at the same path is probed again", { skip }, async (t) => {
  const { binary, cacheFolder, count } = await countedEmulator(t);
  const cache = new CapabilitiesCache(cacheFolder);
  await cache.get(binary);
  const starts = await count();
  await copyFile(binary, `${binary}.new`);
  await rm(binary);
  await copyFile(`${binary}.new`, binary);
  await cache.get(binary);
  assert.equal(await count(), 2 * starts);
});

test("a broken entry is made anew", { skip }, async (t) => {
  const { binary, cacheFolder } = await countedEmulator(t);
  await new CapabilitiesCache(cacheFolder).get(binary);
  const [entry = ""] = await readdir(cacheFolder);
  for (const garbage of ["", "{", "[]", '{"format":1}']) {
    await writeFile(join(cacheFolder, entry), garbage);
    assert.ok((await new CapabilitiesCache(cacheFolder).get(binary)).has("tcg"));
    assert.ok(JSON.parse(await readFile(join(cacheFolder, entry), "utf8")).data.flags.length > 100);
  }
});

test("an emulator that cannot be probed is an error with its last words, and is tried again", { skip }, async (t) => {
  const folder = await temporaryFolder(t);
  const binary = join(folder, "qemu");
  const cache = new CapabilitiesCache(join(folder, "cache"));
  await assert.rejects(cache.get(binary), /cannot check QEMU binary .*: No such file or directory/);
  await writeFile(binary, "#!/bin/sh\necho 'error while loading libfoo.so' >&2\nexit 1\n", { mode: 0o755 });
  await assert.rejects(cache.get(binary), /failed to probe the capabilities of .*: error while loading libfoo.so/);
  await writeFile(binary, '#!/bin/sh\nexec qemu-system-x86_64 "$@"\n');
  assert.ok((await cache.get(binary)).has("tcg"));
});
