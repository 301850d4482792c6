/** Every way to a daemon: the same is found there as by libvirt's own client. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ConnectCredentialType, isLibvirtError, open, silenceErrors } from "../../src/api/index.ts";
import type { AuthCallback } from "../../src/driver/module.ts";
import { Authority, certtool, pkiFolder } from "./certificates.ts";
import { freePort, Libvirtd, withoutLibvirtd, withoutPython } from "./libvirtd.ts";
import { askPython } from "./python.ts";
import { saslDatabase, saslFiles, saslpasswd } from "./sasl.ts";

silenceErrors();

interface Request {
  readonly uri: string;
  readonly readOnly?: boolean;
  readonly user?: string;
  readonly password?: string;
}

function authOf({ user = "", password = "" }: Omit<Request, "uri">): AuthCallback {
  const { AUTHNAME, PASSPHRASE } = ConnectCredentialType;
  const answer: AuthCallback["answer"] = (requests) =>
    requests.map(({ type }) => (type === AUTHNAME ? user : type === PASSPHRASE ? password : null));
  return { credentialTypes: [AUTHNAME, PASSPHRASE], answer };
}

/** What ask.py finds, by our client. */
async function found(request: Request): Promise<unknown> {
  try {
    await using conn = await open(request.uri, { readOnly: request.readOnly ?? false, auth: authOf(request) });
    return {
      uri: await conn.getURI(),
      isSecure: await conn.isSecure(),
      isEncrypted: await conn.isEncrypted(),
      domains: (await conn.listAllDomains()).map((domain) => domain.name()),
    };
  } catch (error) {
    if (!isLibvirtError(error)) throw error;
    return { error: [error.code, error.domain, error.message] };
  }
}

const skip = withoutPython() || withoutLibvirtd(certtool, saslpasswd);

