/** Starting and ending tsvirtd. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { exists } from "../../src/host/files.ts";
import { shortFolder, spawnTsvirtd, Tsvirtd } from "../helpers/tsvirtd.ts";

/** Runs a daemon that does not come about. */
async function failing(args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const child = spawnTsvirtd(args, {}, false);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

test("a daemon has its sockets, with their permissions, while it runs, and takes them along", async (t) => {
  const daemon = await Tsvirtd.start(t, { config: 'unix_sock_rw_perms = "0770"\nunix_sock_ro_perms = "0755"' });
  const modes = await Promise.all(
    (["libvirt-sock", "libvirt-sock-ro", "libvirt-admin-sock"] as const).map(async (name) => {
      return ((await stat(daemon.socket(name))).mode & 0o777).toString(8);
    }),
  );
  assert.deepEqual(modes, ["770", "755", "700"]);
  assert.equal(await readFile(join(daemon.root, "run", "tsvirtd.pid"), "utf8"), `${daemon.pid}\n`);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.equal(await exists(daemon.socket()), false);
  assert.equal(await exists(join(daemon.root, "run", "tsvirtd.pid")), false);
});

test("a second daemon on the same files is refused and harms the first one in nothing", async (t) => {
  const daemon = await Tsvirtd.start(t);
  const second = await failing(["--root", daemon.root]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`the process with pid ${daemon.pid} has it. A daemon is running already`));
  // With a pid file of its own it is the socket that is taken.
  const third = await failing(["--root", daemon.root, "-p", join(daemon.root, "other.pid")]);
  assert.equal(third.code, 1);
  assert.match(third.stderr, /a daemon listens at '.*libvirt-sock' already/);
  assert.equal(await exists(join(daemon.root, "other.pid")), false);
  assert.equal(await exists(daemon.socket()), true);
});

test("what a killed daemon leaves behind is in nobody's way", async (t) => {
  const killed = await Tsvirtd.start(t);
  await killed.kill();
  assert.equal(await exists(killed.socket()), true);
  const next = await Tsvirtd.start(t, { root: killed.root });
  await next.stop();
});

test("a wrong setting, or an unknown one, stops the start with file, line and reason", async (t) => {
  const root = await shortFolder(t);
  const file = join(root, "libvirtd.conf");
  await writeFile(file, "max_clients = 20\n\nmax_client = 1\n");
  const { code, stderr } = await failing(["--root", root]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`${file}:3: unknown setting 'max_client'`));
  const missing = await failing(["--root", root, "-f", join(root, "nowhere.conf")]);
  assert.match(missing.stderr, /failed to open configuration file '.*nowhere\.conf': No such file or directory/);
  assert.equal(await exists(join(root, "run", "libvirt-sock")), false);
});

test("a file in the way of a socket stays", async (t) => {
  const root = await shortFolder(t);
  const daemon = await Tsvirtd.start(t, { root });
  await daemon.stop();
  await writeFile(daemon.socket(), "precious");
  const { code, stderr } = await failing(["--root", root]);
  assert.equal(code, 1);
  assert.match(stderr, /is in the way: it is no socket/);
  assert.equal(await readFile(daemon.socket(), "utf8"), "precious");
});

test("a foreign listener at a socket's path is not pushed aside", async (t) => {
  const root = await shortFolder(t);
  const daemon = await Tsvirtd.start(t, { root });
  await daemon.stop();
  const server = createServer().listen(daemon.socket());
  await once(server, "listening");
  t.after(() => server.close());
  assert.match((await failing(["--root", root])).stderr, /a daemon listens at/);
});

test("the host is called by the UUID that the configuration gives it", async (t) => {
  const uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f";
  const daemon = await Tsvirtd.start(t, { config: `host_uuid = "${uuid}"\n` });
  const client = await daemon.connect(t);
  await client.call("connectOpen", { name: "qemu:///system", flags: 0 });
  const { capabilities } = await client.call("connectGetCapabilities", {});
  assert.match(capabilities, new RegExp(`<host>\\s*<uuid>${uuid}</uuid>`));
});
