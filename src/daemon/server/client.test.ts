import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { LibvirtError } from "../../errors.ts";
import { AuthType, remoteProgram } from "../../protocol/index.ts";
import { RpcClient } from "../../rpc/index.ts";
import { transportPair } from "../../rpc/memory-transport.ts";
import { everybodyMay } from "../access/access-control.ts";
import type { Authentication } from "../auth/authenticator.ts";
import type { Logger } from "../log/log.ts";
import { Client } from "./client.ts";

const minute = 60_000;
const silent: Logger = { debug() {}, info() {}, warning() {}, error() {}, wants: () => false };

/** A client of a clock that the test moves, which has to log in by a way that waits for the test. */
function connected(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [ours, theirs] = transportPair();
  const answers: ((error?: Error) => void)[] = [];
  const state = { done: false };
  const authentication: Authentication = {
    types: [AuthType.POLKIT],
    get done() {
      return state.done;
    },
    identity: {},
    handlers: {
      authPolkit: () =>
        new Promise((resolve, reject) => {
          answers.push((error) => (error ? reject(error) : resolve({ complete: 1 })));
        }),
    },
    close() {},
  };
  const client = new Client(
    1n,
    { kind: "unix", socket: {} as Socket, address: "a unix socket", peer: null },
    theirs,
    authentication,
    {
      service: { name: "libvirtd", programs: [remoteProgram] },
      limits: { maxClients: 1, maxAnonymous: 1, maxQueued: 1, maxRequests: 5, keepalive: { interval: -1, count: 0 } },
      uris: { isSystem: true, root: null },
      access: everybodyMay,
      log: silent,
      onChange() {},
    },
  );
  theirs.resume();
  const far = new RpcClient(ours, { onEvent() {} });
  t.after(() => far.close());
  return { client, far, answers, state, tick: (time: number) => t.mock.timers.tick(time) };
}

test("who does not begin to log in within a minute is dropped", async (t) => {
  const { client, far, tick } = connected(t);
  assert.deepEqual((await far.call("authList", {})).types, [AuthType.POLKIT]);
  tick(minute - 1);
  assert.equal(client.isGone, false);
  tick(1);
  assert.equal(client.isGone, true);
  await client.ended;
});

test("while others look whether a client may come in, its time stands still; a failure begins it anew", async (t) => {
  const { client, far, answers, tick } = connected(t);
  tick(minute - 1);
  const login = far.call("authPolkit", {});
  while (answers.length === 0) await new Promise(setImmediate);
  tick(10 * minute);
  assert.equal(client.isGone, false);
  answers[0]?.(new LibvirtError("AUTH_FAILED", "RPC", "not you"));
  await assert.rejects(login, /not you/);
  tick(minute - 1);
  assert.equal(client.isGone, false);
  tick(1);
  assert.equal(client.isGone, true);
});

test("who is in stays", async (t) => {
  const { client, far, answers, state, tick } = connected(t);
  const login = far.call("authPolkit", {});
  while (answers.length === 0) await new Promise(setImmediate);
  state.done = true;
  answers[0]?.();
  await login;
  tick(10 * minute);
  assert.equal(client.isGone, false);
  client.close();
  await client.ended;
});
