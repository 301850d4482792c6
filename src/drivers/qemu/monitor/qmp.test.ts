import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { Duplex, PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu, startQemu } from "../../../../test/helpers/qemu.ts";
import { connectUnix } from "../../../host/unix.ts";
import { failedWith, qmpError } from "./errors.ts";
import { type QmpEvent, QmpMonitor } from "./qmp.ts";
import { boolean, fields, nothing, string } from "./shape.ts";
import { MONITOR_CHANNEL, type MonitorMessage } from "./transcript.ts";

const skip = skipWithoutQemu;
const status = fields({ status: string, running: boolean });
const GREETING = '{"QMP":{"version":{"qemu":{"micro":0,"minor":2,"major":7},"package":""},"capabilities":["oob"]}}\n';

test("a real QEMU greets, answers, tells events", { skip }, async (t) => {
  const events: QmpEvent[] = [];
  const { monitor } = await startQemu(t, [], { onEvent: (event) => events.push(event) });
  assert.deepEqual(await monitor.ask("query-status", status), { status: "prelaunch", running: false });
  await monitor.ask("cont", nothing);
  await monitor.ask("stop", nothing);
  assert.deepEqual(
    events.map((event) => event.name),
    ["RESUME", "STOP"],
  );
  assert.ok(Math.abs((events[0]?.seconds ?? 0) * 1000 - Date.now()) < 60_000);
  assert.ok((events[0]?.micros ?? -1) >= 0);
});

test("many commands in flight each get their own answer", { skip }, async (t) => {
  const { monitor } = await startQemu(t);
  const paths = ["/machine", "/objects", "/chardevs", "/machine/peripheral"];
  const calls = Array.from({ length: 200 }, (_, i) =>
    monitor.ask("qom-get", string, { path: paths[i % 4] ?? "", property: "type" }),
  );
  const answers = await Promise.all(calls);
  assert.deepEqual(answers.slice(0, 4), answers.slice(196));
  assert.equal(answers[0], "pc-i440fx-7.2-machine".replace("7.2", answers[0]?.match(/\d+\.\d+/)?.[0] ?? ""));
  assert.equal(answers[1], "container");
});

test("what QEMU refuses is an internal error with QEMU's words, and the monitor lives on", { skip }, async (t) => {
  const { monitor } = await startQemu(t);
  await assert.rejects(monitor.ask("no-such-command", nothing), (error: unknown) => {
    assert.ok(failedWith(error, "CommandNotFound"));
    assert.equal(
      (error as Error).message,
      "internal error: unable to execute QEMU command 'no-such-command': The command no-such-command has not been found",
    );
    return true;
  });
  await assert.rejects(monitor.ask("device_del", nothing, { id: "none" }), (error: unknown) =>
    failedWith(error, "DeviceNotFound"),
  );
  await assert.rejects(monitor.ask("query-status", string), /malformed answer to QEMU command 'query-status'/);
  assert.equal((await monitor.ask("query-status", status)).running, false);
});

test("a call that nobody waits for any more does not disturb the next", { skip }, async (t) => {
  const { monitor } = await startQemu(t);
  const signal = AbortSignal.abort(new Error("not needed"));
  await assert.rejects(monitor.ask("query-status", status, {}, { signal }), /operation aborted/);
  const stop = new AbortController();
  const call = monitor.ask("query-qmp-schema", nothing, {}, { signal: stop.signal });
  stop.abort();
  await assert.rejects(call, /operation aborted: no longer waiting for answer to QEMU command 'query-qmp-schema'/);
  assert.equal((await monitor.ask("query-status", status)).running, false);
});

test("a killed QEMU fails all calls in flight at once", { skip }, async (t) => {
  const { monitor, child, exited } = await startQemu(t);
  child.kill("SIGSTOP");
  const calls = [monitor.ask("query-status", nothing), monitor.waitFor(() => true, "any event")];
  child.kill("SIGKILL");
  for (const result of await Promise.allSettled(calls)) {
    assert.match(String((result as PromiseRejectedResult).reason), /internal error: End of file from qemu monitor/);
  }
  await exited;
  assert.equal(monitor.isOpen, false);
  assert.match((await monitor.closed).message, /End of file/);
  await assert.rejects(monitor.ask("query-status", nothing), /End of file/);
});

test("a stopped QEMU lets calls time out", { skip }, async (t) => {
  const { monitor, child } = await startQemu(t);
  child.kill("SIGSTOP");
  const late = monitor.ask("query-status", nothing, {}, { timeout: 30 });
  await assert.rejects(late, /no answer to QEMU command 'query-status' within 30 ms/);
  child.kill("SIGCONT");
  assert.equal((await monitor.ask("query-status", status)).running, false);
});

