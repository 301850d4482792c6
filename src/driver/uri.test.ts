import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLibvirtError } from "../errors.ts";
import { defaultUri, isRemote, parseConnectionUri } from "./uri.ts";

test("a local URI has a driver and a path", () => {
  const uri = parseConnectionUri("test:///default");
  assert.equal(uri.driver, "test");
  assert.equal(uri.path, "/default");
  assert.equal(uri.host, "");
  assert.equal(isRemote(uri), false);
});

test("every part of a remote URI is found", () => {
  const uri = parseConnectionUri("qemu+ssh://bob@[fe80::1]:2222/system?keyfile=%2Ftmp%2Fa%20b&no_tty=1");
  assert.equal(uri.driver, "qemu");
  assert.equal(uri.transport, "ssh");
  assert.equal(uri.user, "bob");
  assert.equal(uri.host, "fe80::1");
  assert.equal(uri.port, 2222);
  assert.equal(uri.path, "/system");
  assert.equal(uri.params.get("keyfile"), "/tmp/a b");
  assert.equal(isRemote(uri), true);
});

test("what is no URI is refused as libvirt refuses it", () => {
  for (const text of ["a b", "", "qemu", "://x", "qemu:///%zz", `qemu:///${"x".repeat(20_000)}`]) {
    assert.throws(
      () => parseConnectionUri(text),
      (error) => isLibvirtError(error, "INTERNAL_ERROR"),
      text,
    );
  }
});

test("no text makes the parser throw anything but a LibvirtError", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        parseConnectionUri(text);
      } catch (error) {
        assert.ok(isLibvirtError(error));
      }
    }),
  );
});

test("the default is LIBVIRT_DEFAULT_URI, else QEMU for the user who asks", () => {
  assert.equal(defaultUri({ LIBVIRT_DEFAULT_URI: "xen:///system" }, true), "xen:///system");
  assert.equal(defaultUri({}, true), "qemu:///system");
  assert.equal(defaultUri({}, false), "qemu:///session");
});
