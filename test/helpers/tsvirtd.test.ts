import assert from "node:assert/strict";
import { test } from "node:test";
import { loaderOf } from "./tsvirtd.ts";

test("a daemon of a test is told how modules are loaded, and nothing else that the test was", () => {
  const options = ["--test-name-pattern", "a word", "--import", "tsx", "--require=./x.js", "-r", "y", "--expose-gc"];
  assert.deepEqual(loaderOf(options), ["--import", "tsx", "--require=./x.js", "-r", "y"]);
  assert.deepEqual(loaderOf(["--test", "--import=tsx"]), ["--import=tsx"]);
  assert.deepEqual(loaderOf([]), []);
});
