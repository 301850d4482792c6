import assert from "node:assert/strict";
import { test } from "node:test";
import type { RemoteSettings } from "../../driver/client-configuration.ts";
import { needsDaemon, parseConnectionUri, prefersDaemon } from "../../driver/uri.ts";
import { isLibvirtError } from "../../errors.ts";
import { readRemoteUri } from "./target.ts";

const none: RemoteSettings = { mode: undefined, proxy: undefined, tlsPriority: undefined };
const read = (text: string, settings: Partial<RemoteSettings> = {}) =>
  readRemoteUri(parseConnectionUri(text), { ...none, ...settings });

test("what the daemon is asked to open is what libvirt's client asks for", () => {
  // As libvirt's own client was seen to send them.
  const names: readonly (readonly [string, string])[] = [
    ["qemu+unix:///system?socket=/s", "qemu:///system"],
    ["qemu+ssh://me@host:22/system?keyfile=/k&no_tty=1", "qemu:///system"],
    [
      "qemu+unix:///sys%20tem?authfile=/x&foo=b%26ar&mode=legacy&proxy=auto&baz&q=",
      "qemu:///sys%20tem?foo=b%26ar&baz=&q=",
    ],
    ["remote+unix:///system?foo=bar", ""],
    ["test+unix:///default?name=blah&foo=bar", "blah"],
    ["qemu+unix:/system", "qemu:///system"],
    ["qemu+unix://?socket=/s", "qemu://"],
    ["qemu+unix:///?b=%C3%A9~(x)/y:z@!$'*,", "qemu:///?b=%C3%A9~%28x%29%2Fy%3Az%40%21%24%27%2A%2C"],
    ["test://localhost:1/default", "test:///default"],
  ];
  for (const [text, name] of names) assert.equal(read(text).name, name, text);
});

test("transports, hosts and ports", () => {
  assert.deepEqual(read("xen://towada/system").target, {
    transport: "tls",
    host: "towada",
    port: 16514,
    pkiPath: null,
    noVerify: false,
    noSanity: false,
    priority: null,
  });
  assert.deepEqual(read("qemu+tcp:///system").target, { transport: "tcp", host: "localhost", port: 16509 });
  assert.deepEqual(read("qemu+tcp://[::1]:5000/system").target, { transport: "tcp", host: "::1", port: 5000 });
  assert.deepEqual(read("qemu:///session").target, {
    transport: "unix",
    driver: "qemu",
    socket: null,
    mode: "auto",
    ofUser: true,
  });
  const ssh = read("qemu+ssh://me@host/system?netcat=/opt/nc").target;
  assert.ok(ssh.transport === "ssh");
  assert.deepEqual([ssh.user, ssh.proxy, ssh.netcat, ssh.port], ["me", "netcat", "/opt/nc", null]);
});

test("libvirt.conf says how, where the URI does not", () => {
  const settings = { mode: "direct", proxy: "native", tlsPriority: "NORMAL" };
  const unix = read("qemu:///system", settings).target;
  assert.ok(unix.transport === "unix" && unix.mode === "direct");
  const ssh = read("qemu+ssh://host/system?proxy=auto", settings).target;
  assert.ok(ssh.transport === "ssh" && ssh.proxy === "auto" && ssh.mode === "direct");
  const tls = read("qemu://host/system?tls_priority=SECURE256", settings).target;
  assert.ok(tls.transport === "tls" && tls.priority === "SECURE256");
});

test("which URIs go to a daemon", () => {
  const uriOf = parseConnectionUri;
  for (const text of ["qemu+unix:///system", "test+tcp://h/default", "nodedev:///system", "foo://h/"]) {
    assert.equal(needsDaemon(uriOf(text)), true, text);
  }
  for (const text of ["test:///default", "qemu:///system", "nosuch:///x", "esx://host/", "vpx://host/dc"]) {
    assert.equal(needsDaemon(uriOf(text)), false, text);
  }
  assert.equal(prefersDaemon(uriOf("qemu:///system")), true);
  assert.equal(prefersDaemon(uriOf("qemu:///session")), true);
  for (const text of ["qemu:///embed?root=/x", "qemu:///session?root=/x", "test:///default", "qemu+unix:///system"]) {
    assert.equal(prefersDaemon(uriOf(text)), false, text);
  }
});

test("nonsense is refused", () => {
  for (const text of [
    "qemu+unix:///system?no_verify=yes",
    "qemu+ssh://h/system?proxy=nosuch",
    "qemu+ssh://h/system?known_hosts_verify=nosuch",
    "qemu+ssh://h/system?sshauth=constructor",
  ]) {
    assert.throws(
      () => read(text),
      (error) => isLibvirtError(error, "INVALID_ARG"),
      text,
    );
  }
});
