import assert from "node:assert/strict";
import { test } from "node:test";
import { domainDocument } from "./domain.ts";

test("a PCI address that nobody has read before is printed whole", () => {
  const domain = domainDocument.make({ type: "qemu", name: "a" });
  domain.devices.memballoon = {
    model: "virtio",
    address: { type: "pci", domain: 0, bus: 0, slot: 3, function: 0 },
  };
  const text = domainDocument.format(domain, { inactive: true });
  assert.match(text, /<address type='pci' domain='0x0000' bus='0x00' slot='0x03' function='0x0'\/>/);
});
