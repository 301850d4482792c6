import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../../errors.ts";
import { versionRange } from "./priority.ts";

test("protocol versions are chosen in GnuTLS's words", () => {
  assert.deepEqual(versionRange(null), {});
  assert.deepEqual(versionRange("NORMAL"), {});
  assert.deepEqual(versionRange("@LIBVIRT,SYSTEM"), {});
  assert.deepEqual(versionRange("NORMAL:-VERS-SSL3.0"), { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" });
  assert.deepEqual(versionRange("NORMAL:-VERS-ALL:+VERS-TLS1.2"), { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
  assert.deepEqual(versionRange("SECURE256:-VERS-TLS1.2"), { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" });
  assert.deepEqual(versionRange("NORMAL:+VERS-TLS1.0"), { minVersion: "TLSv1", maxVersion: "TLSv1.3" });
  for (const word of ["NORMAL:-AES-128-CBC", "NORMAL:+VERS-SSL3.0", "nonsense", "NORMAL:-VERS-ALL"]) {
    assert.throws(
      () => versionRange(word),
      (error) => isLibvirtError(error, "CONFIG_UNSUPPORTED"),
      word,
    );
  }
});
