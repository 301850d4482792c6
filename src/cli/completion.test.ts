import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeLine, completeWords, quoteCandidate } from "./completion.ts";
import { shellTable } from "./table.ts";

const place = { table: shellTable, connection: () => Promise.reject(new Error("no connection")) };

async function candidates(line: string): Promise<readonly string[]> {
  return (await completeLine(line, place)).candidates;
}

describe("completion", () => {
  test("of command names, also after a separator", async () => {
    assert.deepEqual(await candidates("ech"), ["echo"]);
    assert.deepEqual(await completeLine("pwd; ech", place), { candidates: ["echo"], start: 5 });
    assert.ok((await candidates("")).includes("help"));
  });

  test("of options not given yet", async () => {
    assert.deepEqual(await candidates("echo --s"), ["--shell", "--split", "--string"]);
    assert.deepEqual(await candidates("echo --shell --s"), ["--split", "--string"]);
    assert.deepEqual(await candidates("connect "), ["--name", "--readonly"]);
  });

  test("of values by the option's completer", async () => {
    assert.deepEqual(await candidates("help ech"), ["echo"]);
    assert.deepEqual(await candidates("help --command ech"), ["echo"]);
    assert.deepEqual(await candidates("help --command=ech"), ["--command=echo"]);
    assert.deepEqual(await candidates("help 'ec"), ["echo"]);
  });

  test("offers nothing after what is wrong already", async () => {
    assert.deepEqual(await candidates("nosuch "), []);
    assert.deepEqual(await candidates("pwd x "), []);
    assert.deepEqual(await completeWords(["echo", "--zz", "-"], place), []);
  });

  test("quotes a candidate so that it stays one word", () => {
    assert.equal(quoteCandidate("my vm", "my"), "my\\ vm");
    assert.equal(quoteCandidate('my "vm"', '"my'), '"my \\"vm\\"');
    assert.equal(quoteCandidate("my vm", "'m"), "'my vm");
  });
});
