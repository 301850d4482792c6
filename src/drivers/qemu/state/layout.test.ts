import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "./layout.ts";

test("a domain's folder is short and safe whatever the domain's name", () => {
  const { domainFolder } = layoutOf("/r");
  assert.equal(domainFolder(3, "web"), "/r/qemu/run/domain-3-web");
  assert.equal(domainFolder(4, "../ü b,c=\"'\n".repeat(9)), "/r/qemu/run/domain-4-.._ü_b_c____.._ü_b");
  assert.equal(domainFolder(5, "漢".repeat(30)), `/r/qemu/run/domain-5-${"漢".repeat(6)}`);
});
