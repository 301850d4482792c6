/** PCI devices of the host taken from its drivers for guests (xen-pciback), and given back. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import type { XenHost } from "../host.ts";

type HostDeviceProcedures = "nodeDeviceDettach" | "nodeDeviceDetachFlags" | "nodeDeviceReAttach";

/** `0000:00:1f.3` of the device that is called `pci_0000_00_1f_3`. */
function addressOf(name: string): string {
  const [, domain, bus, slot, part] = /^pci_([0-9a-f]{4})_([0-9a-f]{2})_([0-9a-f]{2})_([0-7])$/.exec(name) ?? [];
  if (part !== undefined) return `${domain}:${bus}:${slot}.${part}`;
  throw new LibvirtError("INVALID_ARG", "XEN", `device ${name} is not a PCI device`);
}

export function hostDeviceHandlers({ roads: { tools }, peers }: XenHost): Handlers<HostDeviceProcedures> {
  const noSupport = () => new LibvirtError("NO_SUPPORT", "XEN", `${tools.name} does not take devices from the host`);
  const detach = async (name: string, signal: AbortSignal): Promise<void> => {
    await peers("nodeDeviceLookupByName", { name });
    if (!tools.makeAssignable || !tools.assignable) throw noSupport();
    const address = addressOf(name);
    await tools.makeAssignable(address, { signal });
    // xl warns of some that it could not take, and ends well.
    if ((await tools.assignable({ signal })).includes(address)) return;
    throw new LibvirtError("OPERATION_FAILED", "XEN", `device ${name} stays with the host's driver`);
  };
  return {
    nodeDeviceDettach: ({ name }, { signal }) => detach(name, signal),
    async nodeDeviceDetachFlags({ name, driverName, flags }, { signal }) {
      checkFlags(flags, 0, "nodeDeviceDetachFlags", "XEN");
      if (driverName !== null && driverName !== "xen") {
        throw new LibvirtError("INVALID_ARG", "XEN", `unsupported driver name '${driverName}'`);
      }
      await detach(name, signal);
    },
    async nodeDeviceReAttach({ name }, { signal }) {
      await peers("nodeDeviceLookupByName", { name });
      if (!tools.giveBack) throw noSupport();
      await tools.giveBack(addressOf(name), { signal });
    },
  };
}
