import assert from "node:assert/strict";
import { test } from "node:test";
import { missingCompleters, tableProblems } from "./self-test.ts";
import { shellTable } from "./table.ts";

test("every entry of the table keeps the table's rules", async () => {
  assert.deepEqual(await tableProblems(shellTable), []);
});

test("a command is found by its name and its former name", async () => {
  assert.equal((await shellTable.find("echo"))?.name, "echo");
  assert.equal(await shellTable.find("nosuch"), undefined);
});

test("hidden commands are found but not listed", async () => {
  assert.equal((await shellTable.find("complete"))?.name, "complete");
  assert.ok(!shellTable.names().includes("complete"));
});

test("options without completion can be listed", async () => {
  assert.ok((await missingCompleters(shellTable)).includes("connect --name"));
});
