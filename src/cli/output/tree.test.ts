import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTrees } from "./tree.ts";

test("a tree with branches", () => {
  const items = [
    { name: "a", parent: undefined },
    { name: "b", parent: "a" },
    { name: "c", parent: "b" },
    { name: "d", parent: "a" },
    { name: "e", parent: "d" },
    { name: "f", parent: "d" },
  ];
  assert.equal(
    formatTrees(items),
    [
      "a",
      "  |",
      "  +- b",
      "  |   |",
      "  |   +- c",
      "  |     ",
      "  +- d",
      "      |",
      "      +- e",
      "      +- f",
      "        ",
      "",
    ].join("\n"),
  );
});

test("an item whose parent is not shown is a root", () => {
  assert.equal(formatTrees([{ name: "b", parent: "a" }]), "b\n\n");
});
