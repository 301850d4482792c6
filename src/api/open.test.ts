import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { resolveUri } from "../driver/client-configuration.ts";
import {
  ConnectCloseReason,
  DomainXMLFlags,
  isLibvirtError,
  open,
  openAuth,
  openReadOnly,
  registerDriver,
  silenceErrors,
} from "./index.ts";

silenceErrors();

const is =
  (...codes: Parameters<typeof isLibvirtError>[1][]) =>
  (error: unknown) =>
    isLibvirtError(error, ...codes.filter((code) => code !== undefined));

test("a connection is closed by its block, and then refuses calls", async () => {
  let kept: Awaited<ReturnType<typeof open>>;
  {
    await using conn = await open("test:///default");
    kept = conn;
    assert.equal(await conn.isAlive(), true);
    assert.equal(await conn.getURI(), "test:///default");
    assert.equal(await conn.getType(), "TEST");
  }
  assert.equal(await kept.isAlive(), false);
  await assert.rejects(kept.lookupByName("test"), is("INVALID_CONN"));
  await assert.rejects(kept.lookupById(-1), is("INVALID_CONN"));
  await assert.rejects(kept.isEncrypted(), is("INVALID_CONN"));
  await assert.rejects(kept.events().next(), is("INVALID_CONN"));
  await kept.close();
});

test("a read-only connection refuses changes, whatever opened it", async () => {
  await using one = await openReadOnly("test:///default");
  await using other = await openAuth("test:///default", { credentialTypes: [], answer: () => [] }, 1);
  for (const conn of [one, other]) {
    const domain = await conn.lookupByName("test");
    await assert.rejects(domain.destroy(), {
      message: "operation forbidden: read only access prevents virDomainDestroy",
    });
    // Who may not change anything learns that first, as with the C library.
    await assert.rejects(domain.setMemory(0), {
      message: "operation forbidden: read only access prevents virDomainSetMemory",
    });
    await assert.rejects(domain.xmlDesc(DomainXMLFlags.SECURE), {
      message: "operation forbidden: virDomainGetXMLDesc with secure flag",
    });
    assert.equal(await domain.isActive(), true);
  }
});

test("a URI that nobody takes", async () => {
  await assert.rejects(open("nosuch:///system"), {
    message: "no connection driver available for nosuch:///system",
  });
  await assert.rejects(open("a b"), is("INTERNAL_ERROR"));
});

test("LIBVIRT_DEFAULT_URI is opened when no URI is given", async (t) => {
  const before = process.env.LIBVIRT_DEFAULT_URI;
  t.after(() => {
    if (before === undefined) delete process.env.LIBVIRT_DEFAULT_URI;
    else process.env.LIBVIRT_DEFAULT_URI = before;
  });
  process.env.LIBVIRT_DEFAULT_URI = "test:///default";
  await using conn = await open();
  assert.equal(await conn.getURI(), "test:///default");
});

test("libvirt.conf names URIs and the default", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tsvirt-conf-"));
  t.after(() => rm(home, { recursive: true }));
  await mkdir(join(home, "libvirt"));
  const write = (text: string) => writeFile(join(home, "libvirt", "libvirt.conf"), text);
  const options = { env: { XDG_CONFIG_HOME: home }, isRoot: false };
  assert.equal(await resolveUri("", options), "qemu:///session");
  await write(
    `uri_aliases = [ "hail=qemu+ssh://root@hail/system", "me=test:///default" ]\nuri_default = "test:///x"\n`,
  );
  assert.equal(await resolveUri("hail", options), "qemu+ssh://root@hail/system");
  assert.equal(await resolveUri("me", { ...options, aliases: false }), "me");
  assert.equal(await resolveUri("", options), "test:///x");
  assert.equal(
    await resolveUri("", { ...options, env: { ...options.env, LIBVIRT_DEFAULT_URI: "me" } }),
    "test:///default",
  );
  assert.equal(await resolveUri("unknown", options), "unknown");
  await write(`uri_aliases = [ "no equals sign" ]\n`);
  await assert.rejects(resolveUri("hail", options), is("CONF_SYNTAX"));
  await write(`uri_default = 7\n`);
  await assert.rejects(resolveUri("", options), is("CONF_SYNTAX"));
});

test("a program's own driver is asked first, and waited for no longer than the caller wants", async () => {
  let finish: () => void = () => {};
  let ended: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    ended = resolve;
  });
  registerDriver({
    name: "slow",
    accepts: (uri) => uri.driver === "slow",
    open: async (session) => {
      session.onClose(ended);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return {};
    },
  });
  await assert.rejects(open("slow:///", { timeout: 5 }), is("OPERATION_TIMEOUT"));
  // What comes too late is closed again.
  finish();
  await released;
  const control = new AbortController();
  const opening = open("slow:///", { signal: control.signal });
  setImmediate(() => control.abort());
  await assert.rejects(opening, is("OPERATION_ABORTED"));
  finish();
  await assert.rejects(open("slow:///", { signal: AbortSignal.abort() }), is("OPERATION_ABORTED"));
});

test("a call can be given up", async () => {
  registerDriver({
    name: "stuck",
    accepts: (uri) => uri.driver === "stuck",
    open: () => ({ connectGetHostname: () => new Promise(() => {}) }),
  });
  await using conn = await open("stuck:///");
  await assert.rejects(conn.getHostname({ timeout: 5 }), is("OPERATION_TIMEOUT"));
  const control = new AbortController();
  const asking = conn.getHostname({ signal: control.signal });
  control.abort();
  await assert.rejects(asking, is("OPERATION_ABORTED"));
  await assert.rejects(conn.getHostname({ signal: AbortSignal.abort() }), is("OPERATION_ABORTED"));
  await assert.rejects(conn.getType(), {
    message: "this function is not supported by the connection driver: virConnectGetType",
  });
});

test("the close callback hears of the end, once", async () => {
  const conn = await open("test:///default");
  const heard: number[] = [];
  conn.registerCloseCallback((reason) => heard.push(reason));
  assert.throws(() => conn.registerCloseCallback(() => {}), is("OPERATION_UNSUPPORTED"));
  await conn.close();
  await conn.close();
  assert.equal(heard.join(), String(ConnectCloseReason.CLIENT));
  const other = await open("test:///default");
  other.registerCloseCallback((reason) => heard.push(reason));
  other.unregisterCloseCallback();
  await other.close();
  assert.equal(heard.length, 1);
});

test("there is no keepalive within one process", async () => {
  await using conn = await open("test:///default");
  await assert.rejects(conn.setKeepAlive(5, 5), is("NO_SUPPORT"));
  assert.equal(await conn.isSecure(), true);
  assert.equal(await conn.isEncrypted(), false);
});
