import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { parseFilters } from "./filters.ts";
import { Log } from "./log.ts";

async function logFile(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-log-"));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, "log");
}

/** What stands in a log, without the times. */
async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [, rest] = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: \d+: (.*)$/.exec(line) ?? assert.fail(line);
      return rest ?? "";
    });
}

test("a line is written when its level is wanted: by the filter of its category, or else by the log", async (context) => {
  const path = await logFile(context);
  const log = await Log.open({ level: 3, filters: "1:rpc 4:qemu", outputs: `1:file:${path}` });
  const [rpc, qemu, other] = ["rpc", "driver.qemu", "daemon"].map((name) => log.logger(name));
  rpc?.debug("one");
  qemu?.warning("not this");
  qemu?.error("two");
  other?.info(() => assert.fail("nobody wants to know"));
  other?.warning(() => "three\nand more");
  assert.equal(rpc?.wants("debug"), true);
  assert.equal(other?.wants("info"), false);
  log.setFilters("");
  rpc?.debug("not this either");
  log.level = 1;
  rpc?.debug("four");
  await log.close();
  assert.deepEqual(await linesOf(path), [
    "debug : rpc : one",
    "error : driver.qemu : two",
    "warning : daemon : three\\x0aand more",
    "debug : rpc : four",
  ]);
});

test("outputs have levels of their own, and can be changed while lines are written", async (context) => {
  const [all, errors] = [await logFile(context), await logFile(context)];
  const log = await Log.open({ level: 1, filters: "", outputs: `1:file:${all}` });
  const logger = log.logger("daemon");
  logger.info("one");
  await log.setOutputs(`1:file:${all} 4:file:${errors}`);
  assert.equal(log.outputs, `1:file:${all} 4:file:${errors}`);
  logger.info("two");
  logger.error("three");
  await assert.rejects(log.setOutputs(`1:file:${all} 1:file:/nowhere/at/all`), (error) => {
    return (
      isLibvirtError(error, "SYSTEM_ERROR") && /failed to open \/nowhere\/at\/all: No such file/.test(error.message)
    );
  });
  logger.error("four");
  await log.close();
  assert.deepEqual((await linesOf(all)).length, 4);
  assert.deepEqual(await linesOf(errors), ["error : daemon : three", "error : daemon : four"]);
});

test("a log that cannot be written fast enough loses lines, says so, and does not grow", async (context) => {
  const path = await logFile(context);
  const log = await Log.open({ level: 1, filters: "", outputs: `1:file:${path}` });
  const logger = log.logger("daemon");
  for (let line = 0; line < 20_000; line++) logger.info("x".repeat(100));
  await log.close();
  const text = await readFile(path, "utf8");
  assert.ok(text.length < 1.2 * 1024 * 1024);
  assert.match(text, /\(\d+ lines of the log were lost/);
});

test("filters and outputs are refused with libvirt's words", async () => {
  const log = new Log();
  const filters: [string, string][] = [
    ["foo", "Malformed format for filter 'foo'"],
    ["1:", "Invalid match string ''"],
    ["9:qemu", "Invalid priority '9' for filter '9:qemu'"],
  ];
  for (const [text, message] of filters) {
    assert.throws(() => log.setFilters(text), { message: `invalid argument: ${message}` });
  }
  log.setFilters("1:+qemu   2:a?b");
  assert.equal(log.filters, "1:*qemu* 2:*a?b* ");
  const outputs: [string, string][] = [
    ["foo", "Malformed format for log output 'foo'"],
    ["1:", "Invalid log destination '' for log output '1:'"],
    ["0:stderr", "Invalid log priority '0' for log output '0:stderr'"],
    ["1:bar:x", "Invalid log destination 'bar' for log output '1:bar:x'"],
    ["1:stderr:x", "Log output '1:stderr:x' does not meet the format requirements for destination type 'stderr'"],
    ["1:file", "Log output '1:file' does not meet the format requirements for destination type 'file'"],
  ];
  for (const [text, message] of outputs) {
    await assert.rejects(log.setOutputs(text), { message: `invalid argument: ${message}` });
  }
});

test("patterns of filters match as a shell's do", () => {
  const matches = (pattern: string, text: string) => parseFilters(`1:${pattern}`)[0]?.matches(text);
  assert.equal(matches("qemu", "driver.qemu.monitor"), true);
  assert.equal(matches("d*r", "daemon.server"), true);
  assert.equal(matches("a?c", "xabcx"), true);
  assert.equal(matches("a?c", "ac"), false);
  assert.equal(matches("*a*a*a*a*a*b", "a".repeat(5000)), false);
});
