import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findDaemonSocket, type SocketSearch } from "./daemon-socket.ts";
import type { UnixTarget } from "./target.ts";

const target: UnixTarget = { transport: "unix", driver: "qemu", socket: null, mode: "auto", ofUser: false };

test("libvirt's order of sockets", async (t) => {
  const systemFolder = await mkdtemp(join(tmpdir(), "tsvirt-sockets-"));
  t.after(() => rm(systemFolder, { recursive: true }));
  const search: SocketSearch = { readOnly: false, isRoot: true, systemFolder, env: {} };
  const found = async (changes: Partial<UnixTarget> = {}, how: Partial<SocketSearch> = {}) =>
    (await findDaemonSocket({ ...target, ...changes }, { ...search, ...how })).path.replace(systemFolder, "");
  assert.equal(await found(), "/libvirt-sock");
  assert.equal(await found({}, { readOnly: true }), "/libvirt-sock-ro");
  assert.equal(await found({ mode: "direct" }), "/virtqemud-sock");
  assert.equal(await found({ socket: "/s" }), "/s");
  await writeFile(join(systemFolder, "virtqemud-sock"), "");
  // Who is there is taken, even when nobody listens.
  assert.equal(await found(), "/virtqemud-sock");
  assert.equal(await found({ mode: "legacy" }), "/libvirt-sock");
  assert.equal(await found({ driver: "network" }), "/libvirt-sock");
  assert.equal(await found({ driver: "remote" }), "/libvirt-sock");
  assert.equal(await found({ driver: "remote", mode: "direct" }), "/virtqemud-sock");
  // A user's own daemon has one socket, and root has none.
  const user = { isRoot: false, env: { XDG_RUNTIME_DIR: "/run/user/1000" }, readOnly: true };
  assert.equal(await found({ ofUser: true }, user), "/run/user/1000/libvirt/libvirt-sock");
  assert.equal(
    await found({ ofUser: true }, { ...user, env: { HOME: "/home/u" } }),
    "/home/u/.cache/libvirt/libvirt-sock",
  );
  assert.equal(await found({ ofUser: true, mode: "legacy" }), "/libvirt-sock");
});
