import assert from "node:assert/strict";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { type ErrorName, isLibvirtError } from "../../../../errors.ts";
import { missingFeatures } from "./processor-check.ts";

test("a feature that may be missing is not missed", () => {
  const features = [
    { policy: "optional", name: "lahf_lm" },
    { policy: "require", name: "avx" },
  ] as const;
  assert.deepEqual(missingFeatures({ features: [...features] }, ["lahf-lm", "avx", "avx", "pcid"]), ["avx", "pcid"]);
});

test("a processor that QEMU cannot give as it was asked for is refused", { skip: skipWithoutQemu }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const start = async (check: string, inside: string) => {
    const cpu = `<cpu mode='custom' match='exact' check='${check}'>${inside}</cpu>`;
    const xmlDesc = guestXml("choosy", "", "").replace("<devices>", `${cpu}<devices>`);
    const { dom } = await router.call("domainCreateXml", { xmlDesc, flags: 0 });
    await router.call("domainDestroy", { dom });
  };
  const refused = (check: string, inside: string, code: ErrorName, message: RegExp) =>
    assert.rejects(start(check, inside), (error: Error) => isLibvirtError(error, code) && message.test(error.message));
  const plain = "<model fallback='forbid'>qemu64</model>";
  // TCG of this version has no AVX-512.
  const wide = `${plain}<feature policy='require' name='avx512f'/>`;
  await start("full", plain);
  await start("none", wide);
  await start("full", wide.replace("require", "optional"));
  await refused("full", wide, "OPERATION_FAILED", /doesn't match specification: missing features: avx512f$/);
  await refused("partial", wide, "CPU_INCOMPATIBLE", /does not provide required features: avx512f$/);
  assert.equal((await router.call("connectListAllDomains", { needResults: 1, flags: 0 })).ret, 0);
});
