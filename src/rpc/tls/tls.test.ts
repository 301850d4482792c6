import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { distinguishedName } from "./distinguished-name.ts";
import { extensionsOf } from "./extensions.ts";

test("names are written as GnuTLS writes them", () => {
  assert.equal(distinguishedName({ subject: "C=GB\nL=London\\, City\nCN=a b" }), "C=GB,L=London\\, City,CN=a b");
  assert.equal(distinguishedName({ subject: "emailAddress=a@b.c\nCN=x" }), "EMAIL=a@b.c,CN=x");
});

test("bytes that are no certificate have no extensions, and take no time", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void extensionsOf({ raw: Buffer.from(bytes) })));
  assert.equal(extensionsOf({ raw: Buffer.from("3084ffffffff", "hex") }).size, 0);
});
