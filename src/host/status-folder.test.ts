import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { StatusFolder, type StatusKind } from "./status-folder.ts";

interface Run {
  readonly name: string;
  readonly round: number;
}

const kind: StatusKind<Run> = {
  domain: "NONE",
  nameOf: ({ name }) => name,
  format: (run) => JSON.stringify(run),
  parse(text) {
    try {
      return JSON.parse(text) as Run;
    } catch {
      return null;
    }
  },
};

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-status-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

test("the last status that was written is the one that is read, and nothing half written stays", async (t) => {
  const path = await folderFor(t);
  await writeFile(join(path, ".web.json.1.0.new"), "half");
  await writeFile(join(path, "torn.json"), "{");
  const folder = await StatusFolder.open(path, kind);
  const writes = Array.from({ length: 50 }, (_, round) => folder.write({ name: "web", round }));
  await folder.writeDurably({ name: "mail", round: 1 });
  await Promise.all(writes);
  assert.deepEqual(await folder.readAll(), [
    { name: "mail", status: { name: "mail", round: 1 } },
    { name: "torn", status: null },
    { name: "web", status: { name: "web", round: 49 } },
  ]);
  assert.deepEqual((await readdir(path)).sort(), ["mail.json", "torn.json", "web.json"]);
});

test("work on one file follows in the order in which it was asked for", async (t) => {
  const path = await folderFor(t);
  const folder = await StatusFolder.open(path, kind);
  void folder.write({ name: "web", round: 1 });
  void folder.remove("web");
  void folder.write({ name: "web", round: 2 });
  await folder.writeDurably({ name: "web", round: 3 });
  assert.equal(await readFile(join(path, "web.json"), "utf8"), '{"name":"web","round":3}');
  void folder.write({ name: "web", round: 4 });
  void folder.remove("web");
  await folder.settled();
  assert.deepEqual(await readdir(path), []);
});

test("a name that leads elsewhere is refused, and harms nothing that comes after it", async (t) => {
  const folder = await StatusFolder.open(await folderFor(t), kind);
  const isRefused = (error: unknown): boolean => isLibvirtError(error, "INTERNAL_ERROR");
  await assert.rejects(folder.write({ name: "../web", round: 1 }), isRefused);
  await assert.rejects(folder.remove("../web"), isRefused);
  await folder.write({ name: "web", round: 1 });
  assert.equal((await folder.readAll()).length, 1);
});
