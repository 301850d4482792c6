import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";

const journald = "/lib/systemd/systemd-journald";

/** A journal of its own, in a /run of its own, and what it has noted down at the end of a program. */
const script = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal
echo 0123456789abcdef0123456789abcdef >/run/machine-id
[ ! -e /etc/machine-id ] || mount --bind /run/machine-id /etc/machine-id
${journald} 2>/dev/null &
journal=$!
"$@"
journalctl --sync 2>/dev/null || true
journalctl --directory=/run/log/journal --output=json --identifier=tsvirtd
kill $journal
wait $journal || true
`;

const program = (log: string) => `
import { existsSync, watch } from "node:fs";
import { Log } from "${log}";
const there = () => existsSync("/run/systemd/journal/stdout");
await new Promise((resolve) => {
  const watcher = watch("/run/systemd/journal", look);
  function look() {
    if (there()) resolve(watcher.close());
  }
  look();
});
const log = await Log.open({ level: 1, filters: "", outputs: "2:journald" });
log.logger("rpc").debug("not this");
log.logger("rpc").warning("one");
log.logger("daemon").error("two\\nlines");
for (let count = 0; count < 1000; count++) log.logger("daemon").info("many");
await log.close();
`;

function without(): string | false {
  if (process.getuid?.() !== 0) return "a journal of its own needs root";
  return existsSync(journald) && existsSync("/usr/bin/journalctl") ? false : "not installed: systemd's journal";
}

test("a real journal takes lines with their severity", { skip: without() }, async () => {
  const url = new URL("./log.js", import.meta.url).href;
  const words = ["--mount", "sh", "-c", script, "sh", process.execPath, "--input-type=module", "-e", program(url)];
  const { stdout } = await promisify(execFile)("unshare", words, { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 });
  const entries = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly PRIORITY: string; readonly MESSAGE: string });
  const said = entries.map(({ PRIORITY, MESSAGE }) => `${PRIORITY} ${MESSAGE.replace(/^\d+: /, "")}`);
  assert.deepEqual(said.slice(0, 2), ["4 warning : rpc : one", "3 error : daemon : two\\x0alines"]);
  assert.deepEqual([...new Set(said.slice(2))], ["6 info : daemon : many"]);
  assert.equal(said.length, 1002);
});
