/** Memory modules. */
import type { MemoryDevice } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import type { Guest } from "../context.ts";
import { type MemoryRequest, memoryBackend } from "../memory/backend.ts";
import { numaCells } from "../memory/memory.ts";
import { device, integer } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

/** A module and what it is made of; of memory for enclaves the machine is told instead. */
export function memoryDeviceParts(module: MemoryDevice, guest: Guest): Part[] {
  const alias = aliasOf(module);
  const id = `mem${alias}`;
  const { target } = module;
  const backend = memoryBackend({ id, size: target.size, node: target.node, ...sharing(module, guest), module }, guest);
  if (module.model === "sgx-epc") return [...backend.parts];
  const prealloc = backend.prealloc && guest.capabilities.has("virtio-mem-pci.prealloc");
  return [
    ...backend.parts,
    device(drivers[module.model], {
      node: target.node,
      "label-size": bytes(target.label?.size),
      "block-size": bytes(target.block),
      "requested-size": bytes(target.requested),
      uuid: module.uuid,
      unarmed: target.readonly === true ? true : undefined,
      memdev: id,
      prealloc: module.model === "virtio-mem" && prealloc ? true : undefined,
      id: alias,
      ...place(module),
      ...addressProps(module, guest.domain),
    }),
  ];
}

/** A module that does not say it is like the memory of the NUMA node it adds to. */
function sharing(
  { access, discard, target }: MemoryDevice,
  { domain }: Guest,
): Pick<MemoryRequest, "access" | "discard"> {
  const cell = target.node === undefined ? undefined : numaCells(domain)[target.node];
  return { access: access ?? cell?.memAccess, discard: discard ?? cell?.discard };
}

const drivers = {
  dimm: "pc-dimm",
  nvdimm: "nvdimm",
  "virtio-pmem": "virtio-pmem-pci",
  "virtio-mem": "virtio-mem-pci",
} as const;

const bytes = (kib: bigint | undefined): number | bigint | undefined =>
  kib === undefined ? undefined : integer(kib * 1024n);

/** The slot of a module and, where it was told, its place in the guest's memory. */
function place({ address }: MemoryDevice): JsonObject {
  if (address?.type !== "dimm") return {};
  return { slot: address.slot, addr: address.base === undefined ? undefined : integer(address.base) };
}
