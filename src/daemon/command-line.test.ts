import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine, usage } from "./command-line.ts";
import { pathsOf } from "./paths.ts";

const nothing = {
  verbose: false,
  background: false,
  listen: false,
  timeout: null,
  config: null,
  pidFile: null,
  root: null,
};

test("options are libvirtd's, short and long, joined, cut short, and with their arguments attached or not", () => {
  const cases: [string[], Partial<Record<keyof typeof nothing, unknown>>][] = [
    [[], {}],
    [["-d", "-l", "-v"], { background: true, listen: true, verbose: true }],
    [["-dlv"], { background: true, listen: true, verbose: true }],
    [["--daemon", "--listen", "--verbose"], { background: true, listen: true, verbose: true }],
    [["-f", "/a", "-p/b", "-t", "30"], { config: "/a", pidFile: "/b", timeout: 30 }],
    [["--config=/a", "--pid-file", "/b", "--timeout=30"], { config: "/a", pidFile: "/b", timeout: 30 }],
    [["--conf", "/a", "--root=/r"], { config: "/a", root: "/r" }],
  ];
  for (const [argv, options] of cases) {
    assert.deepEqual(parseCommandLine(argv), { kind: "run", run: { ...nothing, ...options } }, argv.join(" "));
  }
  assert.deepEqual(parseCommandLine(["-V"]), { kind: "version" });
  assert.deepEqual(parseCommandLine(["-v", "--help"]), { kind: "help" });
});

test("what is wrong with a command line is said", () => {
  const cases: [string[], RegExp][] = [
    [["--foo"], /Unknown option '--foo'/],
    [["-x"], /Unknown option '-x'/],
    [["extra"], /^unexpected, non-option, command line arguments$/],
    [["-t", "soon"], /^Invalid value for timeout: 'soon'/],
    [["-t", "0"], /^Invalid value for timeout/],
    [["-f"], /argument missing/],
    [["--ver"], /^option '--ver' is ambiguous: --verbose, --version$/],
  ];
  for (const [argv, message] of cases) assert.throws(() => parseCommandLine(argv), { message });
});

test("files are in the system's places for root, in the user's own for others, or below one folder", () => {
  assert.equal(pathsOf({ isRoot: true, env: {} }).sockets, "/var/run/libvirt");
  const env = { HOME: "/home/me", XDG_RUNTIME_DIR: "/run/user/7" };
  assert.equal(pathsOf({ isRoot: false, env }).sockets, "/run/user/7/libvirt");
  assert.equal(pathsOf({ isRoot: false, env: { HOME: "/home/me" } }).sockets, "/home/me/.cache/libvirt");
  assert.equal(pathsOf({ isRoot: false, env }).config, "/home/me/.config/libvirt/libvirtd.conf");
  for (const path of Object.values(pathsOf({ root: "/r", isRoot: true }))) assert.match(path ?? "", /^\/r/);
});

test("the help names every option and the places of files", () => {
  const text = usage(pathsOf({ isRoot: true, env: {} }));
  for (const line of [
    "  -t | --timeout <secs>  Exit after timeout period",
    "       --root <dir>",
    "/run/tsvirtd.pid",
  ]) {
    assert.ok(text.includes(line), `${line} in ${text}`);
  }
});
