import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { composedRoot } from "../../../test/helpers/composed.ts";
import { isLibvirtError } from "../../errors.ts";

const uuid = "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f";
const secretXml = (attributes = "", id = uuid, volume = "/images/one") =>
  `<secret ${attributes}><uuid>${id}</uuid><usage type='volume'><volume>${volume}</volume></usage></secret>`;
const passphrase = Buffer.from([0, 10, 255, 64]);

test("a secret and its value are for their owner alone, and there when the root is opened again", async (t) => {
  const { root, open } = await composedRoot(t);
  const router = await open();
  const { secret } = await router.call("secretDefineXml", { xml: secretXml(), flags: 0 });
  await router.call("secretSetValue", { secret, value: passphrase, flags: 0 });
  const folder = join(root, "secrets");
  assert.equal(await readFile(join(folder, `${uuid}.base64`), "utf8"), passphrase.toString("base64"));
  for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  await router.close();
  const again = await open();
  assert.deepEqual((await again.call("secretLookupByUuid", { uuid: secret.uuid })).secret, secret);
  assert.deepEqual(Buffer.from((await again.call("secretGetValue", { secret, flags: 0 })).value), passphrase);
  await again.call("secretUndefine", { secret });
  assert.deepEqual(await readdir(folder), []);
});

test("an ephemeral secret is never on the disk, and one that becomes ephemeral leaves it", async (t) => {
  const { root, open } = await composedRoot(t);
  const router = await open();
  const { secret } = await router.call("secretDefineXml", { xml: secretXml("ephemeral='no'"), flags: 0 });
  await router.call("secretSetValue", { secret, value: passphrase, flags: 0 });
  await router.call("secretDefineXml", { xml: secretXml("ephemeral='yes'"), flags: 0 });
  assert.deepEqual(await readdir(join(root, "secrets")), []);
  assert.deepEqual(Buffer.from((await router.call("secretGetValue", { secret, flags: 0 })).value), passphrase);
  await router.close();
  const again = await open();
  assert.deepEqual((await again.call("connectListAllSecrets", { needResults: 1, flags: 0 })).secrets, []);
});

test("a private secret is for the other drivers alone, and stays private", async (t) => {
  const { root, open } = await composedRoot(t);
  const router = await open();
  const { secret } = await router.call("secretDefineXml", { xml: secretXml("private='yes'"), flags: 0 });
  await router.call("secretSetValue", { secret, value: passphrase, flags: 0 });
  await assert.rejects(
    async () => router.call("secretGetValue", { secret, flags: 0 }),
    (error) => isLibvirtError(error, "INVALID_SECRET"),
  );
  await assert.rejects(async () => router.call("secretDefineXml", { xml: secretXml("private='no'"), flags: 0 }), {
    message: "internal error: cannot change private flag on existing secret",
  });
  const other = "0a81f5b2-8403-7b23-c8d6-21ccc2f80d70";
  await assert.rejects(async () => router.call("secretDefineXml", { xml: secretXml("", other), flags: 0 }), {
    message: `internal error: a secret with UUID ${uuid} already defined for use with /images/one`,
  });
  assert.deepEqual((await readdir(join(root, "secrets"))).length, 2);
});

test("what a crash left behind goes, and what cannot be read stays and harms nothing", async (t) => {
  const { root, open } = await composedRoot(t);
  const router = await open();
  await router.call("secretDefineXml", { xml: secretXml(), flags: 0 });
  await router.close();
  const folder = join(root, "secrets");
  await writeFile(join(folder, "0a81f5b2-8403-7b23-c8d6-21ccc2f80d71.base64"), "eA==");
  await writeFile(join(folder, ".x.xml.1.2.new"), "<sec");
  await writeFile(join(folder, "broken.xml"), "<secret");
  const warned: string[] = [];
  const onWarning = (warning: Error): void => void warned.push(warning.message);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const again = await open();
  assert.equal((await again.call("connectNumOfSecrets", {})).num, 1);
  assert.deepEqual((await readdir(folder)).sort(), [`${uuid}.xml`, "broken.xml"]);
  assert.match(warned.join("\n"), /secret 'broken'/);
});

test("secrets are not for those who may only look", async (t) => {
  const { open } = await composedRoot(t);
  const writer = await open();
  const { secret } = await writer.call("secretDefineXml", { xml: secretXml(), flags: 0 });
  await writer.call("secretSetValue", { secret, value: passphrase, flags: 0 });
  const reader = await open({ readOnly: true });
  await assert.rejects(
    async () => reader.call("secretGetValue", { secret, flags: 0 }),
    (error) => isLibvirtError(error, "OPERATION_DENIED"),
  );
});
