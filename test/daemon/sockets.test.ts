/** The ways into tsvirtd beside its own unix sockets, and how it tells that they are open. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { exists } from "../../src/host/files.ts";
import { connectUnix } from "../../src/host/unix.ts";
import { projectRoot } from "../helpers/project.ts";
import { runClient, shortFolder, spawnTsvirtd, Tsvirtd, tsvirtdCommand } from "../helpers/tsvirtd.ts";
import { Authority, certtool } from "../remote/certificates.ts";

const installed = (program: string) => spawnSync(program, ["--version"]).status === 0;
const skip = installed("virsh") ? false : "virsh is not installed";

/** A port that nobody listens at just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("virsh comes in by TCP where the configuration and the command line say so", { skip }, async (t) => {
  const port = await freePort();
  const tcp = `listen_tls = 0\nlisten_tcp = 1\nauth_tcp = "none"\ntcp_port = "${port}"\nlisten_addr = "127.0.0.1"\n`;
  const uri = `test+tcp://127.0.0.1:${port}/default`;
  const deaf = await Tsvirtd.start(t, { config: tcp });
  assert.match((await deaf.virsh(["list"], uri)).stderr, /Connection refused/);
  await deaf.stop();
  const daemon = await Tsvirtd.start(t, { root: deaf.root, args: ["--listen"] });
  assert.match((await daemon.virsh(["list"], uri)).stdout, / 1 +test +running/);
});

async function tlsFiles(
  folder: string,
): Promise<{ readonly config: string; readonly pki: string; readonly foreign: string }> {
  const authority = await Authority.create(join(folder, "ca"));
  const server = await authority.issue("server", ['cn = "localhost"', 'dns_name = "localhost"', "tls_www_server"]);
  const stranger = await Authority.create(join(folder, "other-ca"), "somebody else");
  const config = [`ca_file = "${authority.cert}"`, `cert_file = "${server.cert}"`, `key_file = "${server.key}"`].join(
    "\n",
  );
  const [pki, foreign] = await Promise.all(
    [authority, stranger].map(async (issuer, index) => {
      const pair = await issuer.issue("client", ['cn = "somebody"', "tls_www_client"]);
      const path = join(folder, `pki${index}`);
      await mkdir(path);
      await copyFile(authority.cert, join(path, "cacert.pem"));
      await copyFile(pair.cert, join(path, "clientcert.pem"));
      await copyFile(pair.key, join(path, "clientkey.pem"));
      return path;
    }),
  );
  return { config, pki: pki ?? "", foreign: foreign ?? "" };
}

test("virsh comes in by TLS with a certificate of the daemon's authority, and nobody else does", {
  skip: skip || (existsSync(certtool) ? false : `${certtool} is not installed`),
}, async (t) => {
  const folder = await shortFolder(t);
  const { config, pki, foreign } = await tlsFiles(folder);
  const port = await freePort();
  const daemon = await Tsvirtd.start(t, { config: `tls_port = "${port}"\n${config}\n`, args: ["-l", "-v"] });
  const uri = (path: string) => `test+tls://localhost:${port}/default?pkipath=${path}`;
  assert.match((await daemon.virsh(["list"], uri(pki))).stdout, / 1 +test +running/);
  // virsh itself would not show a certificate of a stranger.
  const [ca, cert, key] = await Promise.all(
    ["cacert.pem", "clientcert.pem", "clientkey.pem"].map((file) => readFile(join(foreign, file))),
  );
  for (const own of [{ cert, key }, {}]) {
    const socket = connectTls({ host: "localhost", port, ca, ...own });
    await new Promise((resolve) => socket.on("error", resolve).on("close", resolve));
  }
  await daemon.logged(/was turned away[\s\S]*?was turned away/);
  assert.equal((await daemon.virtAdmin(["server-update-tls", "libvirtd"])).code, 0);
  assert.match((await daemon.virsh(["list"], uri(pki))).stdout, / 1 +test +running/);
});

test("a daemon without its certificates does not start when TLS is asked for", async (t) => {
  const root = await shortFolder(t);
  await writeFile(join(root, "libvirtd.conf"), `key_file = "${root}/nokey.pem"\ntls_port = "${await freePort()}"`);
  await assert.rejects(Tsvirtd.start(t, { root, args: ["-l"] }), /Cannot read .* '.*': No such file or directory/);
  assert.equal(await exists(join(root, "run", "libvirt-sock")), false);
});

const skipActivation =
  skip || (installed("systemd-socket-activate") ? false : "systemd-socket-activate is not installed");

/** Sockets at the usual places below a root, made by systemd's program, which starts the daemon for the first client. */
async function activated(t: TestContext, root: string, env: string) {
  await mkdir(join(root, "run"));
  const [rw, ro] = [join(root, "run", "libvirt-sock"), join(root, "run", "libvirt-sock-ro")];
  const { command, args } = tsvirtdCommand(["--root", root]);
  const child = spawn("systemd-socket-activate", ["-E", env, "-l", rw, "-l", ro, command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => child.kill());
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
  const said = async (word: string): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) assert.fail(`it ended without saying '${word}'`);
      if (value.includes(word)) return;
    }
  };
  await said("libvirt-sock-ro");
  const client = (socket: string, words: readonly string[]) =>
    runClient("virsh", ["-c", `test+unix:///default?socket=${socket}`, ...words]);
  return { child, ended: once(child, "exit"), rw, ro, said, client };
}

