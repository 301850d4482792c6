import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DocumentFolder } from "./document-folder.ts";

const root = await mkdtemp(join(tmpdir(), "tsvirt-documents-"));
after(() => rm(root, { recursive: true }));

test("documents and their marks are there again when the folder is opened again", async () => {
  const folder = await DocumentFolder.open(join(root, "a"), "QEMU");
  await folder.save("web", "<domain>1</domain>");
  await folder.save("db", "<domain>2</domain>");
  await folder.save("web", "<domain>3</domain>");
  await folder.setAutostart("web", true);
  await folder.setAutostart("web", true);
  const again = await DocumentFolder.open(join(root, "a"), "QEMU");
  assert.deepEqual(await again.readAll(), [
    { name: "db", text: "<domain>2</domain>", autostart: false },
    { name: "web", text: "<domain>3</domain>", autostart: true },
  ]);
});

test("a removed document takes its mark with it", async () => {
  const folder = await DocumentFolder.open(join(root, "b"), "QEMU");
  await folder.save("web", "x");
  await folder.setAutostart("web", true);
  await folder.remove("web");
  await folder.remove("web");
  assert.deepEqual(await readdir(join(root, "b")), ["autostart"]);
  assert.deepEqual(await readdir(join(root, "b", "autostart")), []);
});

test("what a crash left half written is cleared", async () => {
  const path = join(root, "c");
  await mkdir(path);
  await writeFile(join(path, ".web.xml.1.0.new"), "<dom");
  assert.deepEqual(await (await DocumentFolder.open(path, "QEMU")).readAll(), []);
  assert.deepEqual(await readdir(path), []);
});

test("a name that is a path is refused", async () => {
  const folder = await DocumentFolder.open(join(root, "d"), "QEMU");
  for (const name of ["../evil", "a/b", "", "a\0b"]) assert.throws(() => folder.save(name, "x"), { code: 27 }, name);
  await folder.save("..", "fine: it is ...xml");
  assert.equal((await folder.readAll())[0]?.name, "..");
});

test("a mark without a document is not the mark of the next one with that name", async () => {
  const path = join(root, "e");
  const folder = await DocumentFolder.open(path, "QEMU");
  await folder.save("a", "<a/>");
  await folder.setAutostart("a", true);
  await rm(join(path, "a.xml"));
  const next = await DocumentFolder.open(path, "QEMU");
  await next.save("a", "<a/>");
  assert.deepEqual(await next.readAll(), [{ name: "a", text: "<a/>", autostart: false }]);
});
