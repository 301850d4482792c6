/** tsvirt-admin and the real virt-admin, on the C libvirtd and on tsvirtd: the same output, complaints and exit codes. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { adminApplication } from "../../../src/cli/admin.ts";
import { type Outcome, tsvirt } from "../../../src/cli/virsh.test.support.ts";
import { runClient, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../../remote/libvirtd.ts";

const server = "libvirtd";

const lines = [
  "uri",
  "version",
  "server-list",
  "srv-list",
  "server-threadpool-info libvirtd",
  "server-threadpool-info nosuch",
  "server-threadpool-info",
  "client-list libvirtd",
  "client-list nosuch",
  "client-info libvirtd 99",
  "client-info libvirtd x",
  "client-info libvirtd",
  "server-clients-info libvirtd",
  "server-clients-info nosuch",
  "server-threadpool-set libvirtd",
  "server-threadpool-set libvirtd --min-workers 3; server-threadpool-info libvirtd",
  "server-threadpool-set libvirtd --min-workers 30 --max-workers 10",
  "server-threadpool-set libvirtd --min-workers 300",
  "server-threadpool-set libvirtd --max-workers 0",
  "server-threadpool-set nosuch --max-workers 5",
  "server-clients-set libvirtd",
  "server-clients-set libvirtd --max-clients 10; server-clients-info libvirtd",
  "server-clients-set libvirtd --max-clients 10 --max-unauth-clients 11; server-clients-info libvirtd",
  "server-clients-set libvirtd --max-unauth-clients 5; server-clients-info libvirtd",
  "server-clients-set nosuch --max-clients 3",
  "client-disconnect libvirtd 99",
  "client-disconnect nosuch 1",
  "client-disconnect libvirtd x",
  "server-update-tls libvirtd",
  "server-update-tls nosuch",
  "daemon-log-filters --filters '3:rpc 4:qemu'; daemon-log-filters",
  "daemon-log-filters --filters ''; daemon-log-filters",
  "daemon-log-filters --filters garbage",
  "daemon-log-outputs --outputs '3:stderr'; daemon-log-outputs",
  "daemon-log-outputs --outputs garbage",
  "daemon-log-outputs --outputs '9:file:/x'",
  "daemon-timeout 50",
  "daemon-timeout",
  "daemon-timeout --timeout 500",
  "connect; uri",
  "connect --name bogus:///x",
  "connect --name libvirtd:///nosuch",
  "pwd",
  "echo a b",
  "bogus",
];

const without = existsSync("/usr/bin/virt-admin") ? false : "virt-admin is not installed";

interface Daemon {
  /** Of its admin socket. */
  readonly uri: string;
}

/** Runs the lines on two daemons, one for each program: some lines change something. */
async function compare(t: TestContext, start: () => Promise<Daemon>): Promise<void> {
  const [theirs, ours] = await Promise.all([start(), start()]);
  for (const line of lines) {
    await t.test(line, async () => {
      const expected = await runClient("virt-admin", ["-c", theirs.uri, line]);
      const actual = await tsvirt(["-c", ours.uri, line], { application: adminApplication });
      const inOrder = line.includes("-list") ? sorted : (outcome: Outcome) => outcome;
      assert.deepEqual(inOrder(settled(actual, ours)), inOrder(settled(expected, theirs)));
    });
  }
}

/** What no two daemons have in common: moments, and the socket. */
function settled({ stdout, stderr, code }: Outcome, { uri }: Daemon): Outcome {
  const clean = (text: string) =>
    text.replaceAll(uri, "URI").replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0000/g, "(moment)");
  return { stdout: clean(stdout), stderr: clean(stderr), code };
}

/** libvirtd's servers come in an order of chance, and are numbered as they come. */
function sorted(outcome: Outcome): Outcome {
  const rows = outcome.stdout.split("\n").map((row) => row.replace(/^ \d/, " N"));
  return { ...outcome, stdout: rows.sort().join("\n") };
}

const adminUri = (socket: string) => `${server}:///system?socket=${socket}`;

test("on the C libvirtd", { skip: without || withoutLibvirtd() }, async (t) => {
  await compare(t, async () => {
    const daemon = await Libvirtd.start({ args: ["--timeout", "600"] });
    t.after(() => daemon.stop());
    return { uri: adminUri(daemon.socket.replace("libvirt-sock", "libvirt-admin-sock")) };
  });
});

test("on tsvirtd", { skip: without }, async (t) => {
  await compare(t, async () => {
    const daemon = await Tsvirtd.start(t, { args: ["--timeout", "600"] });
    return { uri: adminUri(daemon.socket("libvirt-admin-sock")) };
  });
});

test("help lists virt-admin's commands in virt-admin's groups", { skip: without }, async () => {
  const index = (text: string) => text.match(/^ {4}[a-z-]+|(?<=keyword ')[a-z-]+/gm);
  const theirs = await runClient("virt-admin", ["help"]);
  const ours = await tsvirt(["help"], { application: adminApplication });
  assert.deepEqual(index(ours.stdout), index(theirs.stdout));
});
