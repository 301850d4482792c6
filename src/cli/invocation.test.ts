import assert from "node:assert/strict";
import { test } from "node:test";
import { type Invocation, parseInvocation } from "./invocation.ts";

function shell(...argv: string[]): Extract<Invocation, { kind: "shell" }> {
  const invocation = parseInvocation(argv);
  assert.equal(invocation.kind, "shell");
  return invocation as Extract<Invocation, { kind: "shell" }>;
}

test("options end at the first word that is none", () => {
  const { settings, words } = shell("-qr", "-ctest:///default", "--timing", "list", "-c", "x");
  assert.equal(settings.uri, "test:///default");
  assert.deepEqual([settings.quiet, settings.readonly, settings.timing], [true, true, true]);
  assert.deepEqual(words, ["list", "-c", "x"]);
  assert.deepEqual(shell("--", "-q").words, ["-q"]);
});

test("long options may be shortened while they are unique", () => {
  assert.equal(shell("--conn=a").settings.uri, "a");
  assert.equal(shell("--keepalive-c", "3").settings.keepaliveCount, 3);
  assert.throws(() => parseInvocation(["--keep=3"]), { message: "unsupported option '--keep=3'. See --help." });
});

test("help and version answer at once", () => {
  assert.deepEqual(parseInvocation(["-q", "-h", "--bogus"]), { kind: "help" });
  assert.deepEqual(parseInvocation(["-v"]), { kind: "version", long: false });
  assert.deepEqual(parseInvocation(["-V"]), { kind: "version", long: true });
  assert.deepEqual(parseInvocation(["--version=long"]), { kind: "version", long: true });
  assert.deepEqual(parseInvocation(["--version", "long"]), { kind: "version", long: false });
});

test("the escape character is one printable character or a control character in hat notation", () => {
  assert.equal(shell().settings.escape, 0x1d);
  assert.equal(shell("-e", "^]").settings.escape, 0x1d);
  assert.equal(shell("-e", "^a").settings.escape, 1);
  assert.equal(shell("-e", "x").settings.escape, 0x78);
  for (const bad of ["", "ab", "^", "^1", "^`", "é"]) {
    assert.throws(() => parseInvocation(["-e", bad]), { message: `Invalid string '${bad}' for escape sequence` });
  }
});

test("a debug level out of range is remarked on and ignored", () => {
  const { settings, remarks } = shell("-d", "7");
  assert.equal(settings.debug, 4);
  assert.deepEqual(remarks, ["ignoring debug level 7 out of range [0-4]"]);
});

test("the environment sets what no option does", () => {
  const { settings } = parseInvocation([], { VIRSH_DEBUG: "2", VIRSH_LOG_FILE: "/x" }) as ReturnType<typeof shell>;
  assert.deepEqual([settings.debug, settings.logFile], [2, "/x"]);
});
