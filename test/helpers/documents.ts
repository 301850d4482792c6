/** Parts of the documents that are derived from the sources: a test sees that they are true, or writes them anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project.ts";

/**
 * Fails unless the document holds `content` between the lines `<!-- NAME: written by TEST -->` and
 * `<!-- end of NAME -->`; with UPDATE_DOCS in the environment it is put there.
 */
export function assertDocumented(document: string, name: string, test: string, content: string): void {
  const file = join(projectRoot, document);
  const begin = `<!-- ${name}: written by ${test} -->\n`;
  const end = `<!-- end of ${name} -->\n`;
  const text = readFileSync(file, "utf8");
  const [head, rest = ""] = text.split(begin);
  const expected = `${head}${begin}\n${content}\n${end}${rest.split(end)[1]}`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
  else assert.equal(text, expected, "run this test with UPDATE_DOCS=1");
}
