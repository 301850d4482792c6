import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { dataFolder, haveData, missingData } from "../../../../test/conformance/data.ts";
import { recordedTree } from "../../../../test/conformance/recorded-tree.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { firmwareFolders, parseFirmware, readFirmware } from "./descriptor.ts";
import { type FirmwareRequest, selectFirmware } from "./select.ts";

const skip = haveData ? false : missingData;

/** The files of a recorded host. */
const recorded = () => recordedTree(readFileSync(join(dataFolder, "fixtures", "qemufirmware.tree.json"), "utf8"));

const anything: FirmwareRequest = {
  interface: "uefi",
  arch: "x86_64",
  machine: "pc-q35-4.0",
  smm: undefined,
  secureBoot: undefined,
  enrolledKeys: undefined,
  stateless: undefined,
  format: undefined,
  executable: undefined,
  nvramTemplate: undefined,
  encryption: undefined,
};

test("files hide those of the same name in less important folders, empty ones altogether", { skip }, async () => {
  const names = async (home?: string) =>
    (await readFirmware(recorded(), firmwareFolders(home))).map((f) => basename(f.source));
  assert.deepEqual(await names(), [
    "40-bios.json",
    "40-ovmf-sb-keys.json",
    "45-ovmf-sev-stateless.json",
    "50-ovmf-sb-keys.json",
    "55-ovmf-sb-combined.json",
    "61-ovmf.json",
    "70-aavmf.json",
  ]);
  assert.equal((await readFirmware(recorded(), firmwareFolders("/home/user/.config"))).length, 7);
});

test("a guest gets the first firmware that fits", { skip }, async () => {
  const installed = await readFirmware(recorded(), firmwareFolders());
  const cases: [Partial<FirmwareRequest>, string | null][] = [
    [{}, "40-ovmf-sb-keys.json"],
    [{ interface: "bios" }, "40-bios.json"],
    [{ interface: "bios", stateless: true }, "40-bios.json"],
    [{ interface: "bios", nvramTemplate: "/x" }, null],
    [{ secureBoot: false }, "61-ovmf.json"],
    [{ secureBoot: true }, "40-ovmf-sb-keys.json"],
    [{ enrolledKeys: false }, "61-ovmf.json"],
    [{ smm: false }, "61-ovmf.json"],
    [{ machine: "pc-i440fx-4.0" }, "61-ovmf.json"],
    [{ stateless: true, encryption: "amd-sev-es" }, "45-ovmf-sev-stateless.json"],
    [{ arch: "aarch64", machine: "virt-7.0" }, "70-aavmf.json"],
    [{ arch: "riscv64", machine: "virt" }, null],
    [{ secureBoot: true, enrolledKeys: false }, null],
    [{ executable: "/usr/share/OVMF/OVMF_CODE.fd" }, "61-ovmf.json"],
  ];
  for (const [request, expected] of cases) {
    const { firmware, rejected } = selectFirmware(installed, { ...anything, ...request });
    assert.equal(firmware === null ? null : basename(firmware.source), expected, JSON.stringify(request));
    assert.ok(rejected.every(({ reason }) => reason.length > 0));
    if (firmware === null) assert.equal(rejected.length, installed.length);
  }
});

test("the firmware of this host can be read", async () => {
  for (const firmware of await readFirmware(hostTree("/"), firmwareFolders())) assert.match(firmware.source, /^\//);
});

test("what is no description of firmware is left out", () => {
  for (const text of ["", "{", "[]", "{}", '{"mapping":{"device":"tape"}}', '{"mapping":{"device":"flash"}}']) {
    assert.equal(parseFirmware(text, "x"), null, text);
  }
});

test("machine patterns are no regular expressions", () => {
  const text = JSON.stringify({
    "interface-types": ["uefi"],
    mapping: { device: "memory", filename: "/f" },
    targets: [{ architecture: "x86_64", machines: ["pc.q35-?", "["] }],
  });
  const firmware = parseFirmware(text, "x");
  assert.ok(firmware);
  const fits = (machine: string) => selectFirmware([firmware], { ...anything, machine }).firmware !== null;
  assert.deepEqual(["pc.q35-1", "pcxq35-1", "pc.q35-12"].map(fits), [true, false, false]);
});
