/** Ways to a daemon from Python: TCP, TLS, ssh, and SASL; `tsvirt` finds there what libvirt's official module finds. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { openWay, programsOf } from "../../remote/every/ways.ts";
import { freePort, Libvirtd, python, withoutLibvirtd, withoutPython } from "../../remote/libvirtd.ts";
import { saslDatabase, saslFiles, saslpasswd } from "../../remote/sasl.ts";
import { pythonPackage } from "./package.ts";

interface Request {
  readonly uri: string;
  readonly user?: string;
  readonly password?: string;
}

const script = join(projectRoot, "test", "bindings", "python", "ways.py");

/** What a module finds behind each URI. */
async function found(module: "libvirt" | "tsvirt", requests: readonly Request[]): Promise<unknown[]> {
  const words = [script, module, ...(module === "tsvirt" ? [await pythonPackage()] : [])];
  const asked = requests.map(({ user = "", password = "", uri }) => ({ uri, user, password }));
  return new Promise((resolve, reject) => {
    const child = execFile(python, words, { timeout: 120_000 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as unknown[]);
    });
    child.stdin?.end(JSON.stringify(asked));
  });
}

/** Both find the same. libvirt's library calls each connection encrypted that was logged in to by SASL; SCRAM encrypts nothing. */
async function same(requests: readonly Request[]): Promise<unknown[]> {
  const ours = await found("tsvirt", requests);
  const theirs = await found("libvirt", requests);
  const honest = (each: unknown, at: number) =>
    Array.isArray(each) && requests[at]?.user !== undefined ? each.with(2, 0) : each;
  assert.deepEqual(ours, theirs.map(honest));
  return ours;
}

for (const name of ["tls", "ssh"] as const) {
  const skip = withoutPython() || withoutLibvirtd(...programsOf[name]);
  test(name, { skip }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "tsvirt-ways-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await using way = await openWay(name, folder);
    // The official module's ssh has no file of its own for the hosts it knows.
    const uri = way.uri("test").replace(/known_hosts=[^&]*/, "no_verify=1");
    const lost = uri.replace(/pkipath=[^&]*/, "pkipath=/nosuch").replace(/keyfile=[^&]*/, "keyfile=/nosuch");
    const [first, second] = await same([{ uri }, { uri: lost }]);
    assert.equal((first as unknown[])[0], uri);
    assert.ok("error" in (second as object));
  });
}

test("TCP, and SASL on a unix socket", { skip: withoutPython() || withoutLibvirtd(saslpasswd) }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-ways-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const settings = ["listen_tcp = 1", "listen_tls = 0", `tcp_port = "${port}"`, 'listen_addr = "127.0.0.1"'];
  await using daemon = await Libvirtd.start({
    args: ["-l"],
    conf: [...settings, 'auth_tcp = "none"', 'auth_unix_rw = "sasl"'].join("\n"),
    files: saslFiles(await saslDatabase(folder, "fred", "geheim"), "scram-sha-256"),
  });
  const [tcp, known, wrong] = await same([
    { uri: `test+tcp://127.0.0.1:${port}/default` },
    { uri: daemon.uri(), user: "fred", password: "geheim" },
    { uri: daemon.uri(), user: "fred", password: "falsch" },
  ]);
  assert.equal((tcp as unknown[])[1], 0);
  assert.equal((known as unknown[])[0], daemon.uri());
  assert.deepEqual(wrong, { error: [45, 7] });
});
