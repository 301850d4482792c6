/** The guest's memory, its modules and what backs them. */
import type { Domain, MemoryDevice } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { archOf, isPseries } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { broken, need, unsupported } from "./refuse.ts";

export function validateMemory(domain: Domain, context: ValidationContext): void {
  validateBacking(domain, context);
  validateHotplug(domain);
  for (const module of domain.devices.memories) validateModule(module, domain, context);
}

export function validateMemoryStart({ memoryBacking }: Domain, { hugepageSizes }: ValidationContext): void {
  if (hugepageSizes === undefined) return;
  const pages = memoryBacking?.hugepages?.pages ?? [];
  if (memoryBacking?.hugepages !== undefined && hugepageSizes.length === 0) {
    broken("hugetlbfs filesystem is not mounted or disabled by administrator config");
  }
  for (const { size } of pages) {
    if (!hugepageSizes.includes(size) && size > 4n) {
      broken(`Unable to find any usable hugetlbfs mount for ${size} KiB`);
    }
  }
}

function validateBacking({ memoryBacking }: Domain, context: ValidationContext): void {
  if (memoryBacking === undefined) return;
  const { hugepages, allocation, source } = memoryBacking;
  if (hugepages !== undefined && allocation?.mode === "ondemand") {
    unsupported("hugepages are not allowed with memory allocation ondemand");
  }
  if (hugepages !== undefined && source === "anonymous") {
    unsupported("hugepages are not allowed with anonymous memory source");
  }
  if (source === "memfd") need("memory-backend-memfd", context, "this QEMU doesn't support memory-backend-memfd");
}

/** Modules are plugged into nodes, and only POWER guests need not say that there are any. */
function validateHotplug(domain: Domain): void {
  const { maxMemory, devices, cpu } = domain;
  if (maxMemory === undefined) {
    if (devices.memories.some(({ model }) => model !== "sgx-epc")) {
      unsupported("cannot use/hotplug a memory device when domain 'maxMemory' is not defined");
    }
    return;
  }
  const nodes = cpu?.numa?.cells.length ?? 0;
  if (nodes === 0 && !isPseries(domain)) {
    unsupported("At least one numa node has to be configured when enabling memory hotplug");
  }
  validateSlots(domain);
}

function validateSlots({ devices, maxMemory }: Domain): void {
  const slots = maxMemory?.slots ?? 0;
  const taken = new Set<number>();
  for (const { address, model } of devices.memories) {
    if (address?.type !== "dimm" || (model !== "dimm" && model !== "nvdimm")) continue;
    const { slot } = address;
    if (slot >= slots) unsupported(`memory device slot '${slot}' exceeds slots count '${slots}'`);
    if (taken.has(slot)) unsupported(`memory device slot '${slot}' is already being used by another memory device`);
    taken.add(slot);
  }
}

const flags: { readonly [Model in MemoryDevice["model"]]?: readonly [CapabilityFlag, string] } = {
  dimm: ["pc-dimm", "memory hotplug isn't supported by this QEMU binary"],
  nvdimm: ["nvdimm", "nvdimm isn't supported by this QEMU binary"],
  "virtio-pmem": ["virtio-pmem-pci", "virtio-pmem isn't supported by this QEMU binary"],
  "virtio-mem": ["virtio-mem-pci", "virtio-mem isn't supported by this QEMU binary"],
};

/** Boards whose modules are found by ACPI or by the hypervisor's own interface. */
const hotplugArchs = new Set(["x86_64", "i686", "ppc64", "ppc64le", "aarch64", "loongarch64"]);

function validateModule(module: MemoryDevice, domain: Domain, context: ValidationContext): void {
  const { model, target, source } = module;
  const [flag, lacking] = flags[model] ?? [];
  if ((model === "dimm" || model === "nvdimm") && !hotplugArchs.has(archOf(domain))) {
    unsupported("memory hotplug isn't supported by this QEMU binary");
  }
  if (flag !== undefined) need(flag, context, lacking ?? "");
  const nodes = domain.cpu?.numa?.cells.length ?? 0;
  if (target.node === undefined && nodes > 0 && needsNode(model)) {
    unsupported("target NUMA node needs to be specified for memory device");
  }
  if (model === "nvdimm" && source?.pmem === true) {
    need("memory-backend-file.pmem", context, "nvdimm pmem property is not available with this QEMU binary");
  }
  if (model === "nvdimm" && target.readonly) {
    need("nvdimm.unarmed", context, "nvdimm readonly property is not available with this QEMU binary");
  }
  if (model === "sgx-epc" && !hasEnclaves(context)) unsupported("sgx epc isn't supported by this QEMU binary");
}

const needsNode = (model: MemoryDevice["model"]) => model === "dimm" || model === "nvdimm" || model === "virtio-mem";

function hasEnclaves({ capabilities }: ValidationContext): boolean {
  return capabilities.data.sgx !== null;
}
