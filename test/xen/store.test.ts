/** The Xen Store's client against Debian's own two daemons. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { StoreClient } from "../../src/drivers/xen/store/client.ts";
import { StoreConnection, type StoreError } from "../../src/drivers/xen/store/connection.ts";
import { MessageType, words } from "../../src/drivers/xen/store/wire.ts";
import { LibvirtError } from "../../src/errors.ts";
import { connectUnix } from "../../src/host/unix.ts";
import { LabUnavailable } from "./lab/packages.ts";
import {
  StoreDaemon,
  type StoreDaemonName,
  type StorePrograms,
  storePrograms,
  withoutStoreDaemons,
} from "./store-daemon.ts";

/** Waits until something has been told so often. */
class Told {
  readonly paths: string[] = [];
  readonly #more = new EventTarget();

  readonly changed = (path: string): void => {
    this.paths.push(path);
    this.#more.dispatchEvent(new Event("more"));
  };

  async until(there: (paths: readonly string[]) => boolean): Promise<void> {
    while (!there(this.paths)) await once(this.#more, "more");
  }
}

const refused = (code: string) => (error: LibvirtError) => (error.cause as StoreError).code === code;

test("the Xen Store", { skip: withoutStoreDaemons() }, async (t) => {
  let programs: StorePrograms;
  try {
    programs = await storePrograms(t);
  } catch (error) {
    if (error instanceof LabUnavailable) return t.skip(error.message);
    throw error;
  }
  for (const name of ["xenstored", "oxenstored"] satisfies StoreDaemonName[]) {
    await t.test(name, (t) => behaves(t, programs, name));
  }
});

async function behaves(t: TestContext, programs: StorePrograms, name: StoreDaemonName): Promise<void> {
  const daemon = await StoreDaemon.start(t, programs, name);
  const store = await StoreClient.open(daemon.socket);
  t.after(() => store.close());

  await t.test("values are written, read, listed and taken away", async () => {
    assert.equal(await store.read("/a/b"), null);
    await store.write("/a/b", "one");
    await store.write("/a/c", "zwei \u00fc");
    assert.equal(await store.read("/a/b"), "one");
    assert.equal(await store.read("/a/c"), "zwei \u00fc");
    assert.deepEqual([...(await store.list("/a"))].sort(), ["b", "c"]);
    await store.make("/a/d");
    assert.deepEqual(await store.list("/a/d"), []);
    await store.remove("/a");
    assert.equal(await store.read("/a/b"), null);
    await store.remove("/a");
    assert.deepEqual(await store.list("/a"), []);
  });

  await t.test("what cannot be is refused before it is sent", async () => {
    const invalid = (error: unknown) => error instanceof LibvirtError && error.code === 8;
    await assert.rejects(store.read("/a\0b"), invalid);
    await assert.rejects(store.read(`/${"x".repeat(3072)}`), invalid);
    await assert.rejects(store.read("/a b"), invalid);
    await assert.rejects(store.write("/a", "x".repeat(5000)), invalid);
    await assert.rejects(store.write("/a", "x\0y"), invalid);
    await assert.rejects(store.setPermissions("/a", []), invalid);
    assert.equal(await store.read("/a"), null);
  });

  await t.test("who may use a path", async () => {
    await store.write("/p", "1");
    await store.setPermissions("/p", ["n0", "r3", "b4"]);
    assert.deepEqual(await store.permissions("/p"), ["n0", "r3", "b4"]);
    await assert.rejects(store.permissions("/nosuch"), refused("ENOENT"));
  });

  await t.test("a folder that no message holds", async () => {
    const names = Array.from({ length: 600 }, (_, i) => `entry-${String(i).padStart(4, "0")}`);
    await Promise.all(names.map((each) => store.write(`/big/${each}`, "")));
    assert.deepEqual([...(await store.list("/big"))].sort(), names);
    await store.remove("/big");
  });

  await t.test("a transaction is whole, and is tried again when its ground has changed", async () => {
    await store.write("/t/count", "1");
    let tries = 0;
    await store.transaction(async (view) => {
      tries++;
      const count = Number(await view.read("/t/count"));
      if (tries === 1) await store.write("/t/count", "10");
      await view.write("/t/count", String(count + 1));
      assert.equal(await view.read("/t/count"), String(count + 1));
    });
    assert.equal(tries, 2);
    assert.equal(await store.read("/t/count"), "11");
    const failure = new Error("no");
    const failing = store.transaction(async (view) => {
      await view.write("/t/count", "0");
      throw failure;
    });
    await assert.rejects(failing, failure);
    assert.equal(await store.read("/t/count"), "11");
  });

  await t.test("a watch tells of itself, of what changes below, and of nothing after its end", async () => {
    const told = new Told();
    const end = await store.watch("/w", told.changed);
    await told.until((paths) => paths.length === 1);
    await store.write("/w/x", "1");
    await told.until((paths) => paths.includes("/w/x"));
    await end();
    const before = told.paths.length;
    await store.write("/w/y", "1");
    await store.read("/w/y");
    assert.equal(told.paths.length, before);
  });

  await t.test("domains that come and go are told of", async () => {
    const told = new Told();
    const ends = [
      await store.watch("@introduceDomain", told.changed),
      await store.watch("@releaseDomain", told.changed),
    ];
    const times = (sign: string, count: number) =>
      told.until((paths) => paths.filter((path) => path === sign).length >= count);
    await times("@introduceDomain", 1);
    await times("@releaseDomain", 1);
    await daemon.domain(5);
    await introduce(daemon.socket, 5);
    await times("@introduceDomain", 2);
    await daemon.noDomain(5);
    await daemon.tell();
    await times("@releaseDomain", 2);
    for (const end of ends) await end();
  });

  await t.test("the daemon ends: what is pending fails, watches are there again with the next one", async () => {
    const told = new Told();
    const end = await store.watch("/again", told.changed);
    await told.until((paths) => paths.length === 1);
    await daemon.stop();
    await assert.rejects(store.read("/x"), LibvirtError);
    await daemon.run();
    // The watch is registered again by itself, and says so, for something may have happened.
    await told.until((paths) => paths.length === 2);
    await store.write("/again/x", "1");
    await told.until((paths) => paths.includes("/again/x"));
    await end();
  });
}

/** What a tool stack does with a domain that it has made: the client itself makes none. */
async function introduce(socket: string, id: number): Promise<void> {
  const connection = new StoreConnection(await connectUnix(socket), { onEvent: () => {}, onEnd: () => {} });
  await connection.ask(MessageType.INTRODUCE, words(String(id), "1", "2"));
  connection.close();
}
