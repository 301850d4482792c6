import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dataFolder, haveData } from "../../../../test/conformance/data.ts";
import { capabilitiesFromReplies } from "./replies.ts";

const folder = join(dataFolder, "qemucaps", "qemucapabilitiesdata");
const recordings = !haveData ? [] : readdirSync(folder).filter((name) => name.endsWith(".replies"));

function attribute(line: string, name: string): string | null {
  return new RegExp(` ${name}='([^']*)'`).exec(line)?.[1] ?? null;
}

for (const recording of recordings) {
  test(`${recording}: flags, machines and CPU models are those that libvirt reads from it`, async () => {
    const capabilities = await capabilitiesFromReplies(readFileSync(join(folder, recording), "utf8"));
    const expected = readFileSync(join(folder, recording.replace(".replies", ".xml")), "utf8");
    const lines = expected.split("\n");
    const values = (tag: string) => lines.filter((l) => l.includes(`<${tag} `));

    assert.equal(capabilities.version, Number(/<version>(\d+)/.exec(expected)?.[1]));
    assert.equal(capabilities.arch, /<arch>(.*)<\/arch>/.exec(expected)?.[1]);
    assert.deepEqual(
      capabilities.data.flags,
      values("flag").map((l) => attribute(l, "name")),
    );
    for (const name of ["kvm", "tcg"] as const) {
      const machines = values("machine").filter((l) => attribute(l, "type") === name);
      const accelerator = capabilities.accelerator(name);
      assert.deepEqual(
        (accelerator?.machines ?? []).map((m) => [m.name, m.alias, String(m.maxCpus), m.defaultCpu, m.defaultRamId]),
        machines.map((l) => ["name", "alias", "maxCpus", "defaultCPU", "defaultRAMid"].map((a) => attribute(l, a))),
      );
      assert.deepEqual(
        (accelerator?.cpuModels ?? []).map((m) => [m.name, m.typeName, m.usable === "unknown" ? null : m.usable]),
        values("cpu")
          .filter((l) => attribute(l, "type") === name)
          .map((l) => [attribute(l, "name"), attribute(l, "typename"), attribute(l, "usable")]),
      );
    }
  });
}

test("a recording with nothing in it is refused", async () => {
  await assert.rejects(capabilitiesFromReplies("\n\n"), /recording of a probe is empty/);
  await assert.rejects(capabilitiesFromReplies("{"), SyntaxError);
});
