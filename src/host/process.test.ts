import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isRunning, parseStat, processId } from "./proc.ts";
import { endProcess, signalProcess, startDaemon } from "./process.ts";

const folder = await mkdtemp(join(tmpdir(), "tsvirt-process-"));
after(() => rm(folder, { recursive: true }));
const log = join(folder, "log");
const start = (command: string, ...args: string[]) =>
  startDaemon({ command, args, env: { PATH: "/usr/bin:/bin" }, log, domain: "QEMU" });

test("a daemon runs in a session of its own and its words go to its log", async () => {
  await writeFile(log, "from an earlier run\n");
  const daemon = await start("sh", "-c", "echo hello >&2; read -r stat < /proc/$$/stat; echo $stat");
  assert.deepEqual(await daemon.join(), { code: 0, signal: null });
  assert.match(await readFile(log, "utf8"), /^from an earlier run\nhello\n/);
  assert.equal((await daemon.logTail()).split("\n")[0], "hello");
  const [, , , session] = parseStat((await daemon.logTail()).split("\n")[1] ?? "");
  assert.equal(Number(session), daemon.id.pid);
});

test("what cannot be executed is an error that names it", async () => {
  await assert.rejects(start("/no/such/emulator"), /cannot execute '\/no\/such\/emulator': No such file or directory/);
});

test("a process is ended, gently first", async () => {
  const gentle = await start("sleep", "60");
  await endProcess(gentle.id, gentle.join(), 5000);
  assert.deepEqual(await gentle.ended, { code: null, signal: "SIGTERM" });

  const stubborn = await start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
  while (!(await stubborn.logTail()).includes("ready")) await new Promise(setImmediate);
  await endProcess(stubborn.id, stubborn.join(), 50);
  assert.deepEqual(await stubborn.ended, { code: null, signal: "SIGKILL" });
});

test("a process number that was given away is never signalled", async () => {
  const daemon = await start("sleep", "60");
  const stranger = { pid: daemon.id.pid, startTime: daemon.id.startTime - 1n };
  assert.equal(await isRunning(stranger), false);
  assert.equal(await signalProcess(stranger, "SIGKILL"), false);
  assert.equal(await isRunning(daemon.id), true);
  await endProcess(daemon.id, daemon.join(), 5000);
  await daemon.ended;
  assert.equal(await processId(daemon.id.pid), null);
});

test("a command's name may hold anything", () => {
  assert.deepEqual(parseStat("12 (a) S 1 2) R 1 12 12"), ["R", "1", "12", "12"]);
});
