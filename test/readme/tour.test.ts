/** The README's tour, line by line, as somebody would type it. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codeBlocks, runBlock } from "../helpers/code-blocks.ts";
import { projectRoot } from "../helpers/project.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";

test("every line of the tour works", { skip: skipWithoutQemu }, async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tsvirt-tour-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  // Where root follows the tour, QEMU runs as somebody else, who must get at the image.
  await chmod(home, 0o755);
  const blocks = codeBlocks(await readFile(join(projectRoot, "README.md"), "utf8"));
  for (const block of blocks.filter(({ language }) => language === "sh")) {
    assert.equal(await runBlock(block, { home }), "");
  }
});
