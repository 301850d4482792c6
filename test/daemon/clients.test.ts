/** Clients of tsvirtd: how many there may be, what old ones get, and what a new configuration changes for them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connectUnix } from "../../src/host/unix.ts";
import { AuthType, DomainEventID, type EventName, TypedParameterType } from "../../src/protocol/index.ts";
import type { RpcClient, RpcEventSink } from "../../src/rpc/index.ts";
import { shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";

async function open(t: TestContext, daemon: Tsvirtd, onEvent?: RpcEventSink): Promise<RpcClient> {
  const client = await daemon.connect(t, "libvirt-sock", onEvent);
  await client.call("connectOpen", { name: "test:///default", flags: 0 });
  return client;
}

test("clients beyond the limit are dropped, and there is room again when one leaves", async (t) => {
  const daemon = await Tsvirtd.start(t, { config: "max_clients = 2\nmax_anonymous_clients = 2", args: ["-v"] });
  const [first, second] = [await open(t, daemon), await open(t, daemon)];
  await assert.rejects(open(t, daemon));
  await daemon.logged(/Too many active clients \(2\), dropping connection/);
  await second.close();
  await daemon.logged(/client 2 .* has left/);
  await open(t, daemon);
  // The one who was there has noticed nothing.
  assert.equal((await first.call("connectGetUri", {})).uri, "test:///default");
});

test("who has not logged in keeps at most so many places; others wait, and come in when one is free", async (t) => {
  const daemon = await Tsvirtd.start(t, {
    config: 'max_anonymous_clients = 2\nmax_queued_clients = 2\nauth_unix_rw = "sasl"\n',
  });
  const idlers = [await connectUnix(daemon.socket()), await connectUnix(daemon.socket())];
  for (const idler of idlers) t.after(() => idler.destroy());
  const waiting = await daemon.connect(t);
  const admin = await daemon.connect(t, "libvirt-admin-sock");
  const answer = waiting.call("authList", {});
  const early = await Promise.race([
    answer.then(() => "answered"),
    admin.call("adminConnectGetLibVersion", {}).then(() => "waits"),
  ]);
  assert.equal(early, "waits");
  idlers[0]?.destroy();
  assert.deepEqual((await answer).types, [AuthType.SASL]);
});

test("an old client, which registers by kind alone, gets the old messages; one of today gets those of today", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const heard: [string, EventName, unknown][] = [];
  let wake = (): void => {};
  const both = new Promise<void>((resolve) => {
    wake = () => heard.length === 2 && resolve();
  });
  const listener =
    (who: string): RpcEventSink =>
    (name, message) => {
      heard.push([who, name, message]);
      wake();
    };
  const old = await open(t, daemon, listener("old"));
  const recent = await open(t, daemon, listener("recent"));
  await old.call("connectDomainEventRegister", {});
  const { callbackID } = await recent.call("connectDomainEventCallbackRegisterAny", {
    eventID: DomainEventID.LIFECYCLE,
    dom: null,
  });
  const { dom } = await old.call("domainLookupByName", { name: "test" });
  await old.call("domainSuspend", { dom });
  await both;
  heard.sort();
  const said = { dom, event: 3, detail: 0 };
  assert.deepEqual(heard, [
    ["old", "domainEventLifecycle", said],
    ["recent", "domainEventCallbackLifecycle", { callbackID, msg: said }],
  ]);
  await old.call("connectDomainEventDeregister", {});
});

test("parameters that are strings go only to clients that take them", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const client = await open(t, daemon);
  const { dom } = await client.call("domainLookupByName", { name: "test" });
  const typesWith = async (flags: number) => {
    const { params } = await client.call("domainGetBlkioParameters", { dom, nparams: 16, flags });
    return new Set(params.map(({ value }) => value.type));
  };
  assert.ok((await typesWith(4)).has(TypedParameterType.STRING));
  const plain = await typesWith(0);
  assert.ok(plain.size > 0 && !plain.has(TypedParameterType.STRING));
});

test("the configuration is read again by signal: what can change does, what cannot is named, what is wrong changes nothing", {
  skip: spawnSync("virt-admin", ["--version"]).status === 0 ? false : "virt-admin is not installed",
}, async (t) => {
  const root = await shortFolder(t);
  const file = join(root, "libvirtd.conf");
  const daemon = await Tsvirtd.start(t, { root, config: "max_clients = 50\n", args: ["-v"] });
  const limit = async () =>
    /nclients_max +: (\d+)/.exec((await daemon.virtAdmin(["server-clients-info", "libvirtd"])).stdout)?.[1];
  const client = await open(t, daemon);
  assert.equal(await limit(), "50");
  await writeFile(file, 'max_clients = 60\nunix_sock_ro_perms = "0700"\nlog_filters = "1:nosuch"\n');
  daemon.signal("SIGHUP");
  await daemon.logged(/configuration read again, changed: .*max_clients/);
  await daemon.logged(/wait for the next start: unix_sock_ro_perms/);
  assert.equal(await limit(), "60");
  assert.match((await daemon.virtAdmin(["daemon-log-filters"])).stdout, /1:\*nosuch\*/);
  await writeFile(file, "max_clients = 70\nmax_client = 2\n");
  daemon.signal("SIGHUP");
  await daemon.logged(/the configuration stays as it was: .*libvirtd\.conf:2: unknown setting 'max_client'/);
  assert.equal(await limit(), "60");
  // What virt-admin has changed stays as long as the file says the same; a log that was moved away begins anew.
  const log = join(root, "other.log");
  await daemon.virtAdmin(["server-clients-set", "libvirtd", "--max-clients", "65"]);
  await daemon.virtAdmin(["daemon-log-outputs", "--outputs", `2:stderr 2:file:${log}`]);
  await rename(log, `${log}.1`);
  await writeFile(file, "max_clients = 60\nkeepalive_count = 9\n");
  daemon.signal("SIGHUP");
  await daemon.logged(/changed: .*keepalive_count/);
  assert.equal(await limit(), "65");
  assert.match(await readFile(log, "utf8"), /client \d+/);
  // Nobody was thrown out.
  assert.equal((await client.call("connectGetUri", {})).uri, "test:///default");
});

test("a client that asks for keepalive is asked for signs of life, and one that gives none is left", async (t) => {
  const daemon = await Tsvirtd.start(t, { config: "keepalive_interval = 1\nkeepalive_count = 1\n", args: ["-v"] });
  const deaf = connect(daemon.socket());
  await once(deaf, "connect");
  // Asks for keepalive, and never answers a ping.
  const header = Buffer.alloc(32);
  for (const [at, word] of [32, 0x20008086, 1, 60, 0, 1, 0, 10].entries()) header.writeUInt32BE(word, at * 4);
  deaf.write(header);
  deaf.resume();
  await once(deaf, "close");
  await daemon.logged(/connection closed due to keepalive timeout/);
});
