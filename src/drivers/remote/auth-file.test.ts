import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { findAuthFile, readAuthFile } from "./auth-file.ts";

const text = `# comment
[credentials-test]
authname=fred
password=123 456=7

[credentials-defgrp]
username = defuser
password=defpw
[auth-libvirt-test1.example.com]
credentials=test
[auth-libvirt-default]
credentials=defgrp
[auth-esx-odd]
credentials=nosuch
[auth-ssh-default]
`;

test("names and passwords by service and host", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-auth-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "auth.conf");
  await writeFile(path, text);
  const of = async (service: string, host: string) => Object.fromEntries(await readAuthFile(path, service, host));
  assert.deepEqual(await of("libvirt", "test1.example.com"), { authname: "fred", password: "123 456=7" });
  assert.deepEqual(await of("libvirt", "elsewhere"), { username: "defuser", password: "defpw" });
  assert.deepEqual(await of("vnc", "elsewhere"), {});
  await assert.rejects(of("esx", "odd"), (error) => isLibvirtError(error, "CONF_SYNTAX"));
  await assert.rejects(of("ssh", "any"), (error) => isLibvirtError(error, "CONF_SYNTAX"));
  await writeFile(path, "authname=fred\n");
  await assert.rejects(of("libvirt", "any"), /auth\.conf:1: expected/);
});

test("the file that is used", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tsvirt-auth-"));
  t.after(() => rm(home, { recursive: true }));
  await mkdir(join(home, "libvirt"));
  await writeFile(join(home, "libvirt", "auth.conf"), "");
  const env = { XDG_CONFIG_HOME: home };
  assert.equal(await findAuthFile("/a", { ...env, LIBVIRT_AUTH_FILE: "/b" }), "/b");
  assert.equal(await findAuthFile("/a", env), "/a");
  assert.equal(await findAuthFile(null, env), join(home, "libvirt", "auth.conf"));
});
