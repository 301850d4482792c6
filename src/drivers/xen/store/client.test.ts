/** What a daemon of the Xen Store would have to be broken, or in the middle of starting, to do: said by a fake one. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError, type LibvirtError } from "../../../errors.ts";
import { StoreClient } from "./client.ts";
import { encodeMessage, type Message, MessageReader, MessageType, words, wordsOf } from "./wire.ts";

/** What it answers to a request: a payload, an error's name, or nothing at all. */
type Answers = (message: Message) => Buffer | string | null;

class FakeDaemon {
  readonly path: string;
  readonly asked: Message[] = [];
  answers: Answers;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(path: string, answers: Answers) {
    this.path = path;
    this.answers = answers;
  }

  async begin(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    server.listen(this.path);
    await once(server, "listening");
  }

  #serve(socket: Socket): void {
    const reader = new MessageReader();
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      for (const message of reader.push(chunk)) {
        this.asked.push(message);
        const answer = this.answers(message);
        if (typeof answer === "string")
          socket.write(encodeMessage({ ...message, type: MessageType.ERROR, payload: words(answer) }));
        else if (answer) socket.write(encodeMessage({ ...message, payload: answer }));
      }
    });
  }

  send(bytes: Buffer): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

const ok = words("OK");

async function talk(t: TestContext, answers: Answers): Promise<{ daemon: FakeDaemon; store: StoreClient }> {
  const folder = await mkdtemp(join(tmpdir(), "fake-store-"));
  const daemon = new FakeDaemon(join(folder, "socket"), answers);
  await daemon.begin();
  const store = await StoreClient.open(daemon.path);
  t.after(async () => {
    await store.close();
    await daemon.end();
    await rm(folder, { recursive: true });
  });
  return { daemon, store };
}

const refused = (reason: RegExp) => (error: unknown) =>
  isLibvirtError(error, "OPERATION_FAILED") && reason.test(error.message);

test("answers find their requests in whatever order they come", async (t) => {
  const held: Message[] = [];
  const { daemon, store } = await talk(t, (message) => {
    held.push(message);
    if (held.length === 3)
      for (const one of held.reverse()) daemon.send(encodeMessage({ ...one, payload: one.payload.subarray(0, -1) }));
    return null;
  });
  const paths = ["/a", "/b", "/c"];
  assert.deepEqual(await Promise.all(paths.map((path) => store.read(path))), paths);
});

test("what cannot be is not sent", async (t) => {
  const { daemon, store } = await talk(t, () => ok);
  const invalid = (error: unknown) => isLibvirtError(error, "INVALID_ARG");
  const paths = ["", "/a b", "/é", "/a\0b", "/a//b", "/a/", `/${"x".repeat(3072)}`, "x".repeat(2049)];
  for (const path of paths) await assert.rejects(store.read(path), invalid, path);
  for (const path of paths)
    await assert.rejects(
      store.watch(path, () => {}),
      invalid,
      path,
    );
  await assert.rejects(store.write("/a", "x".repeat(4094)), invalid);
  await assert.rejects(store.write("/a", "x\0y"), invalid);
  await assert.rejects(store.setPermissions("/a", []), invalid);
  assert.deepEqual(daemon.asked, []);
  await store.write("/a", "x".repeat(4093));
  await store.read(`/${"x".repeat(3071)}`);
  await store.read("x".repeat(2048));
});

test("errors keep the system's number for the reason", async (t) => {
  let reason = "";
  const { store } = await talk(t, () => reason);
  for (reason of ["ENOSPC", "EACCES", "EPERM", "E2BIG", "EBUSY"]) {
    await assert.rejects(store.write("/a", ""), (error: LibvirtError) => {
      assert.equal(error.int1, constants.errno[reason as keyof typeof constants.errno]);
      return refused(new RegExp(reason))(error);
    });
  }
});

test("a daemon that breaks the protocol fails what was asked, and is not believed any longer", async (t) => {
  const tooLong = encodeMessage({ type: 1, request: 1, transaction: 0, payload: Buffer.alloc(0) });
  tooLong.writeUInt32LE(0x7fff_ffff, 12);
  const { daemon, store } = await talk(t, () => {
    if (daemon.asked.length === 2) daemon.send(tooLong);
    return null;
  });
  const pending = [store.read("/a"), store.list("/b")];
  await Promise.all(pending.map((one) => assert.rejects(one, refused(/2147483647 bytes/))));
  daemon.answers = () => Buffer.from("again");
  assert.equal(await store.read("/a"), "again");
});

