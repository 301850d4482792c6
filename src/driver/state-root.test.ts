import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import { rootOf } from "./state-root.ts";
import { parseConnectionUri } from "./uri.ts";

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

test("Xen has guests of the machine alone, and a URI without a path means them", () => {
  assert.equal(root("xen:///embed?root=/srv/xen"), "/srv/xen");
  const isRoot = process.geteuid?.() === 0;
  for (const text of ["xen:///system", "xen:///", "xen://"]) {
    if (isRoot) assert.equal(root(text), "/var/lib/tsvirt");
    else assert.throws(() => root(text), /xen:\/\/\/system manages the whole machine and needs root$/);
  }
  assert.throws(() => root("xen:///session"), /unexpected Xen URI path '\/session', try xen:\/\/\/system or/);
});
