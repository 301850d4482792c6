import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../../../errors.ts";
import { readDefinition } from "../definitions.ts";
import { completeSaved, readSaved, replaceSaved } from "./image.ts";

const document = (title: string, uuid = "00112233-4455-6677-8899-aabbccddeeff") =>
  `<domain type='xen'><name>a</name><uuid>${uuid}</uuid><title>${title}</title><memory>98304</memory>
<os><type>linux</type><kernel>/k</kernel></os></domain>`;

/** What a tool stack might have written. */
const memory = Buffer.alloc(5000, "memory ");

async function savedFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "saved-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "file");
  await writeFile(path, memory);
  return path;
}

test("a document stands behind what the tool stack wrote, and is changed without touching that", async (t) => {
  const path = await savedFile(t);
  await completeSaved(path, readDefinition(document("one")).definition, true);
  const { definition, running } = await readSaved(path);
  assert.deepEqual([definition.title, running], ["one", true]);
  await replaceSaved(path, document("another one, which is longer"), false);
  assert.deepEqual(
    [(await readSaved(path)).definition.title, (await readSaved(path)).running],
    ["another one, which is longer", false],
  );
  await replaceSaved(path, document("short"), undefined);
  assert.deepEqual([(await readSaved(path)).definition.title, (await readSaved(path)).running], ["short", false]);
  assert.deepEqual((await readFile(path)).subarray(0, memory.length), memory);
});

test("what is no save file is refused, and so is another domain's document", async (t) => {
  const path = await savedFile(t);
  await assert.rejects(
    readSaved(path),
    (error) => isLibvirtError(error, "OPERATION_FAILED") && /not a save file/.test(error.message),
  );
  await assert.rejects(readSaved(`${path}.missing`), (error) => isLibvirtError(error, "SYSTEM_ERROR"));
  await completeSaved(path, readDefinition(document("one")).definition, true);
  const other = document("two", "ff112233-4455-6677-8899-aabbccddeeff");
  await assert.rejects(replaceSaved(path, other, true), (error) => isLibvirtError(error, "CONFIG_UNSUPPORTED"));
  assert.equal((await readSaved(path)).definition.title, "one");
});