describe("ways to a daemon", { skip }, () => {
  let folder: string;
  let open1: Libvirtd;
  let tcp: number;
  let tls: number;
  let saslTcp: number;
  let guarded: Libvirtd;
  let pki: string;
  let strangers: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsvirt-transports-"));
    const [ca, other] = await Promise.all([
      Authority.create(join(folder, "ca")),
      Authority.create(join(folder, "other"), "another authority"),
    ]);
    const [server, client, stranger] = await Promise.all([
      ca.issue("server", ['cn = "localhost"', 'dns_name = "localhost"', "tls_www_server"]),
      ca.issue("client", ['cn = "client"', "tls_www_client"]),
      other.issue("client", ['cn = "stranger"', "tls_www_client"]),
    ]);
    pki = await pkiFolder(join(folder, "pki"), ca.cert, client);
    // It believes the server, which does not believe it.
    strangers = await pkiFolder(join(folder, "strangers"), ca.cert, stranger);
    await copyFile(ca.cert, join(folder, "cacert.pem"));
    [tcp, tls, saslTcp] = await Promise.all([freePort(), freePort(), freePort()]);
    const passwords = await saslDatabase(folder, "fred", "geheim");
    [open1, guarded] = await Promise.all([
      Libvirtd.start({
        args: ["-l"],
        conf: [
          "listen_tcp = 1",
          "listen_tls = 1",
          `tcp_port = "${tcp}"`,
          `tls_port = "${tls}"`,
          'listen_addr = "127.0.0.1"',
          'auth_tcp = "none"',
          `ca_file = "${ca.cert}"`,
          `cert_file = "${server.cert}"`,
          `key_file = "${server.key}"`,
        ].join("\n"),
      }),
      Libvirtd.start({
        args: ["-l"],
        conf: [
          "listen_tcp = 1",
          "listen_tls = 0",
          `tcp_port = "${saslTcp}"`,
          'listen_addr = "127.0.0.1"',
          'auth_unix_rw = "sasl"',
        ].join("\n"),
        files: saslFiles(passwords, "scram-sha-256 scram-sha-1 digest-md5 plain"),
      }),
    ]);
  });

  after(async () => {
    await Promise.all([open1?.stop(), guarded?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** Both clients find the same. */
  async function sameAsC(requests: readonly Request[]): Promise<unknown[]> {
    const theirs = (await askPython("ask.py", requests)) as unknown[];
    const ours: unknown[] = [];
    for (const request of requests) ours.push(await found(request));
    assert.deepEqual(ours, theirs);
    return ours;
  }

  test("unix, TCP and TLS", async () => {
    const [first] = await sameAsC([
      { uri: open1.uri() },
      { uri: open1.uri(), readOnly: true },
      { uri: open1.uri("qemu", "/system") },
      { uri: `${open1.uri("remote", "/")}&name=test%3A%2F%2F%2Fdefault` },
      { uri: `test+tcp://localhost:${tcp}/default` },
      { uri: `test+tls://localhost:${tls}/default?pkipath=${pki}` },
      { uri: `test://localhost:${tls}/default?pkipath=${pki}` },
      { uri: `test://localhost:${tls}/default?pkipath=${pki}&tls_priority=NORMAL:-VERS-ALL:%2BVERS-TLS1.2` },
      { uri: `test://127.0.0.1:${tls}/default?pkipath=${pki}&no_verify=1` },
    ]);
    assert.deepEqual(first, { uri: open1.uri(), isSecure: true, isEncrypted: false, domains: ["test"] });
  });

  test("what cannot be opened fails with libvirt's error", async () => {
    const nobody = await freePort();
    const failures = await sameAsC([
      { uri: open1.uri("nosuch", "/system") },
      { uri: open1.uri("qemu", "/nosuch") },
      { uri: `test+unix:///default?socket=${folder}/nosuch` },
      { uri: `test+unix:///default?socket=${folder}/cacert.pem` },
      { uri: `test+tcp://localhost:${nobody}/default` },
      { uri: "test+tcp://nosuch.invalid/default" },
      { uri: `test+tls://localhost:${tls}/default?pkipath=${folder}/nosuch` },
      { uri: `test+tls://localhost:${tls}/default?pkipath=${folder}` },
      { uri: "test+unix://host/default" },
      { uri: "test+nosuch:///default" },
      { uri: "test+unix:///default?mode=nosuch" },
      { uri: "test+ext:///default" },
      { uri: "test+ssh://host/default?no_tty=maybe" },
      { uri: "test+ssh://host/default?mode=direct&proxy=netcat" },
      { uri: "test+ssh://host/default?netcat=nc&proxy=native" },
    ]);
    for (const failure of failures) assert.ok(Object.hasOwn(failure as object, "error"), JSON.stringify(failure));
  });

  test("certificates are looked at on both sides", async () => {
    const errorOf = async (uri: string) => ((await found({ uri })) as { error: unknown[] }).error;
    const [theirs] = (await askPython("ask.py", [{ uri: `test://127.0.0.1:${tls}/default?pkipath=${pki}` }])) as [
      { error: unknown[] },
    ];
    // The name of the server is not the one in its certificate.
    assert.deepEqual(
      (await errorOf(`test://127.0.0.1:${tls}/default?pkipath=${pki}`)).slice(0, 2),
      theirs.error.slice(0, 2),
    );
    assert.match(String(theirs.error[2]), /Failed to verify peer's certificate/);
    // Our own certificate is from elsewhere.
    const uri = `test://localhost:${tls}/default?pkipath=${strangers}`;
    await sameAsC([{ uri }]);
    // The daemon does not believe us.
    assert.match(String((await errorOf(`${uri}&no_sanity=1`))[2]), /Unable to read TLS confirmation/);
    // We do not believe the daemon.
    const doubtful = join(folder, "doubtful");
    await mkdir(doubtful);
    for (const file of ["clientcert.pem", "clientkey.pem"]) await copyFile(join(pki, file), join(doubtful, file));
    await copyFile(join(folder, "other", "cacert.pem"), join(doubtful, "cacert.pem"));
    assert.match(
      String((await errorOf(`test://localhost:${tls}/default?pkipath=${doubtful}&no_sanity=1`))[2]),
      /Failed to verify peer's certificate/,
    );
  });

  test("SASL, with a security layer where others could listen", async () => {
    const fred = { user: "fred", password: "geheim" };
    const overTcp = `test+tcp://localhost:${saslTcp}/default?auth=sasl.DIGEST-MD5`;
    await sameAsC([{ uri: overTcp, ...fred }]);
    const unix = [guarded.uri(), `${guarded.uri()}&auth=sasl.PLAIN`, `${guarded.uri()}&auth=sasl.SCRAM-SHA-1`];
    const theirs = (await askPython(
      "ask.py",
      unix.map((uri) => ({ uri, ...fred })),
    )) as object[];
    for (const [index, uri] of unix.entries()) {
      // libvirt's client takes whatever has been through SASL for encrypted.
      assert.deepEqual(await found({ uri, ...fred }), { ...theirs[index], isEncrypted: false });
    }
    for (const uri of [guarded.uri(), overTcp]) {
      const { error } = (await found({ uri, user: "fred", password: "falsch" })) as { error: unknown[] };
      assert.deepEqual(error, [45, 7, "authentication failed: authentication failed"]);
    }
    await assert.rejects(open(`test+tcp://localhost:${saslTcp}/default`, { auth: authOf(fred) }), /sasl\.digest-md5/);
    await assert.rejects(open(guarded.uri()), /no authname in auth\.conf/);
  });

  test("auth.conf saves asking", async (t) => {
    const file = join(folder, "auth.conf");
    await writeFile(file, "[credentials-f]\nauthname=fred\npassword=geheim\n[auth-libvirt-localhost]\ncredentials=f\n");
    await using conn = await open(`${guarded.uri()}&authfile=${file}`);
    assert.equal((await conn.listAllDomains()).length, 1);
    const earlier = process.env.LIBVIRT_AUTH_FILE;
    t.after(() => {
      if (earlier === undefined) delete process.env.LIBVIRT_AUTH_FILE;
      else process.env.LIBVIRT_AUTH_FILE = earlier;
    });
    process.env.LIBVIRT_AUTH_FILE = file;
    await using other = await open(guarded.uri());
    assert.equal((await other.listAllDomains()).length, 1);
    await writeFile(file, "no group\n");
    await assert.rejects(open(guarded.uri()), /auth\.conf:1: expected/);
  });

  test("a program of the user's carries the bytes", {
    skip: existsSync("/usr/bin/nc") ? false : "no netcat",
  }, async () => {
    const carrier = join(folder, "carrier");
    await writeFile(carrier, `#!/bin/sh\nexec nc -U ${open1.socket}\n`, { mode: 0o755 });
    await sameAsC([{ uri: `test+ext:///default?command=${carrier}` }]);
    await writeFile(carrier, "#!/bin/sh\necho 'no way' >&2\nexit 1\n");
    const { error } = (await found({ uri: `test+ext:///default?command=${carrier}` })) as { error: unknown[] };
    assert.deepEqual(error, [38, 7, "Cannot recv data: no way: Connection reset by peer"]);
  });
});
