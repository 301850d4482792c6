import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assertDocumented } from "../../../../test/helpers/documents.ts";
import { temporaryFolder } from "../../../../test/helpers/qemu.ts";
import { isLibvirtError } from "../../../errors.ts";
import { settingsDocument } from "./document.ts";
import { launchSettings, readSettings, type SettingsHost } from "./index.ts";
import { parseSettings } from "./read.ts";
import { settingsTable } from "./table.ts";

const host: SettingsHost = { memoryBackingFolder: "/ram", hugepageMounts: [], hasFolder: () => false };

const launchOf = (text: string, of: Partial<SettingsHost> = {}) =>
  launchSettings(parseSettings(text, "qemu.conf"), { ...host, ...of });

test("docs/qemu-conf.md lists the settings that there are", () => {
  assertDocumented("docs/qemu-conf.md", "settings", "src/drivers/qemu/settings/settings.test.ts", settingsDocument());
});

test("each name of libvirt's own file is known, with the value that stands there", async (t) => {
  let text: string;
  try {
    text = await readFile("/etc/libvirt/qemu.conf", "utf8");
  } catch {
    return t.skip("libvirt's qemu.conf is not installed");
  }
  // Settings stand there commented out: a name right after the sign, or the inside of a list.
  const settings = text
    .split("\n")
    .filter((line) => /^#([a-z_0-9]+ = |\s+"\/|\]$)/.test(line) && !line.startsWith('#   "/dev/infiniband'))
    .map((line) => line.slice(1))
    .join("\n");
  const values = parseSettings(settings, "/etc/libvirt/qemu.conf");
  assert.equal(values.vnc_listen, "0.0.0.0");
  const named = new Set([...settings.matchAll(/^([a-z_0-9]+) = /gm)].map(([, name]) => name));
  assert.ok(named.size > 80);
  const missing = Object.keys(settingsTable).filter((name) => !named.has(name));
  assert.deepEqual(missing, []);
});

test("what is wrong is told with file, line and reason", () => {
  const cases: [string, RegExp][] = [
    ["\nvnc_lisen = 1", /^qemu\.conf:2: unknown setting 'vnc_lisen'/],
    ['vnc-listen = "::"', /^qemu\.conf:1: unknown setting 'vnc-listen'; 'vnc_listen' is meant$/],
    ["# a\n\nvnc_listen = 5", /^qemu\.conf:3: 'vnc_listen' must be a string$/],
    ["spice_tls = 2", /'spice_tls' must be 0 or 1$/],
    ["remote_display_port_min = 5899", /must be a number from 5900 to 65535$/],
    [
      "remote_display_port_min = 6000\nremote_display_port_max = 5999",
      /^qemu\.conf:2: .*\(5999\) is below .*\(6000\)$/,
    ],
    ['deprecation_behavior = "shout"', /must be one of "none", "omit", "reject", "crash"$/],
    ['memory_backing_dir = "ram"', /must be an absolute path$/],
    ['hugetlbfs_mount = [ "/a", 1 ]', /must be a string or a list of strings$/],
    ['vnc_tls_x509_secret_uuid = "x"', /must be a UUID$/],
    // What has no use yet is checked all the same.
    ['max_core = "much"', /'max_core' must be a number from 0 to 2147483647 or one of "unlimited"$/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => parseSettings(text, "qemu.conf"),
      (error: Error & { rawMessage?: string }) => {
        assert.ok(isLibvirtError(error, "CONF_SYNTAX"), text);
        assert.match(error.message.replace(/^configuration file syntax error: /, ""), message);
        return true;
      },
    );
  }
});

test("without a file the defaults are libvirt's", () => {
  const settings = launchOf("");
  assert.equal(settings.vnc.listen, "127.0.0.1");
  assert.equal(settings.vnc.tls, undefined);
  assert.equal(settings.seccompSandbox, true);
  assert.equal(settings.logTimestamp, true);
  assert.equal(settings.memoryBackingFolder, "/ram");
  assert.deepEqual(settings.chardevCredentials, { folder: "/etc/pki/qemu", verifyPeer: true });
});

test("certificates: a use's own folder, else the one that is there for it, else that for all", () => {
  const all = 'default_tls_x509_cert_dir = "/all"\nvnc_tls = 1\n';
  const there = { hasFolder: (path: string) => path === "/etc/pki/libvirt-vnc" };
  assert.equal(launchOf(all).vnc.tls?.folder, "/all");
  assert.equal(launchOf(all, there).vnc.tls?.folder, "/etc/pki/libvirt-vnc");
  assert.equal(launchOf(`${all}vnc_tls_x509_cert_dir = "/own"`, there).vnc.tls?.folder, "/own");
  assert.equal(launchOf(all).vnc.tls?.verifyPeer, false);
  assert.equal(launchOf(`${all}default_tls_x509_verify = 1`).vnc.tls?.verifyPeer, true);
  const both = launchOf("default_tls_x509_verify = 0\nchardev_tls = 1");
  // Who uses a disk checks its server in any case.
  assert.deepEqual([both.chardevCredentials.verifyPeer, both.nbdCredentials.verifyPeer], [false, true]);
  const uuid = "6a1bd2c5-0d3c-4f64-a3c4-5e7f0a1b2c3d";
  assert.equal(launchOf(`default_tls_x509_secret_uuid = "${uuid}"`).nbdCredentials.secret, uuid);
});

test("a folder of certificates that is not there keeps a root shut", async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(join(root, "qemu.conf"), '\nvnc_tls_x509_cert_dir = "/no/such/folder"\n');
  await assert.rejects(readSettings(root), /qemu\.conf:2: 'vnc_tls_x509_cert_dir': there is no folder/);
});

test("a user that is not there keeps a root shut; an ordinary user's guests run as he does", async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(join(root, "qemu.conf"), 'swtpm_user = "nobody-of-that-name"\nuser = "+4711"\ngroup = "+4712"\n');
  await assert.rejects(readSettings(root, true), /nobody-of-that-name/);
  const { identity, tpmIdentity, dynamicOwnership } = await readSettings(root, false);
  assert.deepEqual(
    { identity, tpmIdentity, dynamicOwnership },
    { identity: null, tpmIdentity: null, dynamicOwnership: false },
  );
});
