import assert from "node:assert/strict";
import { test } from "node:test";
import { missingCompleters, tableProblems } from "./self-test.ts";
import { commandNames, findCommand } from "./table.ts";

test("every entry of the table keeps the table's rules", async () => {
  assert.deepEqual(await tableProblems(), []);
});

test("a command is found by its name and its former name", async () => {
  assert.equal((await findCommand("echo"))?.name, "echo");
  assert.equal(await findCommand("nosuch"), undefined);
});

test("hidden commands are found but not listed", async () => {
  assert.equal((await findCommand("complete"))?.name, "complete");
  assert.ok(!commandNames().includes("complete"));
});

test("options without completion can be listed", async () => {
  assert.ok((await missingCompleters()).includes("connect --name"));
});
