import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { imageFacts, probeFormat } from "./format.ts";
import { headerBytes, ImageHeaderError, parseQcow2Header } from "./qcow2.ts";

const folder = mkdtempSync(join(tmpdir(), "tsvirt-image-"));
after(() => rmSync(folder, { recursive: true }));

/** An image as qemu-img makes it: the beginning of its file. */
function image(name: string, ...args: string[]): Buffer {
  execFileSync("qemu-img", ["create", "-q", ...args.slice(0, -1), join(folder, name), args.at(-1) ?? ""]);
  return readFileSync(join(folder, name)).subarray(0, headerBytes);
}

test("an image of qemu-img is understood, with the image below it", () => {
  image("base.raw", "-f", "raw", "1M");
  const bytes = image("top.qcow2", "-f", "qcow2", "-b", join(folder, "base.raw"), "-F", "raw", "3M");
  assert.deepEqual(parseQcow2Header(bytes), {
    version: 3,
    capacity: 3n << 20n,
    clusterSize: 65536,
    encryption: "none",
    backing: { file: join(folder, "base.raw"), format: "raw" },
    dataFile: null,
    dirty: false,
    corrupt: false,
    lazyRefcounts: false,
    extendedL2: false,
  });
});

test("old versions, data files and sizes of clusters", () => {
  const old = parseQcow2Header(image("old.qcow2", "-f", "qcow2", "-o", "compat=0.10,cluster_size=4096", "1G"));
  assert.equal(old.version, 2);
  assert.equal(old.clusterSize, 4096);
  assert.equal(old.backing, null);
  const data = join(folder, "data.raw");
  const apart = parseQcow2Header(image("apart.qcow2", "-f", "qcow2", "-o", `data_file=${data}`, "1M"));
  assert.equal(apart.dataFile, data);
});

test("formats are told apart by what they begin with", () => {
  for (const format of ["qcow2", "qcow", "qed", "vmdk", "vdi", "vpc", "vhdx"]) {
    assert.equal(probeFormat(image(`probe.${format}`, "-f", format, "64M")), format, format);
  }
  assert.equal(probeFormat(Buffer.alloc(512)), "raw");
  assert.equal(probeFormat(new Uint8Array()), "raw");
});

test("a raw image is never taken for what its guest wrote into it", () => {
  const bytes = image("evil.qcow2", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", "-u", "1M");
  assert.deepEqual(imageFacts(bytes, "raw"), {
    format: "raw",
    capacity: null,
    encrypted: false,
    backing: null,
    dataFile: null,
  });
});

test("a hostile header gives an error of its own, never another", () => {
  const good = image("fuzz.qcow2", "-f", "qcow2", "-b", "/base", "-F", "raw", "-u", "1M").subarray(0, 1024);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 12 }), fc.nat(1024), (changes, length) => {
      const bytes = Uint8Array.from(good.subarray(0, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        parseQcow2Header(bytes);
      } catch (error) {
        assert.ok(error instanceof ImageHeaderError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
