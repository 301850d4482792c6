/** Guests with real emulated TPMs. */
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { isRunning, type ProcessId } from "../../../../host/proc.ts";
import { DomainState, DomainUndefineFlags } from "../../../../protocol/index.ts";
import { emulatedTpmVersions } from "./programs.ts";

const versions = await emulatedTpmVersions();
const skip =
  skipWithoutQemu ||
  (versions.includes("2.0") ? false : "swtpm and swtpm_setup are not installed (apt install swtpm-tools)");

const uuid = "6a1bd2c5-0d3c-4f64-a3c4-5e7f0a1b2c3d";

const tpmXml = (name: string, model: string, backend = "version='2.0'", banks = ""): string =>
  guestXml(
    name,
    `<uuid>${uuid}</uuid>`,
    `<tpm model='${model}'><backend type='emulator' ${backend}>${banks}</backend></tpm>`,
  );

/** The emulator's process, as it is written down. */
async function emulatorOf(root: string): Promise<ProcessId> {
  const text = await readFile(join(root, "qemu", "swtpm", uuid, "process.json"), "utf8");
  const { pid, startTime } = JSON.parse(text) as { pid: number; startTime: number };
  return { pid, startTime: BigInt(startTime) };
}

test("a guest's TPM is made once, ends with the guest, and goes with its definition", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: tpmXml("trusted", "tpm-crb") });
  await router.call("domainCreate", { dom });
  const first = await emulatorOf(root);
  assert.ok(await isRunning(first));
  const state = join(root, "qemu", "swtpm", uuid, "tpm2");
  assert.ok((await readdir(state)).includes("tpm2-00.permall"));
  assert.equal((await stat(state)).mode & 0o777, 0o700);
  const ask = async (cmd: string) => (await router.call("qemuDomainMonitorCommand", { dom, cmd, flags: 1 })).result;
  assert.match(await ask("info tpm"), /model=tpm-crb[\s\S]*type=emulator/);
  await router.call("domainDestroy", { dom });
  assert.equal(await isRunning(first), false);
  const made = (await stat(join(state, "tpm2-00.permall"))).birthtimeMs;
  // At once: the emulator of before has let go of the state.
  await router.call("domainCreate", { dom });
  assert.equal((await stat(join(state, "tpm2-00.permall"))).birthtimeMs, made);
  await router.call("domainDestroy", { dom });
  await router.call("domainUndefine", { dom });
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm")), []);
});

test("an emulated TPM outlives our program, and the next one ends it with the guest", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const before = await open();
  const { dom } = await before.call("domainCreateXml", { xmlDesc: tpmXml("left", "tpm-tis"), flags: 0 });
  await before.close();
  const emulator = await emulatorOf(root);
  assert.ok(await isRunning(emulator));
  const after = await open();
  assert.equal((await after.call("domainGetState", { dom, flags: 0 })).state, DomainState.RUNNING);
  await after.call("domainDestroy", { dom });
  assert.equal(await isRunning(emulator), false);
  // It was the TPM of a guest that is no more.
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm")), []);
});

test("a TPM that shall be kept is kept", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const kept = "version='2.0' persistent_state='yes'";
  const { dom } = await router.call("domainCreateXml", { xmlDesc: tpmXml("kept", "tpm-crb", kept), flags: 0 });
  await router.call("domainDestroy", { dom });
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm", uuid)), ["tpm2"]);
  const defined = await router.call("domainDefineXml", { xml: tpmXml("kept", "tpm-crb", kept) });
  await router.call("domainUndefine", { dom: defined.dom });
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm", uuid)), ["tpm2"]);
  const again = await router.call("domainDefineXml", { xml: tpmXml("kept", "tpm-crb", kept) });
  await router.call("domainUndefineFlags", { dom: again.dom, flags: DomainUndefineFlags.TPM });
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm")), []);
});

test("a saved guest finds its TPM again", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const banks = "<active_pcr_banks><sha256/><sha384/></active_pcr_banks>";
  const { dom } = await router.call("domainDefineXml", { xml: tpmXml("saved", "tpm-tis", "version='2.0'", banks) });
  await router.call("domainCreate", { dom });
  await router.call("domainManagedSave", { dom, flags: 0 });
  await router.call("domainCreate", { dom });
  assert.equal((await router.call("domainGetState", { dom, flags: 0 })).state, DomainState.RUNNING);
});

test("a start that fails leaves no TPM running", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const xml = tpmXml("frail", "tpm-crb")
    .replace("<domain ", "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' ")
    .replace("</domain>", "<qemu:commandline><qemu:arg value='-nosuchoption'/></qemu:commandline></domain>");
  const { dom } = await router.call("domainDefineXml", { xml });
  await assert.rejects(async () => router.call("domainCreate", { dom }), /nosuchoption/);
  assert.deepEqual(await readdir(join(root, "qemu", "swtpm", uuid)), ["tpm2"]);
});
