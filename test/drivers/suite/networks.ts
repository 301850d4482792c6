/** Virtual networks: defining, starting, ending. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fails, type Subject, watch } from "./subject.ts";

const networkXml = (name: string, extra = "") =>
  `<network><name>${name}</name>${extra}<forward mode='nat'/><bridge name='virbr77'/>` +
  "<ip address='10.77.0.1' netmask='255.255.255.0'><dhcp><range start='10.77.0.2' end='10.77.0.9'/></dhcp></ip></network>";

export function describeNetworks(subject: Subject): void {
  const title = (what: string) => `${subject.name}: ${what}`;
  const skip = !subject.features.has("networks");

  test(title("a network lives, and every step is told"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router, events } = connection;
    const { net } = await router.call("networkDefineXml", { xml: networkXml("wire") });
    const told = async () => (await events()).map((event) => event.replace(/^network Lifecycle /, ""));
    assert.deepEqual(await told(), ["wire 0 0"]);
    const { xml } = await router.call("networkGetXmlDesc", { net, flags: 0 });
    assert.match(xml, /<bridge name='virbr77' stp='on' delay='0'\/>/);
    await router.call("networkCreate", { net });
    assert.deepEqual(await told(), ["wire 2 0"]);
    await fails(() => router.call("networkCreate", { net }), "OPERATION_INVALID");
    assert.deepEqual(await router.call("networkGetBridgeName", { net }), { name: "virbr77" });
    await router.call("networkSetAutostart", { net, autostart: 1 });
    assert.deepEqual(await router.call("networkGetAutostart", { net }), { autostart: 1 });
    await router.call("networkDestroy", { net });
    assert.deepEqual(await told(), ["wire 3 0"]);
    const uuid = "<uuid>11111111-1111-1111-1111-111111111111</uuid>";
    await fails(() => router.call("networkDefineXml", { xml: networkXml("wire", uuid) }), "OPERATION_FAILED");
    await router.call("networkUndefine", { net });
    assert.deepEqual(await told(), ["wire 1 0"]);
    await fails(
      () => router.call("networkLookupByName", { name: "wire" }),
      "NO_NETWORK",
      /no network with matching name 'wire'/,
    );
    await fails(() => router.call("networkIsActive", { net }), "NO_NETWORK");
  });

  test(title("a transient network is gone when it ends"), { skip }, async () => {
    await using connection = await watch(subject);
    const { router } = connection;
    const { net } = await router.call("networkCreateXml", { xml: networkXml("brief") });
    assert.deepEqual(await router.call("networkIsPersistent", { net }), { persistent: 0 });
    const { nets } = await router.call("connectListAllNetworks", { needResults: 1, flags: 8 });
    assert.deepEqual(
      nets.map(({ name }) => name),
      ["brief"],
    );
    await router.call("networkDestroy", { net });
    await fails(() => router.call("networkLookupByUuid", { uuid: net.uuid }), "NO_NETWORK");
  });
}
