import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { isTemporary, removeDurably, renameDurably, writeDurably } from "./durable.ts";
import { makeFolder, readBounded } from "./files.ts";

const folder = await mkdtemp(join(tmpdir(), "tsvirt-files-"));
after(() => rm(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

test("a write replaces the whole file and keeps it private", async () => {
  await writeDurably(at("a.xml"), "a long first text", { domain: "QEMU" });
  await writeDurably(at("a.xml"), "short", { domain: "QEMU" });
  assert.equal(await readFile(at("a.xml"), "utf8"), "short");
  assert.equal((await stat(at("a.xml"))).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(folder)).filter(isTemporary), []);
});

test("many writes at once are all there when they say so", async () => {
  const names = Array.from({ length: 200 }, (_, i) => `many${i}`);
  await Promise.all(names.map((name) => writeDurably(at(name), name, { domain: "QEMU" })));
  for (const name of names) assert.equal(await readFile(at(name), "utf8"), name);
});

test("a failed write names the file, and leaves nothing behind", async () => {
  await writeFile(at("file"), "");
  await assert.rejects(
    writeDurably(at("file/inside"), "x", { domain: "QEMU" }),
    (error) => isLibvirtError(error, "SYSTEM_ERROR") && /file\/inside': Not a directory/.test(error.message),
  );
  await assert.rejects(writeDurably(at("missing/inside"), "x", { domain: "QEMU" }), /No such file or directory/);
});

test("leftovers of a crash are known by their names", () => {
  assert.equal(isTemporary(".web.xml.123.0.new"), true);
  assert.equal(isTemporary("web.xml"), false);
});

test("reading is bounded, and a missing file is null", async () => {
  await writeFile(at("big"), Buffer.alloc(100_001, 65));
  assert.equal((await readBounded(at("big"), 100_001, "QEMU"))?.length, 100_001);
  await assert.rejects(readBounded(at("big"), 100_000, "QEMU"), /larger than 100000 bytes/);
  assert.equal(await readBounded(at("nothing"), 10, "QEMU"), null);
  assert.match((await readBounded("/proc/self/stat", 10_000, "QEMU")) ?? "", /^\d+ /);
});

test("removing and renaming last", async () => {
  await writeDurably(at("old"), "x", { domain: "QEMU" });
  await renameDurably(at("old"), at("new"), "QEMU");
  assert.equal(await readFile(at("new"), "utf8"), "x");
  await removeDurably(at("new"), "QEMU");
  await removeDurably(at("new"), "QEMU");
  assert.equal(await readBounded(at("new"), 10, "QEMU"), null);
  await assert.rejects(renameDurably(at("new"), at("newer"), "QEMU"), /No such file/);
});

test("a folder is made with those above it", async () => {
  await makeFolder(at("x/y/z"), 0o700, "QEMU");
  await makeFolder(at("x/y/z"), 0o700, "QEMU");
  assert.equal((await stat(at("x/y"))).mode & 0o777, 0o700);
  await chmod(at("x"), 0o700);
});