test("sockets that systemd made are taken over, and stay when the daemon ends", { skip: skipActivation }, async (t) => {
  const root = await shortFolder(t);
  const { child, ended, rw, ro, client } = await activated(t, root, "A=B");
  assert.match((await client(rw, ["list"])).stdout, / 1 +test +running/);
  assert.match((await client(ro, ["destroy", "test"])).stderr, /read only access/);
  assert.equal(await exists(join(root, "run", "libvirt-admin-sock")), false);
  child.kill("SIGTERM");
  await ended;
  assert.equal(await exists(rw), true);
});

test("a socket of systemd's that is open to everybody is not served when nobody asks who comes", {
  skip: skipActivation,
}, async (t) => {
  const root = await shortFolder(t);
  const { ended, rw, said, client } = await activated(t, root, "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere");
  await chmod(rw, 0o666);
  const waiting = client(rw, ["list"]);
  await said("everybody may connect to the read-write socket");
  assert.deepEqual(await ended, [1, null]);
  assert.equal((await waiting).code, 1);
});

test("the units name their sockets as the daemon knows them", async () => {
  for (const [kind, file] of Object.entries({
    tsvirtd: "libvirt-sock",
    "tsvirtd-ro": "libvirt-sock-ro",
    "tsvirtd-admin": "libvirt-admin-sock",
  })) {
    const text = await readFile(join(projectRoot, "systemd", `${kind}.socket`), "utf8");
    assert.match(text, new RegExp(`^ListenStream=/run/libvirt/${file}$`, "m"));
    assert.match(text, new RegExp(`^FileDescriptorName=${kind}$`, "m"));
  }
});

const listener = `
import socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(one.recv(4096).decode().replace("\\n", " "), flush=True)
`;

/** What comes to a notification socket, line by line. */
async function notifications(t: TestContext, path: string): Promise<AsyncIterator<string>> {
  const child = spawn("/usr/bin/python3", ["-c", listener, path], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, "bound");
  return lines;
}

test("the service manager is told when the daemon is ready and when it ends", {
  skip:
    installed("systemd-notify") && existsSync("/usr/bin/python3")
      ? false
      : "systemd-notify or python3 is not installed",
}, async (t) => {
  const path = join(await shortFolder(t), "notify");
  const lines = await notifications(t, path);
  const until = async (word: string) => {
    for (;;) {
      const { value } = await lines.next();
      if (value.includes(word)) return value;
    }
  };
  const daemon = await Tsvirtd.start(t, { env: { NOTIFY_SOCKET: path } });
  assert.match(await until("READY=1"), new RegExp(`MAINPID=${daemon.pid}`));
  const ended = daemon.stop();
  await until("STOPPING=1");
  await ended;
});

test("a daemon goes to the background when clients can connect, with its log in a file", { skip }, async (t) => {
  const root = await shortFolder(t);
  const starter = spawnTsvirtd(["--root", root, "-d", "-v"], {}, false);
  const [code] = await once(starter, "close");
  assert.equal(code, 0);
  const pid = Number(await readFile(join(root, "run", "tsvirtd.pid"), "utf8"));
  assert.notEqual(pid, starter.pid);
  const uri = `test+unix:///default?socket=${join(root, "run", "libvirt-sock")}`;
  assert.match((await runClient("virsh", ["-c", uri, "list"])).stdout, / 1 +test +running/);
  assert.match(await readFile(join(root, "log", "tsvirtd.log"), "utf8"), /info : daemon : listening at/);
  // A second one says why it does not come about, though it would have gone to the background.
  const second = spawnTsvirtd(["--root", root, "-d"], {}, false);
  let complaint = "";
  second.stderr?.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  assert.deepEqual(await once(second, "close"), [1, null]);
  assert.match(complaint, new RegExp(`the process with pid ${pid} has it`));
  const admin = await connectUnix(join(root, "run", "libvirt-admin-sock"));
  process.kill(pid, "SIGTERM");
  await once(admin.resume(), "close");
});
