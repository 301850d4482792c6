/** Clients that log in to tsvirtd by SASL: libvirt's own shell and our client, over a unix socket and over TCP. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { open } from "../../src/api/index.ts";
import { runClient, shortFolder, spawnTsvirtd, Tsvirtd } from "../helpers/tsvirtd.ts";

const skip = spawnSync("virsh", ["--version"]).status === 0 ? false : "virsh is not installed";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Runs `tsvirtd passwd`, with a password on its standard input. */
async function passwd(root: string, words: readonly string[], password = ""): Promise<{ code: number; out: string }> {
  const child = spawnTsvirtd(["passwd", ...words, "--root", root], {}, false, "pipe");
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (out += chunk));
  child.stdin?.end(password === "" ? "" : `${password}\n`);
  const [code] = (await once(child, "close")) as [number];
  return { code, out };
}

/** An auth.conf that logs in everywhere. */
async function authFile(folder: string, user: string, password: string): Promise<string> {
  const file = join(folder, `auth-${user}-${password}.conf`);
  const credentials = `[credentials-c]\nauthname=${user}\nusername=${user}\npassword=${password}\n`;
  const places = ["default", "localhost", "127.0.0.1"].map((host) => `[auth-libvirt-${host}]\ncredentials=c\n`);
  await writeFile(file, credentials + places.join(""));
  return file;
}

async function daemonWithUsers(t: TestContext, config: string, args: readonly string[] = []): Promise<Tsvirtd> {
  const root = await shortFolder(t);
  const mechanisms = ["-m", "scram-sha-256", "-m", "digest-md5"];
  assert.deepEqual(await passwd(root, ["add", ...mechanisms, "fred"], "s3cret"), { code: 0, out: "" });
  assert.equal((await passwd(root, ["add", "ann"], "other")).code, 0);
  return Tsvirtd.start(t, { root, config, args });
}

test("tsvirtd passwd adds, lists and removes users, and keeps no passwords", async (t) => {
  const root = await shortFolder(t);
  assert.equal((await passwd(root, ["add", "fred"], "s3cret")).code, 0);
  assert.equal((await passwd(root, ["add", "ann", "-m", "scram-sha-1", "-m", "digest-md5"], "s3cret")).code, 0);
  const file = join(root, "tsvirtd.passwd");
  assert.doesNotMatch(await readFile(file, "utf8"), /s3cret/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await passwd(root, ["list"])).out, "fred: SCRAM-SHA-256\nann: SCRAM-SHA-1, DIGEST-MD5\n");
  assert.equal((await passwd(root, ["remove", "fred"])).code, 0);
  assert.equal((await passwd(root, ["list"])).out, "ann: SCRAM-SHA-1, DIGEST-MD5\n");
  for (const [words, message] of [
    [["remove", "fred"], /there is no user 'fred'/],
    [["add", "bob"], /no password was given/],
    [["add", "a b"], /a user name has no spaces/],
    [["add", "bob", "-m", "gssapi"], /nothing is stored for the mechanism 'gssapi'/],
    [["drop", "bob"], /add, remove or list\?[\s\S]*Usage:/],
  ] as const) {
    const { code, out } = await passwd(root, words);
    assert.equal(code, 1);
    assert.match(out, message);
  }
});

test("virsh logs in by SCRAM on a unix socket, with the right password only", { skip }, async (t) => {
  const daemon = await daemonWithUsers(t, 'auth_unix_rw = "sasl"\nlog_level = 2\n');
  const list = async (user: string, password: string) =>
    runClient("virsh", ["-c", daemon.uri(), "list", "--name"], {
      LIBVIRT_AUTH_FILE: await authFile(daemon.root, user, password),
    });
  assert.deepEqual(await list("fred", "s3cret"), { code: 0, stdout: "test\n\n", stderr: "" });
  await daemon.logged(/'fred' has logged in by SCRAM-SHA-256/);
  for (const [user, password] of [
    ["fred", "wrong"],
    ["nobody", "s3cret"],
  ] as const) {
    const { code, stderr } = await list(user, password);
    assert.equal(code, 1);
    assert.match(stderr, /authentication failed: authentication failed/);
  }
  await daemon.logged(/SASL: 'fred' is not known or the password is wrong/);
  // The other socket asks nobody.
  assert.equal((await daemon.virsh(["list"], daemon.readOnlyUri())).code, 0);
});

test("virsh and our client log in over TCP, encrypted; only listed users; and nobody in clear", { skip }, async (t) => {
  const port = await freePort();
  const config = [
    'auth_unix_rw = "none"',
    "listen_tls = 0\nlisten_tcp = 1",
    `listen_addr = "127.0.0.1"\ntcp_port = "${port}"`,
    'sasl_mechanisms = ["scram-sha-256", "digest-md5", "plain"]',
    'sasl_allowed_username_list = ["f*d"]',
    "log_level = 2",
  ].join("\n");
  const daemon = await daemonWithUsers(t, config, ["--listen"]);
  const uri = `test+tcp://127.0.0.1:${port}/default`;
  const env = { LIBVIRT_AUTH_FILE: await authFile(daemon.root, "fred", "s3cret") };
  const script = "list --name; domcapabilities --virttype test; dumpxml test; capabilities; capabilities; list --name";
  const run = await runClient("virsh", ["-c", uri, script], env);
  const plain = await daemon.virsh([script]);
  assert.equal(run.stdout.replace(/ id='\d+'/, ""), plain.stdout.replace(/ id='\d+'/, ""));
  await daemon.logged(/'fred' has logged in by DIGEST-MD5/);

  const ours = new URL(`${uri}?auth=sasl.digest-md5&authfile=${env.LIBVIRT_AUTH_FILE}`);
  const connection = await open(ours.href);
  assert.deepEqual(
    (await connection.listAllDomains()).map((domain) => domain.name()),
    ["test"],
  );
  assert.match(await connection.getCapabilities(), /<capabilities>/);
  await connection.close();

  await passwd(daemon.root, ["add", "-m", "digest-md5", "ann"], "other");
  const ann = await runClient("virsh", ["-c", uri, "list"], {
    LIBVIRT_AUTH_FILE: await authFile(daemon.root, "ann", "other"),
  });
  assert.match(ann.stderr, /authentication failed/);
  await daemon.logged(/'ann' is not in sasl_allowed_username_list/);

  const eager = connect(port, "127.0.0.1");
  const authList = Buffer.alloc(28);
  for (const [at, word] of [28, 0x20008086, 1, 66].entries()) authList.writeUInt32BE(word, 4 * at);
  eager.resume().write(Buffer.concat([authList, authList]));
  await once(eager, "close");
  const idle = connect(port, "127.0.0.1").on("error", () => {});
  idle.write(authList);
  const [answer] = (await once(idle, "data")) as [Buffer];
  assert.equal(answer.readUInt32BE(answer.length - 4), 1, "SASL and nothing else is offered");
  idle.destroy();
});
