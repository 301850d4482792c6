/** Ten thousand connections: as many as may be are served, the others are turned away, and nothing of them stays. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { procedures } from "../../src/protocol/index.ts";
import type { RpcClient } from "../../src/rpc/index.ts";
import { Tsvirtd } from "../helpers/tsvirtd.ts";
import { messageOf } from "../wire/raw.ts";

const wanted = 10_000;
/** How many are being connected at a time: fewer than fit into the queue of a listening socket. */
const atATime = 64;
const hello = messageOf({ proc: procedures.authList.number });
const helloAnswer = 36;
const mebibyte = 1024 * 1024;

/** As many descriptors as this process may have, of which each connection takes one here and one in the daemon. */
const mayHave = Number(/^Max open files +\d+ +(\d+)/m.exec(await readFile("/proc/self/limits", "utf8"))?.[1]);
const count = Math.min(wanted, mayHave - 500);
const said = count < wanted ? ` (${count} of them: there may be only ${mayHave} open files)` : "";

interface Watched {
  readonly daemon: Tsvirtd;
  /** Somebody who is connected all the time. */
  readonly client: RpcClient;
  descriptors(): Promise<number>;
  rss(): Promise<number>;
}

async function start(t: TestContext, config: string): Promise<Watched> {
  const daemon = await Tsvirtd.start(t, { config: `${config}log_outputs = "4:file:/dev/null"\n` });
  const client = await daemon.connect(t, "libvirt-admin-sock");
  await client.call("adminConnectOpen", { flags: 0 });
  return {
    daemon,
    client,
    descriptors: async () => (await readdir(`/proc/${daemon.pid}/fd`)).length,
    async rss() {
      const status = await readFile(`/proc/${daemon.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
    },
  };
}

/** What became of a connection: it was answered, or ended by the daemon, or neither so far. */
class Caller {
  state: "waiting" | "answered" | "ended" = "waiting";
  /** Resolves when it has been answered or ended. */
  readonly settled: Promise<void>;
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.settled = new Promise((resolve) => {
      let received = 0;
      socket.on("data", (bytes: Buffer) => {
        received += bytes.length;
        if (received < helloAnswer || this.state !== "waiting") return;
        this.state = "answered";
        resolve();
      });
      socket.once("close", () => {
        this.state = "ended";
        resolve();
      });
    });
    socket.write(hello);
  }

  static async connect(path: string): Promise<Caller> {
    for (;;) {
      const socket = connect(path);
      const failure = await Promise.race([
        once(socket, "connect").then(() => null),
        new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve)),
      ]);
      socket.on("error", () => {});
      if (failure === null) return new Caller(socket);
      // The queue of the socket is full; it is emptied as fast as the daemon comes to it.
      if (failure.code !== "EAGAIN") throw failure;
    }
  }
}

/** Connects many, a few at a time, while others are served. */
async function connectMany({ daemon, client }: Watched, many: number): Promise<Caller[]> {
  const callers: Caller[] = [];
  let left = many;
  const connecting = async (): Promise<void> => {
    while (left-- > 0) {
      callers.push(await Caller.connect(daemon.socket()));
      if (left % 100 === 0) await client.call("adminConnectGetLibVersion", {});
    }
  };
  await Promise.all(Array.from({ length: atATime }, connecting));
  return callers;
}

/** Ends connections of ours, and waits until the daemon has seen it. */
async function leave({ client, descriptors }: Watched, callers: readonly Caller[], before: number): Promise<void> {
  for (const { socket } of callers) socket.destroy();
  while ((await descriptors()) > before) await client.call("adminConnectGetLibVersion", {});
}

const inState = (callers: readonly Caller[], state: Caller["state"]): number =>
  callers.filter((caller) => caller.state === state).length;

test(`10,000 clients are connected and answered${said}; one more is turned away; when they go they leave nothing`, async (t) => {
  const watched = await start(t, `max_clients = ${count}\n`);
  const [descriptors, rss] = [await watched.descriptors(), await watched.rss()];
  const sizes: number[] = [];
  for (let round = 0; round < 2; round++) {
    const callers = await connectMany(watched, count);
    await Promise.all(callers.map(({ settled }) => settled));
    assert.equal(inState(callers, "answered"), count);
    assert.ok((await watched.descriptors()) >= descriptors + count);
    const late = await Caller.connect(watched.daemon.socket());
    await late.settled;
    assert.equal(late.state, "ended");
    sizes.push((await watched.rss()) - rss);
    await leave(watched, callers, descriptors);
  }
  t.diagnostic(`the daemon grew by ${sizes.map((size) => Math.round(size / mebibyte)).join(", ")} MiB`);
  // About 15 KiB for each; what one crowd needed is enough for the next.
  assert.ok(
    sizes.every((size) => size < 600 * mebibyte),
    `${sizes}`,
  );
});

test(`of 10,000 that do not log in${said}, as many are in and as many wait as the settings say`, async (t) => {
  const limits = `max_clients = ${count}\nmax_anonymous_clients = 300\nmax_queued_clients = 200\n`;
  const watched = await start(t, `auth_unix_rw = "sasl"\n${limits}`);
  const descriptors = await watched.descriptors();
  const callers = await connectMany(watched, count);
  // The others are answered, or turned away, when the daemon has come to them.
  const settled = () => inState(callers, "answered") + inState(callers, "ended");
  while (settled() < count - 200) await watched.client.call("adminConnectGetLibVersion", {});
  assert.equal(inState(callers, "answered"), 300);
  assert.equal(inState(callers, "ended"), count - 500);
  // Who waits comes in when others go.
  const answered = callers.filter(({ state }) => state === "answered");
  const waiting = callers.filter(({ state }) => state === "waiting");
  for (const { socket } of answered) socket.destroy();
  await Promise.all(waiting.map((caller) => caller.settled));
  assert.equal(inState(waiting, "answered"), 200);
  await leave(watched, callers, descriptors);
});

test("a daemon that may open no more files goes on serving, and takes clients again when there is room", {
  skip: spawnSync("prlimit", ["--version"]).status === 0 ? false : "prlimit is not installed",
}, async (t) => {
  const watched = await start(t, "max_clients = 5000\n");
  const { daemon, client, descriptors } = watched;
  const before = await descriptors();
  const limit = before + 200;
  assert.equal(spawnSync("prlimit", ["--pid", `${daemon.pid}`, `--nofile=${limit}:${limit}`]).status, 0);
  const callers = await connectMany(watched, 1000);
  await Promise.all(callers.slice(0, 100).map(({ settled }) => settled));
  await client.call("adminConnectGetLibVersion", {});
  // It had some room, and its own files may have gone meanwhile.
  const answered = inState(callers, "answered");
  assert.ok(answered >= 100 && answered < 250, `${answered} were answered`);
  await leave(watched, callers, before);
  const [late] = await connectMany(watched, 1);
  await late?.settled;
  assert.equal(late?.state, "answered");
  await leave(watched, [late as Caller], before);
});
