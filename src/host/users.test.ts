import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { test } from "node:test";
import { identityOf, lookupGroup, lookupUser } from "./users.ts";

test("users and groups are found by name", async () => {
  assert.deepEqual(await lookupUser("root", "QEMU"), { uid: 0, gid: 0 });
  assert.equal(await lookupGroup("root", "QEMU"), 0);
  const { username, uid } = userInfo();
  assert.equal((await lookupUser(username, "QEMU"))?.uid, uid);
  assert.equal(await lookupUser("no-such-user", "QEMU"), null);
  assert.equal(await lookupGroup("no-such-group", "QEMU"), null);
});

test("a setting names a user or a number", async () => {
  assert.deepEqual(await identityOf("+1234", "56", "QEMU"), { uid: 1234, gid: 56 });
  assert.deepEqual(await identityOf("root", "+7", "QEMU"), { uid: 0, gid: 7 });
  await assert.rejects(identityOf("no-such-user", "root", "QEMU"), /Failed to parse user 'no-such-user'/);
  await assert.rejects(identityOf("root", "no-such-group", "QEMU"), /Failed to parse group 'no-such-group'/);
  await assert.rejects(identityOf("+99999999999", "root", "QEMU"));
});
