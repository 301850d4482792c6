/** Guests whose firmware is chosen for them, from their start to their removal. */
import assert from "node:assert/strict";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";
import { DomainUndefineFlags } from "../../../protocol/index.ts";

const firmware = await readdir("/usr/share/qemu/firmware").catch(() => []);
const skip = skipWithoutQemu || (firmware.length === 0 && "no firmware is installed (Debian's package ovmf)");

async function uefiGuest(t: TestContext) {
  const { root, open } = await testRoot(t);
  const router = await open();
  const xml = guestXml("guest", "<features><acpi/></features>").replace("<os>", "<os firmware='efi'>");
  const { dom } = await router.call("domainDefineXml", { xml });
  return { folder: join(root, "qemu", "nvram"), router, dom };
}

test("a guest with chosen firmware goes on from its managed save", { skip }, async (t) => {
  const { router, dom } = await uefiGuest(t);
  await router.call("domainCreate", { dom });
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<os>\s*<type .*>hvm<\/type>\s*<loader .*<nvram template=/s);
  assert.match((await router.call("domainGetXmlDesc", { dom, flags: 2 })).xml, /<os firmware='efi'>/);
  await router.call("domainManagedSave", { dom, flags: 0 });
  await router.call("domainCreate", { dom });
  assert.deepEqual(await router.call("domainGetState", { dom, flags: 0 }), { state: 1, reason: 3 });
});

test("its variables follow its name, and go with it only when that is said", { skip }, async (t) => {
  const { folder, router, dom } = await uefiGuest(t);
  await router.call("domainCreate", { dom });
  await router.call("domainDestroy", { dom });
  await writeFile(join(folder, "guest_VARS.fd"), "variables of its own");
  await router.call("domainRename", { dom, newName: "other", flags: 0 });
  const other = { ...dom, name: "other" };
  assert.deepEqual(await readdir(folder), ["other_VARS.fd"]);
  assert.equal(await readFile(join(folder, "other_VARS.fd"), "utf8"), "variables of its own");
  await assert.rejects(async () => router.call("domainUndefine", { dom: other }), {
    message: "Requested operation is not valid: cannot undefine domain with nvram",
  });
  await router.call("domainUndefineFlags", { dom: other, flags: DomainUndefineFlags.NVRAM });
  await assert.rejects(access(join(folder, "other_VARS.fd")));
});
