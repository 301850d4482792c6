/**
 * tsvirt and the real virsh, given the same command lines on `test:///default`: the same output, the same errors, the
 * same exit code. Every line begins with a fresh node.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Outcome, tsvirt, virsh, virshMissing } from "../../../src/cli/virsh.test.support.ts";
import { differences } from "./differences.ts";
import { domainLines } from "./domain.ts";
import { DefinitionFolder } from "./files.ts";
import { momentLines } from "./moments.ts";
import { monitorLines } from "./monitor.ts";
import { networkLines } from "./network.ts";
import { nodeLines } from "./node.ts";
import { comparable } from "./outcome.ts";
import { shellLines } from "./shell.ts";
import { storageLines } from "./storage.ts";

const lines = [
  ...shellLines,
  ...monitorLines,
  ...domainLines,
  ...momentLines,
  ...networkLines,
  ...storageLines,
  ...nodeLines,
];

/** How many virsh run at once: most of their time is waiting. */
const WORKERS = 4;

const argvOf = (line: string) => ["-c", "test:///default", line];

describe("on test:///default", async () => {
  const skip = await virshMissing();
  const expected = new Map<string, Promise<Outcome>>();
  let theirs: DefinitionFolder;
  let ours: DefinitionFolder;

  before(async () => {
    [theirs, ours] = await Promise.all([DefinitionFolder.create(), DefinitionFolder.create()]);
  });
  after(() => Promise.all([theirs.remove(), ours.remove()]));

  /** What virsh says, in the words of our folder; the next few lines are asked for ahead. */
  function virshOn(index: number): Promise<Outcome> {
    for (const line of lines.slice(index, index + WORKERS)) {
      if (!expected.has(line)) expected.set(line, virsh(argvOf(theirs.expand(line))).then(inOurFolder));
    }
    return expected.get(lines[index] as string) as Promise<Outcome>;
  }

  function inOurFolder({ stdout, stderr, code }: Outcome): Outcome {
    const moved = (text: string) => text.replaceAll(theirs.path, ours.path);
    return comparable({ stdout: moved(stdout), stderr: moved(stderr), code });
  }

  for (const [index, line] of lines.entries()) {
    test(line, { skip }, async () => {
      const virshs = await virshOn(index);
      const tsvirts = comparable(await tsvirt(argvOf(ours.expand(line))));
      if (line in differences) assert.notDeepEqual(tsvirts, virshs, `no difference: ${differences[line]}`);
      else assert.deepEqual(tsvirts, virshs);
    });
  }

  test("each difference belongs to a line", () => {
    assert.deepEqual(
      Object.keys(differences).filter((line) => !lines.includes(line)),
      [],
    );
  });
});
