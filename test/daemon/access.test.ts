/** The rules of tsvirtd: who sees what, may do what, and hears of what. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isLibvirtError } from "../../src/errors.ts";
import { loadNative } from "../../src/host/native/index.ts";
import type { Domain } from "../../src/protocol/index.ts";
import type { RpcClient } from "../../src/rpc/index.ts";
import { shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";

const guest = (name: string) =>
  `<domain type='test'><name>${name}</name><memory>8192</memory><os><type>hvm</type></os></domain>`;
const isDenied = (error: unknown) => isLibvirtError(error, "ACCESS_DENIED");

async function open(client: RpcClient): Promise<RpcClient> {
  await client.call("connectOpen", { name: "test:///default", flags: 0 });
  return client;
}

test("who may only look neither sees, nor counts, nor hears of what is hidden from him", async (t) => {
  const root = await shortFolder(t);
  await writeFile(join(root, "tsvirtd.rules"), "deny * to readonly=yes on name=secret*\nallow * to anyone\n");
  const daemon = await Tsvirtd.start(t, { root, config: 'access_drivers = "rules"' });
  const master = await open(await daemon.connect(t));
  for (const name of ["secret", "open"]) await master.call("domainCreateXml", { xmlDesc: guest(name), flags: 0 });
  const heard: string[] = [];
  const guestClient = await daemon.connect(t, "libvirt-sock-ro", (_name, message) => {
    heard.push((message as unknown as { msg: { dom: Domain } }).msg.dom.name);
  });
  await open(guestClient);
  const list = (client: RpcClient, needResults: number) =>
    client.call("connectListAllDomains", { needResults, flags: 0 });
  const namesOf = ({ domains }: { domains: readonly Domain[] }) => domains.map(({ name }) => name).sort();
  const all = await list(master, 1);
  assert.deepEqual(namesOf(all), ["open", "secret", "test"]);
  assert.deepEqual(namesOf(await list(guestClient, 1)), ["open", "test"]);
  assert.equal((await list(guestClient, 0)).ret, 2);
  assert.equal((await guestClient.call("connectNumOfDomains", {})).num, 2);
  assert.equal((await guestClient.call("connectListDomains", { maxids: 10 })).ids.length, 2);
  const stats = await guestClient.call("connectGetAllDomainStats", { doms: [], stats: 0, flags: 0 });
  assert.equal(stats.retStats.length, 2);
  await assert.rejects(guestClient.call("domainLookupByName", { name: "secret" }), isDenied);
  await assert.rejects(guestClient.call("domainLookupByName", { name: "nothing" }), (e) =>
    isLibvirtError(e, "NO_DOMAIN"),
  );
  const secret = all.domains.find(({ name }) => name === "secret") ?? assert.fail();
  // The UUID counts, whatever name is put beside it.
  await assert.rejects(guestClient.call("domainGetInfo", { dom: { ...secret, name: "open" } }), isDenied);
  await guestClient.call("connectDomainEventCallbackRegisterAny", { eventID: 0, dom: null });
  for (const dom of all.domains) await master.call("domainDestroy", { dom });
  // Events come before the answer to a later call.
  await guestClient.call("connectGetHostname", {});
  assert.deepEqual(heard.sort(), ["open", "test"]);
});

test("rules know a user by his connection, change with SIGHUP, and a wrong file changes nothing", async (t) => {
  const part = await loadNative();
  if (part.native === null) return t.skip(`no native part: ${part.reason}`);
  if (process.getuid?.() !== 0) return t.skip("other users' clients have to be started by root");
  for (const program of ["virsh", "setpriv"]) {
    if (spawnSync(program, ["--version"]).status !== 0) return t.skip(`${program} is not installed`);
  }
  const root = await shortFolder(t);
  await chmod(root, 0o711);
  const rules = (text: string) => writeFile(join(root, "tsvirtd.rules"), text);
  await rules("allow * to user=root\nallow connect:*,domain:getattr,domain:read,domain:start to user=daemon\n");
  const config = 'access_drivers = [ "rules" ]\nauth_unix_rw = "none"\nunix_sock_rw_perms = "0777"\nlog_level = 2';
  const daemon = await Tsvirtd.start(t, { root, config });
  const keep = await open(await daemon.connect(t));
  const virshAs = (user: string, words: string) =>
    new Promise<string>((resolve) => {
      const args = [`--reuid=${user}`, "--clear-groups", "virsh", "-c", daemon.uri(), words];
      const env = { PATH: process.env.PATH, HOME: "/", LC_ALL: "C.UTF-8" };
      execFile("setpriv", args, { env }, (_error, stdout, stderr) => resolve(stdout + stderr)).stdin?.end();
    });
  assert.match(await virshAs("daemon", "domstate test"), /running/);
  assert.match(await virshAs("daemon", "destroy test"), /access denied: 'domain:stop' denied access/);
  assert.match(await virshAs("nobody", "list"), /access denied: 'connect:getattr' denied access/);
  assert.match(await virshAs("root", "destroy test"), /destroyed/);
  assert.match(await virshAs("daemon", "start test"), /started/);

  await rules("allow everything\n");
  daemon.signal("SIGHUP");
  await daemon.logged(/tsvirtd\.rules:1: there is no permission 'everything'/);
  assert.match(await virshAs("daemon", "destroy test"), /access denied/);
  await rules("allow *\n");
  daemon.signal("SIGHUP");
  await daemon.logged(/configuration read again/);
  assert.match(await virshAs("nobody", "destroy test"), /destroyed/);
  await keep.close();
});

test("a daemon whose rules cannot be read does not start", async (t) => {
  const root = await shortFolder(t);
  const start = () => Tsvirtd.start(t, { root, config: 'access_drivers = "rules"' });
  await assert.rejects(start(), /tsvirtd\.rules': No such file or directory/);
  await writeFile(join(root, "tsvirtd.rules"), "\nallow domain:strat\n");
  await assert.rejects(start(), /tsvirtd\.rules:2: there is no permission 'domain:strat'/);
});
