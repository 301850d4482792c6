/** The client of the Xen Store against the real daemon. */
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openStore, StoreClient } from "../../../src/drivers/xen/store/index.ts";
import { isLibvirtError } from "../../../src/errors.ts";

const daemon = "/run/xenstored/socket";

async function opened(t: TestContext, base: string): Promise<StoreClient> {
  const store = await openStore();
  t.after(async () => {
    await store.remove(base);
    await store.close();
  });
  return store;
}

test("nodes are made, read, listed, removed, and belong to somebody", async (t) => {
  const store = await opened(t, "/t-nodes");
  assert.equal(await store.read("/t-nodes/a"), null);
  assert.deepEqual(await store.list("/t-nodes"), []);
  await store.write("/t-nodes/a", "één\nline");
  await store.make("/t-nodes/b");
  assert.equal(await store.read("/t-nodes/a"), "één\nline");
  assert.equal(await store.read("/t-nodes/b"), "");
  assert.deepEqual((await store.list("/t-nodes")).sort(), ["a", "b"]);
  await store.setPermissions("/t-nodes/a", ["n0", "r7"]);
  assert.deepEqual(await store.permissions("/t-nodes/a"), ["n0", "r7"]);
  await store.remove("/t-nodes/a");
  await store.remove("/t-nodes/a");
  assert.deepEqual(await store.list("/t-nodes"), ["b"]);
  assert.equal(await store.read("/local/domain/0/name"), "Domain-0");
});

test("what cannot be is refused, and the connection stays", async (t) => {
  const store = await opened(t, "/t-limits");
  await assert.rejects(store.write("/t-limits/large", "x".repeat(4097)), (error) =>
    isLibvirtError(error, "INVALID_ARG"),
  );
  await assert.rejects(store.read("/a\0b"), (error) => isLibvirtError(error, "INVALID_ARG"));
  await assert.rejects(store.write("/bad path!", ""), (error) => isLibvirtError(error, "INVALID_ARG"));
  await store.write("/t-limits/most", "x".repeat(2000));
  assert.equal((await store.read("/t-limits/most"))?.length, 2000);
});

test("more names than one message holds are listed whole", async (t) => {
  const store = await opened(t, "/t-many");
  const names = Array.from({ length: 300 }, (_, number) => `a-rather-long-name-of-a-node-${number}`);
  await Promise.all(names.map((name) => store.make(`/t-many/${name}`)));
  assert.deepEqual((await store.list("/t-many")).sort(), names.sort());
});

test("a transaction is all or nothing, and is done again when others were faster", async (t) => {
  const store = await opened(t, "/t-all");
  const other = await openStore();
  t.after(() => other.close());
  await store.write("/t-all/count", "1");
  let attempts = 0;
  await store.transaction(async (access) => {
    attempts++;
    const count = Number(await access.read("/t-all/count"));
    if (attempts === 1) await other.write("/t-all/count", "10");
    await access.write("/t-all/count", String(count + 1));
    await access.write("/t-all/done", "yes");
    assert.equal(await other.read("/t-all/done"), null);
  });
  assert.deepEqual([attempts, await store.read("/t-all/count"), await store.read("/t-all/done")], [2, "11", "yes"]);
  const fails = store.transaction(async (access) => {
    await access.write("/t-all/count", "99");
    throw new Error("no");
  });
  await assert.rejects(fails, /^Error: no$/);
  assert.equal(await store.read("/t-all/count"), "11");
});

test("watches tell, until they are ended", async (t) => {
  const store = await opened(t, "/t-watch");
  const heard = new EventEmitter();
  const seen: string[] = [];
  const end = await store.watch("/t-watch", (path) => {
    seen.push(path);
    heard.emit(path);
  });
  const told = once(heard, "/t-watch/a");
  await store.write("/t-watch/a", "1");
  await told;
  assert.equal(seen[0], "/t-watch");
  await end();
  const before = seen.length;
  await store.write("/t-watch/b", "1");
  await store.read("/t-watch/b");
  assert.equal(seen.length, before);
});

/** A way to the daemon that can be cut. */
class Relay {
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async begin(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(daemon);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => {});
        one.on("close", () => other.destroy());
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
    this.#server = server;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

test("when the daemon was away, watches are registered again and tell that something may have happened", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "store-"));
  const path = join(folder, "socket");
  const relay = new Relay(path);
  await relay.begin();
  const store = await StoreClient.open(path);
  t.after(async () => {
    await store.remove("/t-away");
    await store.close();
    await relay.cut();
    await rm(folder, { recursive: true });
  });
  const heard = new EventEmitter();
  const first = once(heard, "change");
  await store.watch("/t-away", () => heard.emit("change"));
  await first;
  await relay.cut();
  await assert.rejects(store.read("/t-away"));
  const again = once(heard, "change");
  await relay.begin();
  await again;
  const more = once(heard, "change");
  await store.write("/t-away/a", "1");
  await more;
  assert.equal(await store.read("/t-away/a"), "1");
});
