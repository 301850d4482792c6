/** Secrets: what they are for, and their values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SecretUsageType } from "../../../src/protocol/index.ts";
import { fails, type Subject, watch } from "./subject.ts";

const secretXml = (attributes: string, volume: string) =>
  `<secret ${attributes}><usage type='volume'><volume>${volume}</volume></usage></secret>`;

export function describeSecrets(subject: Subject): void {
  const title = (what: string) => `${subject.name}: ${what}`;
  const skip = !subject.features.has("secrets");

  test(title("a secret keeps its value, and tells of changes"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    const xml = secretXml("ephemeral='yes' private='no'", "/suite/one");
    const { secret } = await router.call("secretDefineXml", { xml, flags: 0 });
    await fails(() => router.call("secretGetValue", { secret, flags: 0 }), "NO_SECRET", /does not have a value/);
    const value = Buffer.from([0, 1, 2, 255]);
    await router.call("secretSetValue", { secret, value, flags: 0 });
    value.fill(9);
    const kept = await router.call("secretGetValue", { secret, flags: 0 });
    assert.deepEqual([...kept.value], [0, 1, 2, 255]);
    const usage = { usageType: SecretUsageType.VOLUME, usageID: "/suite/one" };
    assert.deepEqual((await router.call("secretLookupByUsage", usage)).secret, secret);
    assert.match((await router.call("secretGetXmlDesc", { secret, flags: 0 })).xml, /<volume>\/suite\/one<\/volume>/);
    await fails(() => router.call("secretDefineXml", { xml, flags: 0 }), "INTERNAL_ERROR", /already defined/);
    await router.call("secretUndefine", { secret });
    await fails(() => router.call("secretLookupByUuid", { uuid: secret.uuid }), "NO_SECRET");
    await fails(() => router.call("secretLookupByUsage", usage), "NO_SECRET");
    assert.deepEqual(
      (await events()).map((event) => event.replace(/^secret Lifecycle +/, "")),
      ["0 0", "1 0"],
    );
  });

  test(title("a private secret never comes out"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const xml = secretXml("ephemeral='no' private='yes'", "/suite/two");
    const { secret } = await router.call("secretDefineXml", { xml, flags: 0 });
    try {
      await router.call("secretSetValue", { secret, value: Buffer.from("x"), flags: 0 });
      await fails(() => router.call("secretGetValue", { secret, flags: 0 }), "INVALID_SECRET", /private/);
      const { secrets } = await router.call("connectListAllSecrets", { needResults: 1, flags: 4 });
      assert.deepEqual(secrets, [secret]);
    } finally {
      await router.call("secretUndefine", { secret });
    }
  });
}
