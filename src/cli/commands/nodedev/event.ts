/** What happens to the host's devices. */
import { deviceNames, lookupDevice } from "../../objects/device.ts";
import { objectEvent } from "../../shared/object-event.ts";

export const nodedevEvent = objectEvent({
  name: "nodedev-event",
  objects: "the host's devices",
  noun: "node device",
  option: "device",
  complete: deviceNames,
  lookup: lookupDevice,
  label: (device) => device.name(),
  types: { lifecycle: "nodeDeviceLifecycle", update: "nodeDeviceUpdate" },
});
