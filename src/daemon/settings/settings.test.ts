import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { assertDocumented } from "../../../test/helpers/documents.ts";
import { isLibvirtError } from "../../errors.ts";
import { settingsDocument } from "./document.ts";
import { changesOf, parseSettings, readSettings } from "./read.ts";
import { isOwnSetting, settingsTable } from "./table.ts";

test("docs/tsvirtd-conf.md lists the settings that there are", () => {
  assertDocumented("docs/tsvirtd-conf.md", "settings", "src/daemon/settings/settings.test.ts", settingsDocument());
});

test("each name of libvirt's own file is known, with the value that stands there", async (t) => {
  let text: string;
  try {
    text = await readFile("/etc/libvirt/libvirtd.conf", "utf8");
  } catch {
    return t.skip("libvirt's libvirtd.conf is not installed");
  }
  // Settings stand there commented out, a name right after the sign. A UUID of zeros is no example.
  const lines = [...text.matchAll(/^#([a-z_]+ ?= ?["[\d].*)$/gm)].map(([, line = ""]) => line);
  const named = lines.map((line) => line.split(/ ?=/)[0] ?? "");
  assert.ok(named.length > 50, `only ${named.length} found`);
  const values = parseSettings(lines.filter((line) => !line.startsWith("host_uuid =")).join("\n"), "libvirtd.conf");
  assert.equal(values.unix_sock_ro_perms, 0o777);
  assert.deepEqual(values.tls_allowed_dn_list, ["DN1", "DN2"]);
  const missing = Object.keys(settingsTable).filter((name) => !named.includes(name) && !isOwnSetting(name));
  assert.deepEqual(missing, []);
});

test("what is wrong is told with file, line and reason", () => {
  const cases: [string, RegExp][] = [
    [
      "\nmax_client = 1",
      /^l\.conf:2: unknown setting 'max_client'; docs\/tsvirtd-conf\.md lists those that there are$/,
    ],
    ["unix-sock-dir = 1", /^l\.conf:1: unknown setting 'unix-sock-dir'; 'unix_sock_dir' is meant$/],
    ["# a\n\nmax_clients = '5'", /^l\.conf:3: 'max_clients' must be a number from 1 to 1000000$/],
    ['unix_sock_rw_perms = "0888"', /must be permissions in octal/],
    ["unix_sock_rw_perms = 770", /must be permissions in octal/],
    ['auth_unix_rw = "kerberos"', /must be one of "none", "sasl", "polkit"$/],
    ['auth_tcp = "polkit"', /must be one of "none", "sasl"$/],
    ['tcp_port = "70000"', /must be a port/],
    ["tcp_min_ssf = 10", /must be a number from 56/],
    ['unix_sock_dir = "run"', /must be an absolute path$/],
    ["max_clients = 10\nmax_anonymous_clients = 11", /^l\.conf:2: .*\(11\) is above 'max_clients' \(10\)$/],
    ['host_uuid = "00000000-0000-0000-0000-000000000000"', /must not have all digits the same$/],
    ['log_filters = "1:qemu x"', /^l\.conf:1: 'log_filters' is wrong: Malformed format for filter 'x'$/],
    ['log_outputs = "9:stderr"', /Invalid log priority '9' for log output '9:stderr'$/],
    ['\nlog_outputs = "3:journald:x"', /^l\.conf:2: 'log_outputs' is wrong: .*for destination type 'journald'/],
    // What has no use is checked all the same.
    ['max_workers = "many"', /'max_workers' must be a number/],
    ["max_clients", /^l\.conf:1: expecting an assignment$/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseSettings(text, "l.conf"),
      (error: Error) => {
        assert.ok(isLibvirtError(error, "CONF_SYNTAX"), `${text}: ${error.message}`);
        assert.match(error.message.replace(/^configuration file syntax error: /, ""), message);
        return true;
      },
    );
  }
});

test("few clients may be allowed without a word about those who have not logged in", () => {
  assert.equal(parseSettings("max_clients = 10", "l.conf").max_clients, 10);
});

test("a file that was named must be there, the usual one need not", async () => {
  assert.equal((await readSettings("/nowhere/l.conf", false)).max_clients, 5000);
  await assert.rejects(readSettings("/nowhere/l.conf", true), (error) => isLibvirtError(error, "OPEN_FAILED"));
});

test("what changes is told apart by whether it takes effect at once", () => {
  const before = parseSettings("", "l.conf");
  const after = parseSettings('max_clients = 7\nlisten_tcp = 1\nlog_filters = "1:qemu"', "l.conf");
  assert.deepEqual(changesOf(before, after), {
    reloaded: ["max_clients", "log_filters"],
    later: ["listen_tcp"],
  });
});
