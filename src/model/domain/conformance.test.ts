/** Every domain that libvirt's own tests expect as output is read whole and printed again byte for byte. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { domainDocument } from "./domain.ts";

const shared = resolve(process.env.TSVIRT_SHARED ?? "../shared", "conformance");

interface Case {
  readonly id: string;
  readonly expect: string;
  readonly op?: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The domain documents that libvirt prints in a suite. */
function printed(suite: string): string[] {
  const folder = join(shared, suite);
  const lines = readFileSync(join(folder, "manifest.jsonl"), "utf8").trim().split("\n");
  const paths = new Set<string>();
  for (const line of lines) {
    const { files } = JSON.parse(line) as Case;
    const { expected } = files;
    if (expected?.endsWith(".xml")) paths.add(join(folder, expected));
  }
  return [...paths];
}

const suites = ["qemuxml2xml", "qemuxml2xml-otherarch", "genericxml2xml", "xlconfig", "xmconfig", "libxlxml2domconfig"];

for (const suite of suites) {
  const here = existsSync(join(shared, suite));
  describe(`${suite}: printed domains`, { skip: here ? false : `no ${suite} in ${shared}` }, () => {
    for (const path of here ? printed(suite) : []) {
      it(path.slice(shared.length + 1), () => {
        const text = readFileSync(path, "utf8");
        const { value, unknown } = domainDocument.read(text);
        assert.deepEqual(unknown, []);
        assert.equal(domainDocument.format(value, { secure: true }), text);
      });
    }
  });
}