test("an answer to another question is none", async (t) => {
  const { daemon, store } = await talk(t, (message) => {
    daemon.send(encodeMessage({ ...message, type: MessageType.DIRECTORY, payload: ok }));
    return null;
  });
  await assert.rejects(store.read("/a"), refused(/EIO/));
});

test("long lists that never stand still, or have no form, end in an error", async (t) => {
  let generation = 0;
  const moving: Answers = ({ type }) =>
    type === MessageType.DIRECTORY ? "E2BIG" : Buffer.concat([words(String(generation++)), words("name")]);
  const { daemon, store } = await talk(t, moving);
  await assert.rejects(store.list("/a"), refused(/EAGAIN/));
  daemon.answers = ({ type }) => (type === MessageType.DIRECTORY ? "E2BIG" : Buffer.from("no end"));
  await assert.rejects(store.list("/a"), refused(/EIO/));
});

test("a transaction without a number would be none: nothing is written", async (t) => {
  const { daemon, store } = await talk(t, () => words("0"));
  for (const number of ["0", "", "-1", "x", "4294967296"]) {
    daemon.answers = () => words(number);
    await assert.rejects(
      store.transaction((access) => access.write("/a", "1")),
      refused(/begin a transaction: EIO/),
    );
  }
  assert.ok(daemon.asked.every(({ type }) => type === MessageType.TRANSACTION_START));
});

test("a transaction that others always undo is given up", async (t) => {
  const { daemon, store } = await talk(t, ({ type, payload }) => {
    if (type === MessageType.TRANSACTION_START) return words("7");
    return wordsOf(payload)[0] === "T" ? "EAGAIN" : ok;
  });
  await assert.rejects(
    store.transaction((access) => access.write("/a", "1")),
    refused(/commit: EAGAIN/),
  );
  assert.equal(daemon.asked.filter(({ type }) => type === MessageType.TRANSACTION_END).length, 50);
});

test("what is left of a transaction does not get into one of the next daemon's", async (t) => {
  const { daemon, store } = await talk(t, ({ type }) => (type === MessageType.TRANSACTION_START ? words("1") : ok));
  const work = store.transaction(async (access) => {
    await access.write("/a", "1");
    await daemon.end();
    await assert.rejects(store.read("/gone"));
    await daemon.begin();
    daemon.asked.length = 0;
    await store.transaction((other) => other.write("/b", "1"));
    await access.write("/c", "1");
  });
  await assert.rejects(work, refused(/connection to the Xen Store is over/));
  assert.deepEqual(
    daemon.asked.filter(({ type }) => type === MessageType.WRITE).map(({ payload }) => wordsOf(payload)[0]),
    ["/b"],
  );
});

test("the next daemon is found without anybody asking, and each watch is registered once", async (t) => {
  const { daemon, store } = await talk(t, () => ok);
  await store.watch("/a", () => {});
  await store.watch("/b", () => {});
  await daemon.end();
  daemon.asked.length = 0;
  const registered = new Promise<void>((resolve) => {
    const seen = new Set<string>();
    daemon.answers = ({ type, payload }) => {
      if (type === MessageType.WATCH) seen.add(wordsOf(payload)[0] ?? "");
      if (seen.size === 2) resolve();
      return ok;
    };
  });
  await daemon.begin();
  await registered;
  await store.watch("/c", () => {});
  const paths = daemon.asked.filter(({ type }) => type === MessageType.WATCH).map(({ payload }) => wordsOf(payload)[0]);
  assert.deepEqual(paths.sort(), ["/a", "/b", "/c"]);
});

test("a watch that the next daemon refuses does not cost the others", async (t) => {
  const { daemon, store } = await talk(t, () => ok);
  const kept = new EventEmitter();
  await store.watch("/refused", () => {});
  await store.watch("/kept", () => kept.emit("told"));
  const told = once(kept, "told");
  const warned = once(process, "warning");
  daemon.answers = ({ type, payload }) => {
    if (type !== MessageType.WATCH) return ok;
    const [path, token = ""] = wordsOf(payload);
    if (path === "/refused") return "EACCES";
    if (path === "/kept")
      setImmediate(() =>
        daemon.send(
          encodeMessage({ type: MessageType.WATCH_EVENT, request: 0, transaction: 0, payload: words("/kept", token) }),
        ),
      );
    return ok;
  };
  await daemon.end();
  await daemon.begin();
  await told;
  assert.match(String((await warned)[0]), /'\/refused': EACCES/);
});
