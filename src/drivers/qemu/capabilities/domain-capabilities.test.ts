import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dataFolder, haveData } from "../../../../test/conformance/data.ts";
import { recordedTree } from "../../../../test/conformance/recorded-tree.ts";
import { recordedCapabilities } from "../../../../test/helpers/qemu-capabilities.ts";
import { firmwareFolders, readFirmware } from "../firmware/descriptor.ts";
import { formatDomainCapabilities } from "./domain-capabilities.ts";

const folder = join(dataFolder, "qemucaps");

interface Case {
  readonly op: string;
  readonly id: string;
  readonly files: { readonly expected: string };
  readonly params: {
    readonly arch: string;
    readonly version: string;
    readonly machine: string | null;
    readonly virtType: string;
    readonly emulator: string;
    readonly swtpmVersions: readonly string[];
    readonly loaders: readonly string[];
  };
}

const cases: readonly Case[] = !haveData
  ? []
  : readFileSync(join(folder, "manifest.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Case)
      .filter(({ id }) => id.startsWith("domcaps.qemu"));

const recordedFiles = recordedTree(
  haveData ? readFileSync(join(dataFolder, "fixtures", "qemufirmware.tree.json"), "utf8") : "{}",
);

/** The CPU that host-model stands for is computed from the CPUs of named models, which only s390x emulators tell. */
const withoutHostModel = (xml: string) => xml.replace(/ *<mode name='host-model'.*?(<\/mode>|'no'\/>)\n/s, "");

for (const { id, files, params } of cases) {
  test(`${id}: what libvirt says of this emulator`, async () => {
    const capabilities = await recordedCapabilities(params.arch, params.version);
    const accelerator = params.virtType === "kvm" ? "kvm" : "tcg";
    const machine =
      params.machine === null
        ? capabilities.defaultMachine(accelerator)
        : capabilities.machine(params.machine, accelerator);
    assert.ok(machine);
    const actual = formatDomainCapabilities({
      binary: params.emulator,
      capabilities,
      accelerator,
      machine,
      firmware: await readFirmware(recordedFiles, firmwareFolders()),
      loaders: params.loaders,
      tpmVersions: params.swtpmVersions,
    });
    const expected = readFileSync(join(folder, files.expected), "utf8");
    const compared = params.arch === "s390x" ? (xml: string) => xml : withoutHostModel;
    assert.equal(compared(actual), compared(expected));
  });
}
