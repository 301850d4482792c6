/** docs/shell.md holds the table of commands as it is; `UPDATE_DOCS=1` rewrites it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { commandTable } from "./command-table.ts";

const BEGIN = "<!-- commands: written by src/cli/command-table.test.ts -->\n";
const END = "<!-- end of commands -->\n";

test("docs/shell.md lists the commands that there are", async () => {
  const file = new URL("docs/shell.md", packageFolder());
  const text = readFileSync(file, "utf8");
  const [head, rest = ""] = text.split(BEGIN);
  const [, tail] = rest.split(END);
  const expected = `${head}${BEGIN}\n${await commandTable()}\n${END}${tail}`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
  else assert.equal(text, expected, "run this test with UPDATE_DOCS=1");
});

/** From the sources and from a build alike. */
function packageFolder(): URL {
  const here = new URL(".", import.meta.url);
  return new URL(here.pathname.includes("/dist/") ? "../../../" : "../../", here);
}
