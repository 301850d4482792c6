import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError, LibvirtError } from "../errors.ts";
import { remoteProgram } from "../protocol/index.ts";
import { RpcClient } from "./client.ts";
import { transportPair } from "./memory-transport.ts";
import { type IncomingCall, RpcServerPeer } from "./server.ts";

const uuid = new Uint8Array(16).fill(7);

function connected(dispatch: (call: IncomingCall) => unknown) {
  const [near, far] = transportPair();
  const events: unknown[] = [];
  const closed: unknown[] = [];
  const server = new RpcServerPeer(far, {
    programs: [remoteProgram],
    dispatch,
    limits: { maxRequests: 5 },
    onClose: (reason) => closed.push(reason),
  });
  const client = new RpcClient(near, { onEvent: (name, message) => events.push([name, message]) });
  return { client, server, events, closed };
}

test("a call brings its result, an error its fields", async () => {
  const { client } = connected(({ procedure, args }) => {
    assert.equal(procedure.name, "domainLookupByName");
    const { name } = args as { name: string };
    if (name === "none") throw new LibvirtError("NO_DOMAIN", "QEMU", "no domain", { int1: 5 });
    return { dom: { name, uuid, id: 3 } };
  });
  assert.deepEqual(await client.call("domainLookupByName", { name: "x" }), { dom: { name: "x", uuid, id: 3 } });
  await assert.rejects(client.call("domainLookupByName", { name: "none" }), (error) => {
    return isLibvirtError(error, "NO_DOMAIN") && error.message === "Domain not found: no domain" && error.int1 === 5;
  });
  await client.close();
});

test("answers find their calls in any order", async () => {
  const waiting: ((value: unknown) => void)[] = [];
  const { client } = connected(() => new Promise((resolve) => waiting.push(resolve)));
  const calls = [1, 2, 3].map(() => client.call("connectGetHostname", {}));
  await new Promise(setImmediate);
  waiting.reverse().forEach((resolve, index) => {
    resolve({ hostname: `h${index}` });
  });
  assert.deepEqual(
    (await Promise.all(calls)).map(({ hostname }) => hostname),
    ["h2", "h1", "h0"],
  );
  await client.close();
});

test("when the connection goes every pending call is rejected at once", async () => {
  const { client, server, closed } = connected(() => new Promise(() => {}));
  const calls = [1, 2].map(() => client.call("connectGetHostname", {}));
  await new Promise(setImmediate);
  server.close();
  for (const call of calls) {
    await assert.rejects(call, {
      code: 38,
      domain: 7,
      message: "End of file while reading data: Input/output error",
    });
  }
  await assert.rejects(client.call("connectGetHostname", {}), {
    code: 1,
    message: "internal error: client socket is closed",
  });
  assert.equal(closed.length, 1);
});
