import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";
import { isLibvirtError } from "../../../errors.ts";
import { findProgram } from "../../../host/filter.ts";
import { parseDomain } from "../../../model/domain/index.ts";
import { DomainState } from "../../../protocol/index.ts";
import { makeNvram } from "../run/files/nvram.ts";

const skip = skipWithoutQemu;
const BYPASS_CACHE = 1;
/** How many bytes come before a save file's document. */
const header = 92;

async function guest(t: TestContext, settings: string) {
  const { folder, root, open } = await testRoot(t);
  await mkdir(root, { mode: 0o711 });
  await writeFile(join(root, "qemu.conf"), settings);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("guest") });
  await router.call("domainCreate", { dom });
  const state = async () => (await router.call("domainGetState", { dom, flags: 0 })).state;
  return { folder, router, dom, state };
}

/** What stands in a save file: the number of its compression, and its state. */
async function saved(path: string): Promise<{ compression: number; state: Buffer }> {
  const image = await readFile(path);
  return { compression: image.readUInt32LE(28), state: image.subarray(header + image.readUInt32LE(20)) };
}

for (const [format, number] of [
  ["gzip", 1],
  ["zstd", 5],
] as const) {
  test(`save files and cores can be compressed by ${format}`, { skip }, async (t) => {
    if ((await findProgram(format)) === null) return t.skip(`${format} is not installed`);
    const { folder, router, dom, state } = await guest(
      t,
      `save_image_format = "${format}"\ndump_image_format = "${format}"`,
    );
    const path = join(folder, "image");
    await router.call("domainCoreDump", { dom, to: path, flags: 0 });
    if (format === "gzip") assert.equal(gunzipSync(await readFile(path)).toString("latin1", 0, 4), "QEVM");
    await router.call("domainSave", { dom, to: path });
    const { compression, state: stream } = await saved(path);
    assert.equal(compression, number);
    if (format === "gzip") assert.equal(gunzipSync(stream).toString("latin1", 0, 4), "QEVM");
    await router.call("domainRestore", { from: path });
    assert.equal(await state(), DomainState.RUNNING);
    await router.call("domainManagedSave", { dom, flags: 0 });
    await router.call("domainCreate", { dom });
    assert.equal(await state(), DomainState.RUNNING);
  });
}

test("a state goes past the host's cache, compressed or not", { skip }, async (t) => {
  for (const settings of ["", 'save_image_format = "gzip"']) {
    const { folder, router, dom, state } = await guest(t, settings);
    const path = join(folder, "image");
    try {
      await router.call("domainSaveFlags", { dom, to: path, dxml: null, flags: BYPASS_CACHE });
    } catch (error) {
      assert.match(String(error), /Invalid argument/);
      assert.equal(await state(), DomainState.RUNNING);
      return t.skip("the file system of temporary files has no O_DIRECT");
    }
    const stream = (await saved(path)).state;
    assert.equal((settings ? gunzipSync(stream) : stream).toString("latin1", 0, 4), "QEVM");
    await router.call("domainRestoreFlags", { from: path, dxml: null, flags: BYPASS_CACHE });
    assert.equal(await state(), DomainState.RUNNING);
    await assert.rejects(
      async () => router.call("domainCoreDump", { dom, to: path, flags: 4 | 16 }),
      (error) => isLibvirtError(error, "ARGUMENT_UNSUPPORTED"),
    );
  }
});

test("a program that is missing is named, and the guest runs on", { skip }, async (t) => {
  const { folder, router, dom, state } = await guest(t, 'save_image_format = "lzop"');
  const { PATH } = process.env;
  process.env.PATH = folder;
  t.after(() => {
    process.env.PATH = PATH;
  });
  await assert.rejects(
    async () => router.call("domainSave", { dom, to: join(folder, "image") }),
    (error) => isLibvirtError(error, "OPERATION_FAILED") && /Compression program .*lzop/.test(error.message),
  );
  assert.equal(await state(), DomainState.RUNNING);
});

test("a compressed file that is broken says so", { skip }, async (t) => {
  if ((await findProgram("gzip")) === null) return t.skip("gzip is not installed");
  const { folder, router, dom, state } = await guest(t, 'save_image_format = "gzip"');
  const path = join(folder, "image");
  await router.call("domainSave", { dom, to: path });
  const image = await readFile(path);
  await writeFile(path, image.subarray(0, image.length - 2000));
  await assert.rejects(async () => router.call("domainRestore", { from: path }), /cannot restore the guest from/);
  assert.equal(await state(), DomainState.SHUTOFF);
  await writeFile(path, image);
  await router.call("domainRestore", { from: path });
});

test("firmware's variables are made once, or anew when that is wished", async (t) => {
  const { folder } = await testRoot(t);
  const [template, file] = [join(folder, "template"), join(folder, "nvram", "vars")];
  const xml = `<domain type='qemu'><name>x</name><memory>1</memory><os><type arch='x86_64'>hvm</type><loader readonly='yes' type='pflash'>/code</loader><nvram template='${template}'>${file}</nvram></os></domain>`;
  const definition = parseDomain(xml);
  await writeFile(template, "fresh");
  await makeNvram(definition, false);
  await writeFile(file, "used");
  await makeNvram(definition, false);
  assert.equal(await readFile(file, "utf8"), "used");
  await makeNvram(definition, true);
  assert.equal(await readFile(file, "utf8"), "fresh");
});