test("the next program opens the same monitor", { skip }, async (t) => {
  const { monitor, path } = await startQemu(t);
  await monitor.ask("cont", nothing);
  monitor.close();
  const next = await QmpMonitor.over(await connectUnix(path));
  t.after(() => next.close());
  assert.equal((await next.ask("query-status", status)).status, "running");
});

test("messages are traced, secrets are not", { skip }, async (t) => {
  const heard: MonitorMessage[] = [];
  const listener = (message: unknown) => heard.push(message as MonitorMessage);
  subscribe(MONITOR_CHANNEL, listener);
  t.after(() => unsubscribe(MONITOR_CHANNEL, listener));
  const { monitor } = await startQemu(t, [], { label: "guest" });
  await monitor.ask("object-add", nothing, { "qom-type": "secret", id: "s", data: "TOPSECRET" });
  const all = [...heard.map((m) => m.text), ...monitor.transcript.lines()].join("\n");
  assert.match(all, /"execute":"object-add".*"data":"<secret>"/);
  assert.doesNotMatch(all, /TOPSECRET/);
  assert.ok(heard.every((m) => m.label === "guest"));
});

/** The other end of a monitor, played by the test. */
function fakeQemu(t: TestContext) {
  const toMonitor = new PassThrough();
  const fromMonitor = new PassThrough();
  const stream = Duplex.from({ readable: toMonitor, writable: fromMonitor });
  t.after(() => stream.destroy());
  return { stream, say: (text: string | Buffer) => toMonitor.write(text), heard: fromMonitor };
}

async function openFake(t: TestContext, options = {}) {
  const fake = fakeQemu(t);
  const opening = QmpMonitor.over(fake.stream, options);
  fake.say(GREETING);
  await once(fake.heard, "readable");
  const { execute, id } = JSON.parse(String(fake.heard.read()));
  assert.equal(execute, "qmp_capabilities");
  fake.say(`{"return":{},"id":${id}}\n`);
  return { ...fake, monitor: await opening, firstId: id as number };
}

test("a peer that breaks the protocol is cut off", async (t) => {
  const breaches = ["no json\n", "[]\n", '{"return":{}}\n', '{"error":{"class":"GenericError"}}\n', "[".repeat(5000)];
  for (const breach of breaches) {
    const { monitor, say } = await openFake(t);
    const call = monitor.ask("query-status", nothing);
    say(breach.endsWith("\n") ? breach : `${breach}\n`);
    await assert.rejects(call, /internal error: the qemu monitor broke the protocol/, breach);
  }
});

test("a peer that never greets is given up", async (t) => {
  await assert.rejects(QmpMonitor.over(fakeQemu(t).stream, { timeout: 20 }), /no greeting from the qemu monitor/);
});

test("an answer too late for its call is dropped", async (t) => {
  const { monitor, say, heard, firstId } = await openFake(t);
  await assert.rejects(monitor.ask("slow", nothing, {}, { timeout: 10 }), /Timed out/);
  const next = monitor.ask("fast", string);
  say(`{"return":"late","id":${firstId + 1}}\n{"return":"mine","id":${firstId + 2}}\n`);
  assert.equal(await next, "mine");
  assert.match(String(heard.read()), /"execute":"slow"/);
});

test("what another program had asked before it was killed is answered to nobody", async (t) => {
  const { monitor, say, firstId } = await openFake(t);
  const call = monitor.ask("fast", string);
  say(
    `{"return":"another's","id":${firstId - 1}}\n{"error":{"class":"GenericError","desc":"no"},"id":${firstId + 2}}\n`,
  );
  say(`{"return":"mine","id":${firstId + 1}}\n`);
  assert.equal(await call, "mine");
  assert.equal(monitor.isOpen, true);
});

test("a listener that throws is reported and hurts nobody else", async (t) => {
  const { monitor, say } = await openFake(t, {
    onEvent: () => {
      throw new Error("listener's mistake");
    },
  });
  const uncaught = once(process, "uncaughtException");
  const original = process.listeners("uncaughtException").slice(0, -1);
  for (const listener of original) process.off("uncaughtException", listener);
  t.after(() => original.forEach((listener) => void process.on("uncaughtException", listener)));
  const event = monitor.waitFor((e) => e.name === "X", "X");
  say('{"event":"X","timestamp":{"seconds":1,"microseconds":2},"data":{"n":18446744073709551615}}\n');
  assert.deepEqual(await event, { name: "X", seconds: 1, micros: 2, data: { n: 18446744073709551615n } });
  assert.match(String((await uncaught)[0]), /listener's mistake/);
  assert.equal(qmpError(new Error("no")), undefined);
});
