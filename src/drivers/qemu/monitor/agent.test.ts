import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Duplex, PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../../../test/helpers/qemu.ts";
import { ErrorNumber, isLibvirtError } from "../../../errors.ts";
import { connectUnix } from "../../../host/unix.ts";
import { GuestAgent } from "./agent.ts";
import { failedWith } from "./errors.ts";
import { fields, nothing, string } from "./shape.ts";

const skip = spawnSync("qemu-ga", ["--version"]).status === 0 ? false : "qemu-ga is not installed";

/** A real agent, which here runs on the host. */
async function startAgent(t: TestContext) {
  const folder = await temporaryFolder(t);
  const path = join(folder, "agent.sock");
  const args = ["-m", "unix-listen", "-p", path, "-t", folder, "-f", join(folder, "pid")];
  const child = spawn("qemu-ga", [...args, "-l", join(folder, "log"), "-b", "guest-file-open"], { stdio: "ignore" });
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  while (true) {
    const socket = await connectUnix(path).catch(() => null);
    if (socket !== null) return { child, socket };
    await new Promise(setImmediate);
  }
}

const isUnresponsive = (error: unknown) => isLibvirtError(error) && error.code === ErrorNumber.AGENT_UNRESPONSIVE;

test("a real agent answers, refuses, and goes", { skip, timeout: 180_000 }, async (t) => {
  const { child, socket } = await startAgent(t);
  const agent = new GuestAgent(socket, { label: "host" });
  t.after(() => agent.close());
  const [, info, host] = await Promise.all([
    agent.ask("guest-ping", nothing),
    agent.ask("guest-info", fields({ version: string })),
    agent.ask("guest-get-host-name", fields({ "host-name": string })),
  ]);
  assert.match(info.version, /^\d+\.\d+/);
  assert.equal(host["host-name"], (await import("node:os")).hostname());
  await assert.rejects(agent.ask("guest-file-open", nothing, { path: "/x" }), /has been disabled|disabled/);
  await assert.rejects(agent.ask("guest-nonsense", nothing), (error: unknown) => failedWith(error, "CommandNotFound"));
  await assert.rejects(agent.ask("guest-info", string), /malformed answer to guest agent command 'guest-info'/);
  child.kill("SIGKILL");
  assert.match((await agent.closed).message, /Guest agent is not responding: the guest agent's channel/);
  await assert.rejects(agent.ask("guest-ping", nothing), isUnresponsive);
});

/** The guest's end of a channel, played by the test. */
function fakeAgent(t: TestContext, syncTimeout = 1000) {
  const toHost = new PassThrough();
  const fromHost = new PassThrough();
  const agent = new GuestAgent(Duplex.from({ readable: toHost, writable: fromHost }), { syncTimeout });
  t.after(() => agent.close());
  /** The next command of the host, without the sentinel. */
  const heard = async () => {
    for (;;) {
      const text = String(fromHost.read() ?? "");
      const line = /\{.*\}/.exec(text)?.[0];
      if (line !== undefined) return JSON.parse(line) as { execute: string; arguments?: { id: number } };
      await once(fromHost, "readable");
    }
  };
  const say = (value: unknown) => toHost.write(`${JSON.stringify(value)}\n`);
  const sync = async () => say({ return: (await heard()).arguments?.id });
  return { agent, heard, say, sync, raw: (bytes: Buffer) => toHost.write(bytes) };
}

test("what is left over from earlier is not taken for an answer", async (t) => {
  const { agent, heard, say, raw } = fakeAgent(t);
  const answer = agent.ask("guest-get-host-name", fields({ "host-name": string }));
  const { id } = (await heard()).arguments ?? {};
  say({ return: { "host-name": "from an earlier command" } });
  say({ error: { class: "GenericError", desc: "JSON parse error" } });
  raw(Buffer.concat([Buffer.from('{"return": {"host-na'), Buffer.of(0xff), Buffer.from(`{"return": ${id}}\n`)]));
  assert.equal((await heard()).execute, "guest-get-host-name");
  say({ return: { "host-name": "ours" } });
  assert.equal((await answer)["host-name"], "ours");
});

test("an agent that is not there, or too slow, is error 86", async (t) => {
  const { agent, sync, heard, say } = fakeAgent(t, 30);
  await assert.rejects(agent.ask("guest-ping", nothing), (error: unknown) => {
    assert.ok(isUnresponsive(error));
    assert.match((error as Error).message, /within 30 ms; does qemu-guest-agent run in the guest\?/);
    return true;
  });
  await heard();
  const slow = agent.ask("guest-fsfreeze-freeze", nothing, {}, { timeout: 20 });
  await sync();
  await assert.rejects(slow, isUnresponsive);
  await heard();
  // The late answer does not become that of the next command.
  const next = agent.ask("guest-get-host-name", fields({ "host-name": string }));
  say({ return: 3 });
  await sync();
  await heard();
  say({ return: { "host-name": "h" } });
  assert.equal((await next)["host-name"], "h");
});

test("a command that only failure answers", async (t) => {
  const { agent, sync, heard, say } = fakeAgent(t);
  const refused = agent.executeSilent("guest-shutdown", { mode: "powerdown" }, new Promise(() => {}));
  await sync();
  await heard();
  say({ error: { class: "GenericError", desc: "not now" } });
  await assert.rejects(refused, /unable to execute QEMU agent command 'guest-shutdown': not now/);

  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const granted = agent.executeSilent("guest-shutdown", undefined, done);
  await sync();
  await heard();
  finish();
  await granted;
});

test("a caller may give up, a channel may close", async (t) => {
  const { agent } = fakeAgent(t);
  const stop = new AbortController();
  const given = agent.ask("guest-ping", nothing, {}, { signal: stop.signal });
  const waiting = agent.ask("guest-ping", nothing);
  setImmediate(() => stop.abort());
  await assert.rejects(given, /operation aborted/);
  setImmediate(() => agent.close());
  await assert.rejects(waiting, isUnresponsive);
});
