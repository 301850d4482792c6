/** Settings as running guests have them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";

const skip = skipWithoutQemu;
const openssl = (...args: string[]) => spawnSync("openssl", args).status === 0;
const skipWithoutOpenssl = skip || (openssl("version") ? false : "openssl is not installed");

/** Starts a guest below a root with such settings: its document and the arguments of its QEMU. */
async function running(t: TestContext, settings: string | ((folder: string) => Promise<string>), devices: string) {
  const { root, folder, open } = await testRoot(t);
  await mkdir(root);
  await writeFile(join(root, "qemu.conf"), typeof settings === "string" ? settings : await settings(folder));
  const router = await open();
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("set", "", devices), flags: 0 });
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  const { process: qemu } = JSON.parse(await readFile(join(root, "qemu", "status", "set.json"), "utf8"));
  const words = (await readFile(`/proc/${qemu.pid}/cmdline`, "utf8")).split("\0");
  return { xml, words: words.join(" "), name: (await readFile(`/proc/${qemu.pid}/comm`, "utf8")).trim() };
}

test("a guest's screen listens where the settings say, at a port that they allow", { skip }, async (t) => {
  const settings =
    'vnc_listen = "127.0.0.2"\nvnc_password = "secret"\nremote_display_port_min = 23900\nremote_display_port_max = 23950\n';
  const { xml, words } = await running(t, settings, "<graphics type='vnc' autoport='yes'/>");
  assert.match(xml, /<graphics type='vnc' port='239\d\d' autoport='yes' listen='127\.0\.0\.2'>/);
  assert.match(words, /-vnc 127\.0\.0\.2:18\d{3},password=on/);
});

test("a socket instead of an address", { skip }, async (t) => {
  const { xml } = await running(t, "vnc_auto_unix_socket = 1\n", "<graphics type='vnc'/>");
  assert.match(xml, /<listen type='socket' socket='[^']*\/vnc\.sock'\/>/);
});

test("the emulator as a process: its name, its sandbox, its log", { skip }, async (t) => {
  const { words, name } = await running(t, "set_process_name = 1\nseccomp_sandbox = 0\nlog_timestamp = 0\n", "");
  assert.equal(name, "qemu:set");
  assert.doesNotMatch(words, /-sandbox|timestamp/);
});

test("ports that are all taken are told with their range", { skip }, async (t) => {
  const settings = "remote_display_port_min = 23960\nremote_display_port_max = 23960\n";
  const two = "<graphics type='vnc'/><graphics type='spice'/>";
  await assert.rejects(running(t, settings, two), /Unable to find an unused port in range '23960-23960'/);
});

test("a guest with VNC plays sound where the environment says, if it may", { skip }, async (t) => {
  const before = process.env.QEMU_AUDIO_DRV;
  t.after(() => {
    if (before === undefined) delete process.env.QEMU_AUDIO_DRV;
    else process.env.QEMU_AUDIO_DRV = before;
  });
  process.env.QEMU_AUDIO_DRV = "wav";
  const audioOf = async (settings: string): Promise<string | undefined> => {
    const { root, open } = await testRoot(t);
    await mkdir(root);
    await writeFile(join(root, "qemu.conf"), settings);
    const router = await open();
    const xml = guestXml("loud", "", "<graphics type='vnc'/><sound model='ich6'/>");
    const { dom } = await router.call("domainDefineXml", { xml });
    return /<audio id='1' type='(\w+)'/.exec((await router.call("domainGetXmlDesc", { dom, flags: 0 })).xml)?.[1];
  };
  assert.equal(await audioOf(""), "none");
  assert.equal(await audioOf("vnc_allow_host_audio = 1\n"), "file");
});

/** An authority and a server's certificate, as QEMU looks for them in a folder. */
async function makeCertificates(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const at = (name: string): string => join(folder, name);
  const key = (name: string, subject: string): string[] => [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${subject}`],
    ...["-keyout", at(`${name}-key.pem`), "-out", at(`${name}-cert.pem`)],
  ];
  assert.ok(openssl(...key("ca", "authority"), "-addext", "keyUsage=keyCertSign"));
  const signed = [
    "-CA",
    at("ca-cert.pem"),
    "-CAkey",
    at("ca-key.pem"),
    "-addext",
    "basicConstraints=critical,CA:false",
  ];
  assert.ok(openssl(...key("server", "localhost"), ...signed));
  await chmod(at("server-key.pem"), 0o644);
}

test("a screen that is encrypted", { skip: skipWithoutOpenssl }, async (t) => {
  const settings = async (folder: string): Promise<string> => {
    const certificates = join(folder, "certificates");
    await makeCertificates(certificates);
    return `vnc_tls = 1\nvnc_tls_x509_cert_dir = "${certificates}"\n`;
  };
  const { words } = await running(t, settings, "<graphics type='vnc' autoport='yes'/>");
  assert.match(words, /"dir":"[^"]*\/certificates","endpoint":"server","verify-peer":false/);
  assert.match(words, /-vnc 127\.0\.0\.1:\d+,tls-creds=vnc-tls-creds0/);
});
