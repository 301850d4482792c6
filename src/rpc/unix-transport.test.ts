import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { loadNative, type Native } from "../host/native/index.ts";
import { ConnectFeature, remoteProgram } from "../protocol/index.ts";
import { RpcClient, type RpcClientOptions } from "./client.ts";
import { type IncomingCall, RpcServerPeer } from "./server.ts";
import { duplexTransport } from "./transport.ts";
import { unixTransport } from "./unix-transport.ts";

interface Setup {
  readonly native: Native;
  readonly folder: string;
  readonly path: string;
  /** The other end of the next connection to `path`. */
  accept(): Promise<Socket>;
}

async function setUp(t: TestContext): Promise<Setup | null> {
  const part = await loadNative();
  if (part.native === null) {
    t.skip(`no native part: ${part.reason}`);
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), "unix-transport-"));
  const path = join(folder, "s");
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const accept = async () => ((await once(server, "connection")) as [Socket])[0];
  return { native: part.native, folder, path, accept };
}

/** Writes the call's number into each file that comes, and sends the files of `folder` back that it is asked for. */
function serve(socket: Socket, native: Native, folder: string) {
  let closed: (error?: Error) => void = () => {};
  const over = new Promise<Error | undefined>((resolve) => {
    closed = resolve;
  });
  const peer = new RpcServerPeer(unixTransport(socket, native), {
    programs: [remoteProgram],
    dispatch: async ({ procedure, args, descriptors }: IncomingCall) => {
      if (procedure.name === "connectSupportsFeature") return { supported: 1 };
      if (procedure.name === "connectGetHostname") return { hostname: "here" };
      for (const descriptor of descriptors?.given ?? []) writeSync(descriptor, `taken ${descriptors?.given.length}`);
      if (procedure.name === "domainOpenGraphicsFd") {
        descriptors?.reply.push(openSync(join(folder, `out${(args as { idx: number }).idx}`), "r"));
        return undefined;
      }
      return { dom: { name: "guest", uuid: new Uint8Array(16), id: 1 } };
    },
    onClose: closed,
  });
  return { peer, over };
}

const quiet: RpcClientOptions = { onEvent: () => {} };
const openFiles = () => readdirSync("/proc/self/fd").length;
const dom = { name: "guest", uuid: new Uint8Array(16), id: 1 };

test("open files go both ways between our own ends, among many other calls, and none stays behind", async (t) => {
  const setup = await setUp(t);
  if (setup === null) return;
  const { native, folder, path, accept } = setup;
  const incoming = accept();
  const socket = connect(path);
  const { over } = serve(await incoming, native, folder);
  const client = new RpcClient(unixTransport(socket, native), quiet);
  const before = openFiles();
  for (const n of [0, 1, 2]) await writeFile(join(folder, `out${n}`), `content ${n}`);
  const ask = { feature: ConnectFeature.FD_PASSING };
  assert.deepEqual(await client.call("connectSupportsFeature", ask), { supported: 1 });
  const hostnames: Promise<unknown>[] = [];
  for (let round = 0; round < 30; round++) {
    const given = [0, 1, 2].slice(0, 1 + (round % 3)).map((n) => openSync(join(folder, `in${n}`), "w"));
    hostnames.push(client.call("connectGetHostname", {}), client.call("connectGetHostname", {}));
    const xmlDesc = "x".repeat(1 + 50_000 * (round % 4));
    const created = client.call(
      "domainCreateXmlWithFiles",
      { xmlDesc, flags: 0 },
      { descriptors: { given, reply: [] } },
    );
    hostnames.push(client.call("connectGetHostname", {}));
    const descriptors = { given: [], reply: [] as number[] };
    await client.call("domainOpenGraphicsFd", { dom, idx: round % 3, flags: 0 }, { descriptors });
    await created;
    for (const file of given) closeSync(file);
    assert.equal(await readFile(join(folder, "in0"), "utf8"), `taken ${given.length}`);
    assert.equal(descriptors.reply.length, 1);
    const buffer = Buffer.alloc(20);
    const length: number = readSync(descriptors.reply[0] ?? -1, buffer, 0, 20, 0);
    assert.equal(buffer.toString("utf8", 0, length), `content ${round % 3}`);
    for (const file of descriptors.reply) closeSync(file);
  }
  assert.equal((await Promise.all(hostnames)).length, 90);
  // One more for each end that reads cautiously.
  assert.equal(openFiles(), before + 2);
  await client.close();
  await over;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(openFiles(), before - 2);
});

