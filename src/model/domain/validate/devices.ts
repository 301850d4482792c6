/** Devices with few rules. */
import type { Domain } from "../domain.ts";
import { malformed, unsupported } from "../refuse.ts";

export function validateDevices({ devices, features }: Domain): void {
  for (const input of devices.inputs) {
    if (input.type === "passthrough" && input.source?.evdev === undefined) {
      malformed("missing evdev path for input device passthrough");
    }
    if (input.type === "evdev" && input.source?.dev === undefined) {
      malformed("missing dev path for evdev input device");
    }
    if (input.bus !== "virtio" && input.model !== undefined) {
      unsupported("only bus 'virtio' supports 'model' attribute for input devices");
    }
  }
  for (const { name } of devices.shmems) {
    if (name.includes("/")) malformed("shmem name cannot include '/' character");
    if (name === "." || name === "..") malformed(`shmem name cannot be '${name}'`);
  }
  for (const { rate } of devices.rngs) {
    if (rate?.bytes === 0) malformed("invalid RNG rate bytes: must be greater than zero");
  }
  if (devices.iommu?.driver?.intremap === true && features?.ioapic !== "qemu") {
    unsupported("IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')");
  }
  if (devices.vsock?.cid !== undefined) validateCid(devices.vsock.cid);
  const tpms = devices.tpms.filter(({ model }) => model !== "spapr-tpm-proxy");
  if (tpms.length > 1 || devices.tpms.length - tpms.length > 1) {
    unsupported("only a single TPM non-proxy device is supported");
  }
}

/** 0 to 2 are the hypervisor's own. */
const firstGuestCid = 3;

function validateCid({ address, auto }: NonNullable<NonNullable<Domain["devices"]["vsock"]>["cid"]>): void {
  if (address !== 0 && address < firstGuestCid) {
    malformed("guest CIDs must be >= 3");
  }
  if (auto === false && address === 0) malformed("vsock device without cid: set auto='yes' or an address");
}
