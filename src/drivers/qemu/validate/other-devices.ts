/** Devices with few rules. */
import type { Domain, Input, Iommu, Panic, Shmem, Watchdog } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { isArmVirt, isPpc64, isPseries, isQ35, isS390, isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { broken, malformed, need, unsupported } from "./refuse.ts";

export function validateOtherDevices(domain: Domain, context: ValidationContext): void {
  const { devices } = domain;
  for (const input of devices.inputs) validateInput(input, domain, context);
  if (devices.watchdog !== undefined) validateWatchdog(devices.watchdog, domain);
  for (const panic of devices.panics) validatePanic(panic, domain, context);
  if (devices.nvram !== undefined) validateNvram(domain, context);
  for (const shmem of devices.shmems) validateShmem(shmem, context);
  if (devices.iommu !== undefined) validateIommu(devices.iommu, domain, context);
  validateVirtioDevices(domain, context);
  validateSounds(domain, context);
  if (devices.redirdevs.length > 0)
    need("usb-redir", context, "USB redirection is not supported by this version of QEMU");
  if (devices.redirfilter !== undefined) {
    need("usb-redir.filter", context, "USB redirection filter is not supported by this version of QEMU");
  }
  for (const { type } of devices.hubs) {
    if (type === "usb") need("usb-hub", context, "usb-hub not supported by QEMU binary");
  }
}

export function validateOtherDevicesStart({ devices }: Domain): void {
  for (const { size, address } of devices.shmems) {
    if (size !== undefined) validateShmemSize(size);
    if (address !== undefined && address.type !== "pci") {
      unsupported("only 'pci' addresses are supported for the shared memory device");
    }
  }
  const onVirtioBus = [
    ["virtio-balloon", devices.memballoon?.address],
    ["vhost-vsock", devices.vsock?.address],
    ...devices.rngs.map(({ address }) => ["virtio-rng", address] as const),
  ] as const;
  for (const [device, address] of onVirtioBus) {
    if (address !== undefined && !virtioBuses.includes(address.type)) {
      broken(`Unexpected address type for '${device}'`);
    }
  }
}

const virtioBuses = ["pci", "ccw", "virtio-mmio", "virtio-s390", "unassigned"];

function validateInput({ type, bus, model }: Input, domain: Domain, context: ValidationContext): void {
  if (model !== undefined && model !== "virtio" && type !== "passthrough") {
    unsupported(`virtio (non-)transitional models are not supported for input type=${type}`);
  }
  if (bus === "ps2" && !context.capabilities.has("i8042") && !isX86(domain)) {
    unsupported("ps2 is not supported by this QEMU binary");
  }
  if (type === "evdev") need("input-linux", context, "input-linux is not supported by this QEMU binary");
  if (bus !== "virtio") return;
  const name = { mouse: "mouse", tablet: "tablet", keyboard: "keyboard" }[type as string];
  if (name === undefined) return;
  const flag = `virtio-${name}${isS390(domain) ? "-ccw" : ""}` as CapabilityFlag;
  const pci = `virtio-${name}` as CapabilityFlag;
  if (!context.capabilities.has(flag) && !context.capabilities.has(pci)) {
    unsupported(`'virtio-${name}' is not supported by this QEMU binary`);
  }
}

function validateWatchdog({ model, address }: Watchdog, domain: Domain): void {
  switch (model) {
    case "i6300esb":
      if (address !== undefined && address.type !== "pci") {
        unsupported("i6300esb model of watchdog can go only on PCI bus");
      }
      break;
    case "ib700":
      if (address !== undefined) unsupported("ib700 model of watchdog does not support configuring the address");
      break;
    case "diag288":
      if (address !== undefined) unsupported("diag288 model of watchdog is virtual and cannot go on any bus.");
      if (!isS390(domain)) unsupported("diag288 model of watchdog is allowed for s390 and s390x only");
      break;
    case "itco":
      if (!isQ35(domain)) unsupported("iTCO model of watchdog is only part of q35 machine");
      break;
  }
}

function validatePanic({ model, address }: Panic, domain: Domain, context: ValidationContext): void {
  const elsewhere = () => {
    if (address !== undefined) {
      unsupported(`setting the panic device address is not supported for model '${model}'`);
    }
  };
  switch (model) {
    case "s390":
      if (!isS390(domain)) unsupported("only S390 guests support panic device of model 's390'");
      elsewhere();
      break;
    case "hyperv":
      if (!isX86(domain)) unsupported("only i686 and x86_64 guests support panic device of model 'hyperv'");
      elsewhere();
      break;
    case "pseries":
      if (!isPseries(domain)) unsupported("only pSeries guests support panic device of model 'pseries'");
      elsewhere();
      break;
    case "isa":
      need("pvpanic", context, "the QEMU binary does not support the ISA panic device");
      if (address !== undefined && address.type !== "isa") {
        unsupported("panic is supported only with ISA address type");
      }
      break;
  }
}

function validateNvram(domain: Domain, context: ValidationContext): void {
  if (!isPpc64(domain)) unsupported("nvram device is only supported for PPC64");
  need("nvram", context, "nvram device is not supported by this QEMU binary");
}

function validateShmem({ model, server, size }: Shmem, context: ValidationContext): void {
  switch (model) {
    case "ivshmem":
      // The flag went with the device, which QEMU has not had since 4.0.
      if (!context.capabilities.has("ivshmem-plain") || context.capabilities.isAtLeast(4, 0)) {
        unsupported("ivshmem device is not supported with this QEMU binary");
      }
      break;
    case "ivshmem-plain":
      need("ivshmem-plain", context, "ivshmem-plain device is not supported with this QEMU binary");
      if (server !== undefined) {
        unsupported(`shmem model '${model}' is supported only with server option disabled`);
      }
      break;
    case "ivshmem-doorbell":
      need("ivshmem-doorbell", context, "ivshmem-doorbell device is not supported with this QEMU binary");
      if (server === undefined) {
        unsupported(`shmem model '${model}' is supported only with server option enabled`);
      }
      if (size !== undefined) unsupported(`shmem model '${model}' does not support size setting`);
      break;
  }
}

const mebibyte = 1n << 20n;

function validateShmemSize(size: bigint): void {
  if (size < mebibyte) malformed("shmem size must be at least 1 MiB (1024 KiB)");
  if ((size & (size - 1n)) !== 0n) malformed("shmem size must be a power of two");
}

function validateIommu({ model, driver }: Iommu, domain: Domain, context: ValidationContext): void {
  const name = `IOMMU device: '${model}'`;
  switch (model) {
    case "intel":
      if (!isQ35(domain)) unsupported(`${name} is only supported with Q35 machines`);
      need("intel-iommu", context, `${name} is not supported with this QEMU binary`);
      break;
    case "smmuv3":
      if (!isArmVirt(domain)) unsupported(`${name} is only supported with ARM Virt machines`);
      need("machine.virt.iommu", context, `${name} is not supported with this QEMU binary`);
      break;
    case "virtio":
      if (!isQ35(domain) && !isArmVirt(domain)) {
        unsupported(`${name} is only supported with Q35 and ARM Virt machines`);
      }
      need("virtio-iommu-pci", context, `${name} is not supported with this QEMU binary`);
      need("virtio-iommu.boot-bypass", context, `${name} is not supported with this QEMU binary`);
      if (domain.features?.acpi !== true) unsupported(`${name} requires ACPI`);
      break;
  }
  const options: readonly [unknown, CapabilityFlag, string][] = [
    [driver?.intremap, "intel-iommu.intremap", "intremap"],
    [driver?.caching_mode, "intel-iommu.caching-mode", "caching_mode"],
    [driver?.eim, "intel-iommu.eim", "eim"],
    [driver?.iotlb, "intel-iommu.device-iotlb", "iotlb"],
    [driver?.aw_bits, "intel-iommu.aw-bits", "aw_bits"],
  ];
  for (const [value, flag, option] of options) {
    if (value !== undefined) need(flag, context, `iommu: ${option} is not supported with this QEMU binary`);
  }
}

function validateVirtioDevices({ devices }: Domain, context: ValidationContext): void {
  const { memballoon, rngs, vsock } = devices;
  if (memballoon !== undefined) {
    if (memballoon.model === "xen")
      unsupported("Memory balloon device type 'xen' is not supported by this version of qemu");
    if (memballoon.autodeflate !== undefined && memballoon.model !== "none") {
      need("virtio-balloon-pci.deflate-on-oom", context, "deflate-on-oom is not supported by this QEMU binary");
    }
    if (memballoon.freePageReporting !== undefined && memballoon.model !== "none") {
      need("virtio-balloon.free-page-reporting", context, "free-page-reporting is not supported by this QEMU binary");
    }
  }
  for (const { backend } of rngs) {
    const flag = { random: "rng-random", egd: "rng-egd", builtin: "rng-builtin" } as const;
    need(flag[backend.model], context, `this qemu doesn't support the ${backend.model} RNG backend`);
  }
  if (vsock !== undefined) need("vhost-vsock", context, "vsock device is not supported with this QEMU binary");
}

function validateSounds({ devices }: Domain, context: ValidationContext): void {
  for (const { model, codecs } of devices.sounds) {
    if (model === "usb") need("usb-audio", context, "usb-audio controller is not supported by this QEMU binary");
    if (model === "ich9") {
      need("ich9-intel-hda", context, "The ich9-intel-hda audio controller is not supported in this QEMU binary");
    }
    if (model === "ich7") unsupported(`sound card model '${model}' is not supported by qemu`);
    if (model !== "ich6" && model !== "ich9") continue;
    for (const { type } of codecs) {
      if (type === "micro") need("hda-micro", context, "hda-micro not supported in this QEMU binary");
      if (type === "output") need("hda-output", context, "hda-output not supported in this QEMU binary");
    }
  }
}
