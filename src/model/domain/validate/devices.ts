/** Devices with few rules. */
import type { Domain } from "../domain.ts";
import type { Input } from "../input.ts";
import { broken, malformed, refuse, unsupported } from "../refuse.ts";
import type { Iommu } from "../small-devices.ts";
import type { Tpm } from "../tpm.ts";

export function validateDevices(domain: Domain): void {
  const { devices, features } = domain;
  for (const input of devices.inputs) {
    validateInput(input, domain);
  }
  for (const { name, model, server, msi } of devices.shmems) {
    if (name.includes("/")) unsupported("shmem name cannot include '/' character");
    if (model !== "ivshmem-doorbell" && server === undefined && msi !== undefined)
      malformed("msi option is only supported with a server");
    if (name === "." || name === "..") unsupported(`shmem name cannot be equal to '${name}'`);
  }
  for (const { address } of devices.smartcards) {
    if (address !== undefined && address.type !== "ccid") unsupported("Controllers must use the 'ccid' address type");
  }
  for (const { origin, target } of devices.filesystems) {
    if (origin.source === undefined && origin.type !== "ram") refuse("NO_SOURCE", target);
  }
  validateUsbAddresses(devices);
  validatePanics(devices);
  if (devices.iommu !== undefined) validateIommu(devices.iommu, features);
  if (devices.vsock?.cid !== undefined) validateCid(devices.vsock.cid);
  for (const tpm of devices.tpms) validateTpm(tpm);
  const tpms = devices.tpms.filter(({ model }) => model !== "spapr-tpm-proxy");
  if (tpms.length > 1 || devices.tpms.length - tpms.length > 1) {
    unsupported("only a single TPM non-proxy device is supported");
  }
}

function validateInput({ type, bus, model, source }: Input, { type: hypervisor, os }: Domain): void {
  // A paravirtual guest of Xen has nothing but Xen's bus; every other guest has all but that.
  const isParavirtual = hypervisor === "xen" && (os.type.value === "xen" || os.type.value === "xenpvh");
  if (isParavirtual && bus !== "xen") broken(`unsupported input bus ${bus}`);
  switch (bus) {
    case "ps2":
      if (type !== "mouse" && type !== "keyboard") broken(`ps2 bus does not support ${type} input device`);
      break;
    case "xen":
      if (!isParavirtual) broken("unsupported input bus xen");
      if (type !== "mouse" && type !== "keyboard") broken(`xen bus does not support ${type} input device`);
      break;
  }
  if (type === "evdev") {
    if (bus !== undefined) unsupported("input evdev doesn't support bus element");
    if (source?.dev === undefined) malformed("missing dev path for evdev input device");
  }
  if (bus !== "virtio" && type === "passthrough") {
    unsupported("only bus 'virtio' is supported for 'passthrough' input devices");
  }
  if (bus !== "virtio" && model !== undefined) unsupported(`only bus 'virtio' is supported for input model '${model}'`);
}

/** Devices that are on USB and nowhere else. */
function validateUsbAddresses({ inputs, redirdevs, hostdevs }: Domain["devices"]): void {
  const onUsb = [
    ...inputs.filter(({ bus }) => bus === "usb"),
    ...redirdevs,
    ...hostdevs.filter((one) => one.mode === "subsystem" && one.device.type === "usb"),
  ];
  for (const { address } of onUsb) {
    if (address !== undefined && address.type !== "usb") malformed("Invalid address for a USB device");
  }
}

function validatePanics({ panics }: Domain["devices"]): void {
  const models = new Set<string | undefined>();
  for (const { model } of panics) {
    if (models.has(model)) malformed(`Multiple panic devices with model '${model}'`);
    models.add(model);
  }
}

function validateIommu({ model, driver, address }: Iommu, features: Domain["features"]): void {
  if (model !== "intel") {
    if (driver !== undefined) malformed(`iommu model '${model}' doesn't support additional attributes`);
  } else if (driver !== undefined) {
    if (driver.intremap === true && features?.ioapic !== "qemu") {
      unsupported("IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')");
    }
    if (driver.eim === true && driver.intremap !== true) {
      unsupported("IOMMU eim requires interrupt remapping to be enabled");
    }
  }
  if (model !== "virtio" && address !== undefined) malformed(`iommu model '${model}' can't have address`);
}

function validateTpm({ backend }: Tpm): void {
  if (backend.type === "emulator" && backend.active_pcr_banks !== undefined && backend.version === "1.2") {
    malformed("<active_pcr_banks/> requires TPM version '2.0'");
  }
  if (backend.type !== "external") return;
  if (backend.source === undefined) malformed("missing source for external TPM device");
  if (backend.source.mode === "bind") malformed("only 'client' mode is supported for external TPM device");
}

/** 0 to 2 are the hypervisor's own. */
const firstGuestCid = 3;

function validateCid({ address }: NonNullable<NonNullable<Domain["devices"]["vsock"]>["cid"]>): void {
  if (address !== 0 && address < firstGuestCid) {
    unsupported("guest CIDs must be >= 3");
  }
}
