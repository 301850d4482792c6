/** Taking PCI devices from the host's drivers for guests, and giving them back. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { type DeviceBook, requireDevice } from "../../driver/node-device/queries.ts";
import { LibvirtError } from "../../errors.ts";
import type { SysTree } from "../../host/node/sysfs.ts";
import { detachPci, type PciDevice, reattachPci, resetPci } from "../../host/pci.ts";

type ChangeProcedures =
  | "nodeDeviceDettach"
  | "nodeDeviceDetachFlags"
  | "nodeDeviceReAttach"
  | "nodeDeviceReset"
  | "nodeDeviceGetAutostart";

export function pciHandlers(book: DeviceBook, sys: SysTree): Handlers<ChangeProcedures> {
  const find = async (name: string): Promise<PciDevice> => {
    const pci = (await requireDevice(book, name)).capabilities.find(({ type }) => type === "pci");
    if (pci?.type !== "pci") {
      throw new LibvirtError("INVALID_ARG", "NODEDEV", `device ${name} is not a PCI device`);
    }
    const { domain, bus, slot, function: part } = pci;
    return { address: { domain, bus, slot, function: part }, sys, root: "/sys", domain: "NODEDEV" };
  };
  return {
    nodeDeviceDettach: async ({ name }) => detachPci(await find(name)),
    async nodeDeviceDetachFlags({ name, driverName, flags }) {
      checkFlags(flags, 0, "nodeDeviceDetachFlags", "NODEDEV");
      if (driverName !== null && driverName !== "vfio") {
        throw new LibvirtError("INVALID_ARG", "NODEDEV", `unknown driver name '${driverName}'`);
      }
      await detachPci(await find(name));
    },
    nodeDeviceReAttach: async ({ name }) => reattachPci(await find(name)),
    nodeDeviceReset: async ({ name }) => resetPci(await find(name)),
    async nodeDeviceGetAutostart({ name }) {
      const { capabilities } = await requireDevice(book, name);
      return { autostart: Number(capabilities.some(({ type }) => type === "system")) };
    },
  };
}
