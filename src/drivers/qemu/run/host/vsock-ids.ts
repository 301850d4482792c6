/** Numbers that guests have on the host's vsock. */
import { LibvirtError } from "../../../../errors.ts";
import { mayOpen } from "../../../../host/devices.ts";
import type { QemuHost } from "../../host.ts";

/** Smaller ones are the hypervisor's and the host's own. */
const first = 3;
const last = 0xffff_fffe;
const device = "/dev/vhost-vsock";

/** The last that was given: guests that start at the same time get different ones. */
let lastGiven = first - 1;

/**
 * A number that no other guest of the root has.
 * @throws LibvirtError CONFIG_UNSUPPORTED when the host has no vsock.
 */
export async function freeVsockId({ domains }: QemuHost): Promise<number> {
  const usable = await mayOpen(device);
  if (usable !== true) {
    const remedy = usable === null ? "load it with 'modprobe vhost_vsock'" : `let our user read and write '${device}'`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `the host's vsock cannot be used: ${remedy}`);
  }
  const taken = new Set<number>();
  for (const { live } of domains) {
    const address = live?.definition.devices.vsock?.cid?.address;
    if (address !== undefined) taken.add(address);
  }
  do lastGiven = lastGiven < last ? lastGiven + 1 : first;
  while (taken.has(lastGiven));
  return lastGiven;
}
