/**
 * tsvirt and the real virsh, given the same command lines on `test:///default`: the same output, the same errors, the
 * same exit code. Every line begins with a fresh node.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type Outcome, tsvirt } from "../../../src/cli/virsh.test.support.ts";
import { differences } from "./differences.ts";
import { anywhere, argvOf, virshOutcomes } from "./expected.ts";
import { DefinitionFolder } from "./files.ts";
import { lines } from "./lines.ts";

const reasonOf = new Map(Object.entries(differences).flatMap(([reason, of]) => of.map((line) => [line, reason])));

describe("on test:///default", () => {
  let expected: Readonly<Record<string, Outcome>>;
  let folder: DefinitionFolder;

  before(async () => {
    [expected, folder] = await Promise.all([virshOutcomes(lines), DefinitionFolder.create()]);
  });
  after(() => folder.remove());

  for (const line of lines) {
    test(line, async () => {
      const virshs = expected[line];
      assert.ok(virshs, "not recorded yet: run this test with VIRSH=record");
      const tsvirts = anywhere(await tsvirt(argvOf(folder.expand(line))), folder);
      const reason = reasonOf.get(line);
      if (reason !== undefined) assert.notDeepEqual(tsvirts, virshs, `no difference any more: ${reason}`);
      else assert.deepEqual(tsvirts, virshs);
    });
  }

  test("each difference belongs to a line, and is told in docs/differences.md", () => {
    assert.deepEqual(
      [...reasonOf.keys()].filter((line) => !lines.includes(line)),
      [],
    );
    const document = readFileSync(new URL("../../../../docs/differences.md", import.meta.url), "utf8");
    assert.deepEqual(
      Object.keys(differences).filter((reason) => !document.includes(`### ${reason}\n`)),
      [],
    );
  });
});
