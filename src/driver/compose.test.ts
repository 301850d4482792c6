import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { type SecondaryModule, standAlone, withSecondaries } from "./compose.ts";
import type { DriverModule } from "./module.ts";
import { Session } from "./session.ts";
import { parseConnectionUri } from "./uri.ts";

const happened: string[] = [];

function secondary(name: string, driver: Awaited<ReturnType<SecondaryModule["open"]>>["driver"]): SecondaryModule {
  return {
    name,
    open({ call }) {
      happened.push(`${name} opens`);
      return {
        driver,
        async close() {
          await call("connectNumOfSecrets", {});
          happened.push(`${name} closes`);
        },
      };
    },
  };
}

const hypervisor: DriverModule = {
  name: "demo",
  accepts: () => true,
  open(session, { peers }) {
    happened.push("hypervisor opens");
    session.onClose(() => void happened.push("hypervisor closes"));
    return {
      connectGetHostname: () => ({ hostname: "the hypervisor's" }),
      connectNumOfDomains: async () => (await peers?.("connectNumOfSecrets", {})) ?? { num: -1 },
    };
  },
};

async function connection(module: DriverModule, root: string) {
  const uri = parseConnectionUri(`demo:///embed?root=${root}`);
  const session = new Session({ uri, readOnly: false, sink: () => {} });
  session.call = () => assert.fail();
  try {
    return { session, driver: await module.open(session, {}) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function temporaryRoot(context: { after(fn: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-compose-"));
  context.after(() => rm(folder, { recursive: true }));
  happened.length = 0;
  return folder;
}

test("connections share the drivers beside the hypervisor, which open before it and close after it", async (context) => {
  const root = await temporaryRoot(context);
  const module = withSecondaries(hypervisor, async () => [
    secondary("secret", { connectNumOfSecrets: () => ({ num: 7 }), connectGetHostname: () => ({ hostname: "no" }) }),
    secondary("network", { connectNumOfNetworks: () => ({ num: 3 }) }),
  ]);
  const [one, two] = await Promise.all([connection(module, root), connection(module, root)]);
  assert.deepEqual(happened, ["secret opens", "network opens", "hypervisor opens", "hypervisor opens"]);
  assert.equal(one.driver.connectNumOfNetworks, two.driver.connectNumOfNetworks);
  const context_ = { session: one.session, signal: new AbortController().signal };
  assert.deepEqual(await one.driver.connectGetHostname?.({}, context_), { hostname: "the hypervisor's" });
  assert.deepEqual(await one.driver.connectNumOfDomains?.({}, context_), { num: 7 });
  await one.session.close();
  assert.deepEqual(await readdir(root), ["owner.lock"]);
  happened.length = 0;
  await two.session.close();
  assert.deepEqual(happened, ["hypervisor closes", "network closes", "secret closes"]);
  assert.deepEqual(await readdir(root), []);
});

test("a driver that cannot be opened leaves nothing open", async (context) => {
  const root = await temporaryRoot(context);
  const broken: SecondaryModule = {
    name: "broken",
    open: () => Promise.reject(new Error("no room")),
  };
  const secret = secondary("secret", { connectNumOfSecrets: () => ({ num: 0 }) });
  await assert.rejects(
    connection(
      withSecondaries(hypervisor, async () => [secret, broken]),
      root,
    ),
    /no room/,
  );
  assert.deepEqual(happened, ["secret opens", "secret closes"]);
  assert.deepEqual(await readdir(root), []);
});

test("without others beside it, a hypervisor's calls to them are not supported", async (context) => {
  const root = await temporaryRoot(context);
  const { driver, session } = await connection(
    withSecondaries(hypervisor, async () => []),
    root,
  );
  const call = async () => driver.connectNumOfDomains?.({}, { session, signal: new AbortController().signal });
  await assert.rejects(call, (error) => isLibvirtError(error, "NO_SUPPORT"));
  await session.close();
});

test("a driver beside the hypervisor answers URIs of its own alone, from the same root", async (context) => {
  const root = await temporaryRoot(context);
  const load = async () => [
    secondary("secret", { connectNumOfSecrets: () => ({ num: 7 }) }),
    secondary("network", { connectNumOfNetworks: () => ({ num: 3 }) }),
  ];
  const module = standAlone("network", load);
  const uri = (text: string) => parseConnectionUri(text);
  assert.ok(module.accepts(uri(`network:///embed?root=${root}`)));
  assert.ok(module.accepts(uri("network:///system"), { local: true }));
  for (const other of ["network:///system", "secret:///embed?root=/x", "network://host/embed"]) {
    assert.ok(!module.accepts(uri(other)), other);
  }
  const [whole, alone] = await Promise.all([
    connection(withSecondaries(hypervisor, load), root),
    connection(module, root),
  ]);
  assert.equal(alone.driver.connectNumOfNetworks, whole.driver.connectNumOfNetworks);
  assert.equal(alone.driver.connectNumOfSecrets, undefined);
  assert.equal(typeof alone.driver.connectGetUri, "function");
  await Promise.all([whole.session.close(), alone.session.close()]);
  assert.deepEqual(await readdir(root), []);
});
