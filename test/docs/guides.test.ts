/** The guides: every program that stands in them runs as it is written. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pythonPackage } from "../bindings/python/package.ts";
import { codeBlocks, runBlock } from "../helpers/code-blocks.ts";
import { projectRoot } from "../helpers/project.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";

const folder = join(projectRoot, "docs", "guides");

/** What a guide's programs find in the environment beside the home. */
async function environmentFor(t: Parameters<typeof Tsvirtd.start>[0], markdown: string): Promise<NodeJS.ProcessEnv> {
  if (!markdown.includes("```python")) return {};
  const daemon = await Tsvirtd.start(t);
  return { URI: daemon.uri(), PYTHONPATH: await pythonPackage() };
}

for (const name of readdirSync(folder).sort()) {
  test(name, { skip: skipWithoutQemu }, async (t) => {
    const home = await mkdtemp(join(tmpdir(), "tsvirt-guide-"));
    // A daemon that a guide has ended may take a moment to be gone.
    t.after(() => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
    await chmod(home, 0o755);
    const markdown = await readFile(join(folder, name), "utf8");
    const env = await environmentFor(t, markdown);
    const blocks = codeBlocks(markdown);
    assert.ok(blocks.length > 0);
    for (const block of blocks) {
      if (block.language === "python" && !existsSync("/usr/bin/python3")) {
        t.diagnostic("a block in Python is not run: /usr/bin/python3 is not there");
      } else assert.equal(await runBlock(block, { home, env }), "", block.text);
    }
  });
}
