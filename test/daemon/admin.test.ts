/** libvirt's own virt-admin on tsvirtd. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadNative } from "../../src/host/native/index.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";

const skip = spawnSync("virt-admin", ["--version"]).status === 0 ? false : "virt-admin is not installed";

/** What a run printed, without blank lines and spaces at the ends. */
const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

test("virt-admin lists servers and clients, says who they are and sends them away", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const run = async (...words: string[]) => linesOf((await daemon.virtAdmin(words)).stdout);
  assert.deepEqual((await run("server-list")).slice(2), ["0    admin", "1    libvirtd"]);
  assert.match((await run("version")).join(), /Running against daemon: 9\.0\.0/);
  const client = await daemon.connect(t);
  await client.call("authList", {});
  await client.call("connectOpen", { name: "test:///default", flags: 1 });
  const [, , row = ""] = await run("client-list", "libvirtd");
  assert.match(row, /^1 +unix +\d{4}-\d\d-\d\d /);
  const info = await run("client-info", "libvirtd", "1");
  assert.ok(info.includes("readonly       : yes"), info.join("\n"));
  // Who it is takes the native part.
  if ((await loadNative()).native !== null) {
    const { username, uid } = userInfo();
    assert.ok(info.includes(`unix_user_name : ${username}`), info.join("\n"));
    assert.ok(info.includes(`unix_user_id   : ${uid}`), info.join("\n"));
    assert.ok(info.includes(`unix_process_id: ${process.pid}`), info.join("\n"));
  }
  assert.equal((await daemon.virtAdmin(["client-disconnect", "libvirtd", "1"])).code, 0);
  assert.deepEqual((await run("client-list", "libvirtd")).slice(2), []);
  await assert.rejects(client.call("connectGetHostname", {}));
});

test("virt-admin changes limits, workers, log and the time after which the daemon ends", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const run = async (...words: string[]) => linesOf((await daemon.virtAdmin(words)).stdout);
  await run("server-clients-set", "libvirtd", "--max-clients", "30", "--max-unauth-clients", "10");
  assert.deepEqual(await run("server-clients-info", "libvirtd"), [
    "nclients_max        : 30",
    "nclients            : 0",
    "nclients_unauth_max : 10",
    "nclients_unauth     : 0",
  ]);
  await run("server-threadpool-set", "libvirtd", "--max-workers", "40");
  assert.ok((await run("server-threadpool-info", "libvirtd")).includes("maxWorkers     : 40"));
  const file = join(daemon.root, "admin.log");
  await run("daemon-log-outputs", "--outputs", `1:file:${file}`);
  await run("daemon-log-filters", "--filters", "1:rpc");
  assert.deepEqual(await run("daemon-log-outputs"), [`Logging outputs: 1:file:${file}`]);
  assert.deepEqual(await run("daemon-log-filters"), ["Logging filters: 1:*rpc*"]);
  await daemon.virsh(["uri"]);
  await run("daemon-log-outputs", "--outputs", "3:stderr");
  assert.match(await readFile(file, "utf8"), /debug : rpc : client \d+ calls connectOpen/);
  await run("daemon-timeout", "--timeout", "1");
  assert.deepEqual(await daemon.ended, { code: 0, signal: null });
});

test("what virt-admin asks wrongly is refused with libvirt's words", { skip }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const cases: [string, RegExp][] = [
    ["server-threadpool-info nosuch", /Server not found: No server named 'nosuch'/],
    ["client-info libvirtd 99", /Client not found: No client with matching ID '99'/],
    ["server-threadpool-set libvirtd --max-workers 3", /invalid argument: minWorkers cannot be larger than maxWorkers/],
    ["server-clients-set libvirtd --max-clients 3", /invalid argument: The overall maximum number of clients waiting/],
    ["server-update-tls libvirtd", /internal error: no tls service found, unable to update tls files/],
    ["daemon-log-outputs --outputs 9:foo", /invalid argument: Invalid log priority '9' for log output '9:foo'/],
    ["daemon-log-filters --filters foo", /invalid argument: Malformed format for filter 'foo'/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await daemon.virtAdmin(words.split(" "));
    assert.equal(code, 1, words);
    assert.match(stderr, message);
  }
});
