/** Huge pages and memory modules. */
import type { Domain } from "../domain.ts";
import type { MemoryDevice } from "../memory-device.ts";
import { malformed, malformedDetail, refuse, unsupported } from "../refuse.ts";

export function validateMemory(domain: Domain): void {
  validateHugepages(domain);
  for (const module of domain.devices.memories) validateModule(module, domain);
}

function validateHugepages({ memoryBacking, cpu }: Domain): void {
  const pages = memoryBacking?.hugepages?.pages ?? [];
  const cells = cpu?.numa?.cells.length ?? 0;
  let master: bigint | undefined;
  const taken = new Set<number>();
  for (const { size, nodeset } of pages) {
    if (size === 0n) refuse("XML_DETAIL", "hugepage size can't be zero");
    // A guest without nodes is one node, for which one size is enough.
    if (nodeset === undefined || (cells === 0 && nodeset.every((node) => node === 0))) {
      if (master !== undefined) refuse("XML_DETAIL", `two master hugepages detected: ${master} and ${size}`);
      master = size;
    }
    for (const node of nodeset ?? []) {
      if (node >= Math.max(cells, 1)) refuse("XML_DETAIL", `hugepages: node ${node} not found`);
      if (taken.has(node)) refuse("XML_DETAIL", `nodeset attribute is overlapping for node ${node}`);
      taken.add(node);
    }
  }
}

function validateModule({ model, source, target, uuid, address, discard }: MemoryDevice, { cpu, os }: Domain): void {
  const cells = cpu?.numa?.cells.length ?? 0;
  if (target.node !== undefined && cells > 0 && target.node >= cells) {
    refuse(
      "XML_DETAIL",
      `can't add memory backend for guest node '${target.node}' as the guest has only '${cells}' NUMA nodes configured`,
    );
  }
  if (model === "nvdimm" || model === "virtio-pmem") {
    if (source?.path === undefined) malformedDetail(`path is required for model '${model}'`);
  }
  switch (model) {
    case "nvdimm":
      // On pSeries the guest tells its modules apart by their UUIDs.
      if (uuid !== undefined && os.type.arch?.startsWith("ppc64") !== true) {
        unsupported("UUID is not supported for NVDIMM device");
      }
      if (target.label !== undefined && (target.label.size ?? 0n) >= target.size) {
        malformed("label size must be smaller than NVDIMM size");
      }
      if (target.label?.size !== undefined && target.label.size < smallestLabel) {
        malformed("nvdimm label must be at least 128KiB");
      }
      if (discard === true) unsupported("discard is not supported for nvdimms");
      break;
    case "virtio-pmem":
      if (source?.pmem) unsupported("virtio-pmem does not support <pmem/>: it is always kept");
      if (target.readonly) unsupported("virtio-pmem does not support readonly target");
      if (target.node !== undefined) unsupported("virtio-pmem does not support NUMA nodes");
      break;
    case "virtio-mem":
      validateVirtioMem(target);
      break;
    case "sgx-epc":
      if (address !== undefined) unsupported("an EPC section has no address");
      break;
  }
}

/** In KiB; smaller ones hold no label. */
const smallestLabel = 128n;
/** In KiB: a transparent huge page. */
const smallestBlock = 2048n;

function validateVirtioMem({ size, requested = 0n, block = 0n }: MemoryDevice["target"]): void {
  if (requested > size) {
    malformedDetail(`requested size must be smaller than or equal to @size (${size}KiB)`);
  }
  if (block === 0n || (block & (block - 1n)) !== 0n) malformedDetail("block size must be a power of two");
  if (block < smallestBlock) malformedDetail(`block size too small, must be at least ${smallestBlock}KiB`);
  if (requested % block !== 0n) malformedDetail("requested size must be an integer multiple of block size");
}
