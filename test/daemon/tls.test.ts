/** Clients that come to tsvirtd by TLS, with certificates of an authority of the test's own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { open } from "../../src/api/index.ts";
import { newEntry, writeUsers } from "../../src/daemon/auth/user-file.ts";
import { TlsAcceptor } from "../../src/daemon/listen/tcp.ts";
import { parseSettings } from "../../src/daemon/settings/read.ts";
import { distinguishedName } from "../../src/rpc/tls/distinguished-name.ts";
import { runClient, shortFolder, Tsvirtd } from "../helpers/tsvirtd.ts";
import { Authority, certtool, type Pair } from "../remote/certificates.ts";

const programs = [certtool, "/usr/bin/virsh", "/usr/bin/virt-pki-query-dn"];
const lacking = programs.filter((path) => !existsSync(path));
const skip = lacking.length > 0 && `not installed: ${lacking.join(", ")}`;

const host = ['cn = "localhost"', 'dns_name = "localhost"', "ip_address = 127.0.0.1", "tls_www_server"];
const fred = ["country = GB", 'locality = "London, City"', 'organization = "Red Hat"', 'cn = "fred"', "tls_www_client"];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function pkiFolder(authority: Authority, name: string, { cert, key }: Pair): Promise<string> {
  const folder = join(authority.folder, `pki-${name}`);
  await mkdir(folder);
  await copyFile(authority.cert, join(folder, "cacert.pem"));
  await copyFile(cert, join(folder, "clientcert.pem"));
  await copyFile(key, join(folder, "clientkey.pem"));
  return folder;
}

interface Setup {
  readonly authority: Authority;
  readonly files: string;
  readonly server: Pair;
}

async function setUp(t: TestContext): Promise<Setup> {
  const folder = await shortFolder(t);
  const authority = await Authority.create(join(folder, "a"));
  const server = await authority.issue("server", host);
  const files = `key_file = "${server.key}"\ncert_file = "${server.cert}"\nca_file = "${authority.cert}"\n`;
  return { authority, files, server };
}

test("certificates open the door, for the names that are listed; the daemon says so with one byte", {
  skip,
}, async (t) => {
  const { authority, files } = await setUp(t);
  const port = await freePort();
  const config = [
    'listen_addr = "127.0.0.1"\nlog_level = 2',
    `tls_port = "${port}"`,
    'tls_allowed_dn_list = ["C=DE,*", "C=GB,L=London\\, City,O=Red ?at,CN=f*"]',
  ].join("\n");
  const daemon = await Tsvirtd.start(t, { config: `${config}\n${files}`, args: ["--listen"] });
  const list = (pki: string) =>
    runClient("virsh", ["-c", `test+tls://localhost:${port}/default?pkipath=${pki}`, "list", "--name"]);
  const fredPair = await authority.issue("fred", fred);
  const fredPki = await pkiFolder(authority, "fred", fredPair);
  assert.deepEqual(await list(fredPki), { code: 0, stdout: "test\n\n", stderr: "" });

  const annPki = await pkiFolder(authority, "ann", await authority.issue("ann", ['cn = "ann"', "tls_www_client"]));
  assert.match((await list(annPki)).stderr, /Unable to read TLS confirmation: Input\/output error/);
  await daemon.logged(/the certificate of 'CN=ann' is not in tls_allowed_dn_list/);

  const strangers = await Authority.create(join(authority.folder, "strangers"));
  const mallory = await strangers.issue("mallory", fred);
  const malloryPki = await pkiFolder(authority, "mallory", mallory);
  const refused = await list(`${malloryPki}&no_sanity=1`);
  assert.equal(refused.code, 1);
  await daemon.logged(/was turned away/);

  const name = execFileSync("virt-pki-query-dn", [fredPair.cert], { encoding: "utf8" });
  assert.match(
    name,
    new RegExp(distinguishedName(new X509Certificate(await readFile(fredPair.cert))).replace(/[\\]/g, "\\\\")),
  );
});

test("tls_priority chooses the versions that are spoken, and nothing else", { skip }, async (t) => {
  const { authority, files } = await setUp(t);
  const pki = await pkiFolder(authority, "fred", await authority.issue("fred", fred));
  const port = await freePort();
  const config = (priority: string) =>
    `listen_addr = "127.0.0.1"\ntls_port = "${port}"\ntls_priority = "${priority}"\n${files}`;
  await Tsvirtd.start(t, { config: config("NORMAL:-VERS-TLS1.2"), args: ["--listen"] });
  const list = (priority: string) =>
    runClient("virsh", [
      "-c",
      `test+tls://localhost:${port}/default?pkipath=${pki}&tls_priority=${priority}`,
      "list",
      "--name",
    ]);
  assert.equal((await list("NORMAL")).stdout, "test\n\n");
  assert.equal((await list("NORMAL:-VERS-TLS1.3")).code, 1);
  await assert.rejects(
    Tsvirtd.start(t, { config: config("NORMAL:-AES-128-CBC"), args: ["--listen"] }),
    /only protocol versions/,
  );
});

test("SASL stands behind the certificate where that is asked for: virsh by SCRAM and PLAIN, ours by EXTERNAL", {
  skip,
}, async (t) => {
  const { authority, files } = await setUp(t);
  const pki = await pkiFolder(authority, "fred", await authority.issue("fred", fred));
  const root = await shortFolder(t);
  await writeUsers(
    join(root, "tsvirtd.passwd"),
    new Map([["fred", await newEntry("fred", "s3cret", ["SCRAM-SHA-256"])]]),
  );
  const auth = join(root, "auth.conf");
  await writeFile(auth, "[credentials-c]\nauthname=fred\npassword=s3cret\n[auth-libvirt-default]\ncredentials=c\n");
  const port = await freePort();
  const config = `listen_addr = "127.0.0.1"\ntls_port = "${port}"\nlog_level = 2\nauth_tls = "sasl"\n${files}`;
  const mechanisms = (...names: string[]) => `sasl_mechanisms = ["${names.join('", "')}"]\n`;
  await mkdir(root, { recursive: true });
  const daemon = await Tsvirtd.start(t, { root, config: config + mechanisms("scram-sha-256"), args: ["--listen"] });
  const uri = `test+tls://localhost:${port}/default?pkipath=${pki}`;
  const list = () => runClient("virsh", ["-c", uri, "list", "--name"], { LIBVIRT_AUTH_FILE: auth });
  assert.deepEqual(await list(), { code: 0, stdout: "test\n\n", stderr: "" });
  await daemon.logged(/'fred' has logged in by SCRAM-SHA-256/);
  const change = async (text: string) => {
    const read = daemon.log.split("configuration read again").length;
    await writeFile(join(root, "libvirtd.conf"), config + text);
    daemon.signal("SIGHUP");
    await daemon.logged(new RegExp(`(configuration read again[\\s\\S]*){${read}}`));
  };
  await change(mechanisms("plain"));
  assert.equal((await list()).stderr, "");
  await daemon.logged(/'fred' has logged in by PLAIN/);
  await change(mechanisms("external"));
  const connection = await open(uri);
  await connection.close();
  await daemon.logged(/'C=GB,L=London\\, City,O=Red Hat,CN=fred' has logged in by EXTERNAL/);
});

test("the daemon's own certificates are looked at before it starts, unless it is told not to", { skip }, async (t) => {
  const { authority, files, server } = await setUp(t);
  const open = (config: string) => TlsAcceptor.open(() => parseSettings(config, "l.conf"));
  await open(files);
  const stranger = await Authority.create(join(authority.folder, "stranger"), "another");
  const client = await authority.issue("client", [...fred, "signing_key", "critical_extension = 1"]).catch(() => null);
  const past = [
    'cn = "localhost"',
    "activation_date = '2001-01-01 00:00:00'",
    "expiration_date = '2002-01-01 00:00:00'",
  ];
  const old = await authority.issue("old", past).catch(() => null);
  const future = ['cn = "localhost"', "activation_date = '2090-01-01 00:00:00'"];
  const early = await authority.issue("early", future).catch(() => null);
  const withCert = ({ cert, key }: Pair) => files.replace(server.cert, cert).replace(server.key, key);
  const cases: [string, RegExp][] = [
    [files.replace(authority.cert, stranger.cert), /Our own certificate .*servercert.pem failed validation/],
    [files.replace(authority.cert, server.cert), /basic constraints do not show a CA/],
    [files.replace(server.cert, authority.cert), /basic constraints show a CA, but we need one for a server/],
    [files.replace(server.cert, "/nowhere/cert.pem"), /Cannot read server certificate '\/nowhere\/cert.pem'/],
    ...(old ? [[withCert(old), /The server certificate .* has expired/] as [string, RegExp]] : []),
    ...(early ? [[withCert(early), /The server certificate .* is not yet active/] as [string, RegExp]] : []),
  ];
  assert.ok(client && old && early, "certtool did not make the certificates");
  for (const [config, message] of cases) await assert.rejects(open(config), message);
  await open(`${withCert(old)}tls_no_sanity_certificate = 1\n`);
});

test("withdrawn certificates do not open the door, once the daemon has read of it", { skip }, async (t) => {
  const { authority, files } = await setUp(t);
  const fredPair = await authority.issue("fred", fred);
  const pki = await pkiFolder(authority, "fred", fredPair);
  const port = await freePort();
  const crl = join(authority.folder, "crl.pem");
  const template = join(authority.folder, "crl.info");
  await writeFile(template, "expiration_days = 2\ncrl_next_update = 2\ncrl_number = 1\n");
  const by = ["--load-ca-privkey", join(authority.folder, "cakey.pem"), "--load-ca-certificate", authority.cert];
  const generate = (...words: string[]) =>
    execFileSync(certtool, ["--generate-crl", ...by, "--template", template, "--outfile", crl, ...words], {
      stdio: "ignore",
    });
  generate();
  const config = `listen_addr = "127.0.0.1"\ntls_port = "${port}"\nlog_level = 2\ncrl_file = "${crl}"\n${files}`;
  const daemon = await Tsvirtd.start(t, { config, args: ["--listen"] });
  const list = () => runClient("virsh", ["-c", `test+tls://localhost:${port}/default?pkipath=${pki}`, "list"]);
  assert.equal((await list()).stderr, "");
  generate("--load-certificate", fredPair.cert);
  assert.equal((await daemon.virtAdmin(["server-update-tls", "libvirtd"])).stderr, "");
  assert.equal((await list()).code, 1);
  await daemon.logged(/certificate revoked|CERT_REVOKED|was turned away/);
});