/** A peer that speaks the wire by itself: calls with descriptors in every way that a socket lets it. */
const python = `
import array, os, socket, struct, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
folder = sys.argv[2]
def call(number, body, kind=0, serial=0):
    return struct.pack(">7I", 28 + len(body), 0x20008086, 1, number, kind, serial, 0) + body
def exact(n):
    data = b""
    while len(data) < n:
        more = s.recv(n - len(data))
        if not more: sys.exit("the other end is gone")
        data += more
    return data
def reply():
    length, = struct.unpack(">I", exact(4))
    return exact(length - 4)
def pass_one(fd):
    s.sendmsg([b"\\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
s.sendall(call(60, struct.pack(">i", 8))); reply()
for n, split in enumerate(["whole", "bytes", "late", "together"]):
    files = [os.open(f"{folder}/py{n}.{i}", os.O_CREAT | os.O_WRONLY) for i in range(n + 1)]
    body = struct.pack(">I", len(files)) + struct.pack(">I4sI", 3, b"<x/\\0", 0)
    message = call(309, body, 4, n)
    if split == "bytes":
        for byte in message: s.sendall(bytes([byte]))
    elif split == "together":
        s.sendall(call(59, b"") * 20 + message)
    else: s.sendall(message)
    if split == "late":
        print("waiting", flush=True); sys.stdin.readline()
    for fd in files: pass_one(fd); os.close(fd)
    s.sendall(call(59, b""))
    for _ in range(22 if split == "together" else 2): reply()
s.sendall(call(343, struct.pack(">I8s16siiI", 5, b"guest\\0\\0\\0", b"\\0" * 16, 1, 1, 0)))
reply()
data, control, flags, _ = s.recvmsg(1, 64)
fd, = struct.unpack("i", control[0][2])
print(os.read(fd, 100).decode(), flush=True)
# At last: descriptors are announced that never come.
s.sendall(call(309, struct.pack(">I", 2), 4, 9)); pass_one(0)
print("announced", flush=True); sys.stdin.readline()
`;

async function lineOf(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout ?? assert.fail(), "data")) as [Buffer];
  return chunk.toString("utf8").split("\n")[0] ?? "";
}

test("another program's files are taken however it sends them, and given back", async (t) => {
  const setup = await setUp(t);
  if (setup === null) return;
  if (!existsSync("/usr/bin/python3")) return t.skip("python3 is not installed");
  const { native, folder, path, accept } = setup;
  await writeFile(join(folder, "out1"), "for python");
  const before = openFiles();
  const incoming = accept();
  const child = spawn("/usr/bin/python3", ["-c", python, path, folder], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const { over } = serve(await incoming, native, folder);
  assert.equal(await lineOf(child), "waiting");
  child.stdin.write("go\n");
  assert.equal(await lineOf(child), "for python");
  for (let n = 0; n < 4; n++) assert.equal(await readFile(join(folder, `py${n}.${n}`), "utf8"), `taken ${n + 1}`);
  const gone = once(child, "exit");
  child.stdin.end("go\n");
  await gone;
  assert.match(String(await over), /before the descriptors/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(openFiles(), before);
});

test("without the native part nothing is promised", async (t) => {
  const setup = await setUp(t);
  if (setup === null) return;
  const incoming = setup.accept();
  const socket = connect(setup.path);
  t.after(() => socket.destroy());
  assert.equal(unixTransport(socket, null).canPassDescriptors, false);
  const client = new RpcClient(duplexTransport(socket), quiet);
  const descriptors = { given: [0], reply: [] };
  const call = client.call("domainCreateWithFiles", { dom, flags: 0 }, { descriptors });
  await assert.rejects(call, /cannot pass file descriptors/);
  (await incoming).destroy();
});
