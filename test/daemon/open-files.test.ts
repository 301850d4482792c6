/** Open files through tsvirtd: libvirt's own client and ours become clients of a guest's screen. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync } from "node:fs";
import { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { type Domain, open } from "../../src/api/index.ts";
import { loadNative } from "../../src/host/native/index.ts";
import { guestXml } from "../helpers/qemu-driver.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";

const python = "/usr/bin/python3";
const needed = [python, "/usr/lib/python3/dist-packages/libvirt.py", "/usr/bin/qemu-system-x86_64"];

/** What a VNC server says first. */
const greeting = /^RFB 003\.008\n/;

async function missing(): Promise<string | false> {
  const lacking = needed.filter((path) => !existsSync(path));
  if (lacking.length > 0) return `not installed: ${lacking.join(", ")}`;
  const part = await loadNative();
  return part.native === null && `no native part: ${part.reason}`;
}

async function daemonWithGuest(t: TestContext): Promise<Tsvirtd> {
  const daemon = await Tsvirtd.start(t, { config: 'auth_unix_rw = "none"\nauth_unix_ro = "none"' });
  const screen = "<graphics type='vnc'><listen type='none'/></graphics><video><model type='vga'/></video>";
  const connection = await open(daemon.uri("qemu"));
  await connection.createXML(guestXml("screen", "", screen));
  await connection.close();
  return daemon;
}

/** The first bytes that come through a socket, which is closed then. */
function firstBytes(descriptor: number): Promise<string> {
  const socket = new Socket({ fd: descriptor, readable: true, writable: true });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (chunk) => {
      socket.destroy();
      resolve(chunk.toString("latin1"));
    });
  });
}

const script = `
import libvirt, os, socket, sys
conn = libvirt.open(sys.argv[1])
dom = conn.lookupByName("screen")
for _ in range(3):
    fd = dom.openGraphicsFD(0, libvirt.VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH)
    print(os.read(fd, 12)); os.close(fd)
    ours, theirs = socket.socketpair()
    dom.openGraphics(0, theirs.fileno(), 0); theirs.close()
    print(ours.recv(12)); ours.close()
try: dom.openGraphicsFD(1, 0)
except libvirt.libvirtError as error: print(error)
print(conn.getHostname() != "")
`;

test("libvirt's client gets and gives sockets through the daemon, which keeps none of them", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const daemon = await daemonWithGuest(t);
  const openFiles = () => readdirSync(`/proc/${daemon.pid}/fd`).length;
  const before = openFiles();
  const output = await new Promise<string>((resolve) => {
    execFile(python, ["-c", script, daemon.uri("qemu")], { timeout: 180_000 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr.replace(/^libvirt: .*\n/gm, "")),
    );
  });
  const expected = `${"b'RFB 003.008\\n'\n".repeat(6)}internal error: No graphics backend with index 1\nTrue\n`;
  assert.equal(output, expected);
  // Its connection is gone, and with it all that it held: the daemon has seen that before it answers the next client.
  assert.equal((await daemon.virsh(["list"], daemon.uri("qemu"))).code, 0);
  assert.ok(openFiles() <= before, `${openFiles()} open files, before ${before}`);
});

test("our client does so too", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  const { native } = await loadNative();
  assert.ok(native);
  const daemon = await daemonWithGuest(t);
  const connection = await open(daemon.uri("qemu"));
  t.after(() => connection.close());
  const domain = await connection.lookupByName("screen");
  assert.match(await firstBytes(await domain.openGraphicsFD(0)), greeting);
  const [ours, theirs] = native.socketPair();
  await domain.openGraphics(0, theirs);
  closeSync(theirs);
  assert.match(await firstBytes(ours), greeting);
  await assert.rejects(domain.openGraphicsFD(3), /No graphics backend with index 3/);
});

/** What QEMU knows of the open files that it was given. */
async function fileSets(domain: Domain): Promise<unknown> {
  return JSON.parse(await domain.qemuMonitorCommand('{"execute":"query-fdsets"}')).return;
}

test("open files go to QEMU with a command: from libvirt's virsh, and from our client", async (t) => {
  const reason = await missing();
  if (reason !== false) return t.skip(reason);
  if (!existsSync("/usr/bin/virsh")) return t.skip("virsh is not installed");
  const daemon = await daemonWithGuest(t);
  const connection = await open(daemon.uri("qemu"));
  t.after(() => connection.close());
  const domain = await connection.lookupByName("screen");
  const file = openSync("/dev/null", "r");
  t.after(() => closeSync(file));
  const command = '{"execute":"add-fd","arguments":{"fdset-id":7,"opaque":"mine"}}';
  const words = ["-c", daemon.uri("qemu"), "qemu-monitor-command", "screen", "--pass-fds", "3", command];
  const virsh = spawn("virsh", words, { stdio: ["ignore", "pipe", "inherit", file] });
  let said = "";
  virsh.stdout?.on("data", (text) => {
    said += text;
  });
  assert.deepEqual(await once(virsh, "close"), [0, null]);
  assert.equal(JSON.parse(said).return["fdset-id"], 7);
  const answers = await Promise.all([1, 2, 3].map(() => domain.qemuMonitorCommandWithFiles(command, [file])));
  const numbers = answers.map((answer) => JSON.parse(answer).return.fd);
  assert.equal(new Set(numbers).size, 3);
  const [set] = (await fileSets(domain)) as { fds: { fd: number; opaque: string }[] }[];
  assert.equal(set?.fds.length, 4);
  assert.ok(set.fds.every(({ opaque }) => opaque === "mine"));
  // Without a file QEMU has none to add; two are one too many.
  assert.match(await domain.qemuMonitorCommand(command), /"error":.*No file descriptor supplied/);
  await assert.rejects(domain.qemuMonitorCommandWithFiles(command, [file, file]), /takes one file descriptor/);
});
