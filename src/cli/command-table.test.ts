/** docs/shell.md holds the table of commands as it is; `UPDATE_DOCS=1` rewrites it. */
import { test } from "node:test";
import { assertDocumented } from "../../test/helpers/documents.ts";
import { commandTable } from "./command-table.ts";

test("docs/shell.md lists the commands that there are", async () => {
  assertDocumented("docs/shell.md", "commands", "src/cli/command-table.test.ts", await commandTable());
});
