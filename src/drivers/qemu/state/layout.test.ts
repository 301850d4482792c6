import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import { parseConnectionUri } from "../../../driver/uri.ts";
import { layoutOf, rootOf } from "./layout.ts";

const root = (text: string, env: NodeJS.ProcessEnv = {}) => rootOf(parseConnectionUri(text), env);

test("an embedded driver's root is the one that is named", () => {
  assert.equal(root("qemu:///embed?root=/srv/vms/../a%20b"), "/srv/a b");
  assert.throws(() => root("qemu:///embed"), { code: 8 });
  assert.throws(() => root("qemu:///embed?root=relative"), { code: 8 });
});

test("a session's root follows the user's data folder", () => {
  assert.equal(root("qemu:///session", { XDG_DATA_HOME: "/data" }), "/data/tsvirt");
  assert.equal(root("qemu:///session"), `${homedir()}/.local/share/tsvirt`);
  assert.throws(() => root("qemu:///elsewhere"), /unexpected QEMU URI path '\/elsewhere'/);
});

test("a domain's folder is short and safe whatever the domain's name", () => {
  const { domainFolder } = layoutOf("/r");
  assert.equal(domainFolder(3, "web"), "/r/qemu/run/domain-3-web");
  assert.equal(domainFolder(4, "../ü b,c=\"'\n".repeat(9)), "/r/qemu/run/domain-4-.._ü_b_c____.._ü_b");
  assert.equal(domainFolder(5, "漢".repeat(30)), `/r/qemu/run/domain-5-${"漢".repeat(6)}`);
});
