/** The node device driver: what devices the host has, and giving PCI devices to guests. */

import type { SecondaryModule } from "../../driver/compose.ts";
import { nodeDeviceEventHandlers } from "../../driver/events.ts";
import type { Driver } from "../../driver/handler.ts";
import { nodeDeviceQueryHandlers } from "../../driver/node-device/queries.ts";
import { hostTree } from "../../host/node/file-tree.ts";
import { sysTree } from "../../host/node/sysfs.ts";
import { describeDevice } from "./describe.ts";
import { pciHandlers } from "./pci-changes.ts";
import { type DeviceSources, scanDevices } from "./scan.ts";
import { DeviceWatch } from "./watch.ts";

function hostSources(): DeviceSources {
  return { sys: sysTree(), udev: hostTree("/run/udev/data"), names: hostTree("/usr/share/misc") };
}

/** The handlers that tell of the devices of a host. */
export function makeHandlers(sources: DeviceSources, watch: DeviceWatch) {
  const book = {
    domain: "NODEDEV" as const,
    async all() {
      const devices = await scanDevices(sources);
      return [...devices.values()].map(({ name, kind, more }) => ({ name, kinds: [kind, ...more] }));
    },
    async find(name: string) {
      const devices = await scanDevices(sources);
      const found = devices.get(name);
      return found && describeDevice(sources, found, devices);
    },
  };
  return {
    ...nodeDeviceQueryHandlers(book),
    ...nodeDeviceEventHandlers(watch.hub),
    ...watch.handlers(),
    ...pciHandlers(book, sources.sys),
  } satisfies Driver;
}

export const nodeDeviceDriver: SecondaryModule = {
  name: "nodedev",
  open() {
    const sources = hostSources();
    const watch = new DeviceWatch(sources);
    return { driver: makeHandlers(sources, watch), close: () => watch.close() };
  },
};
