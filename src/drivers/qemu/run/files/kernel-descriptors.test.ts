import assert from "node:assert/strict";
import { test } from "node:test";
import { guestXml } from "../../../../../test/helpers/qemu-driver.ts";
import { parseDomain } from "../../../../model/domain/index.ts";
import type { HostFacts } from "../host/facts.ts";
import { kernelDescriptors } from "./kernel-descriptors.ts";

const card = (alias: string, inside = "", model = "virtio"): string =>
  `<interface type='bridge'><source bridge='b'/><model type='${model}'/>${inside}<alias name='${alias}'/></interface>`;

function planned(devices: string, vhostNet = true) {
  const found = { vhostNet } as HostFacts;
  return kernelDescriptors(parseDomain(guestXml("g", "", devices)), { found, tapOf: () => "vnet0" });
}

test("each card that the kernel may serve has a descriptor of its own, then the vsock", () => {
  const many =
    card("ua-c", "<driver queues='4'/>") + card("ua-d", "<driver name='qemu'/>") + card("ua-e", "", "e1000e");
  const { descriptors, byAlias, vsock } = planned(`${card("ua-a")}${card("ua-b")}${many}<vsock model='virtio'/>`);
  assert.deepEqual(
    [...byAlias],
    [
      ["ua-a", "3"],
      ["ua-b", "4"],
    ],
  );
  assert.equal(vsock, "5");
  assert.deepEqual(
    descriptors,
    ["/dev/vhost-net", "/dev/vhost-net", "/dev/vhost-vsock"].map((path) => ({ kind: "open", path })),
  );
});

test("a kernel without it leaves the packets to QEMU", () => {
  assert.deepEqual(planned(card("ua-a"), false), { descriptors: [], byAlias: new Map(), vsock: undefined });
});
