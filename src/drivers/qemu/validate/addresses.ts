/** Kinds of addresses that a board does not have. */
import { allDevices, type Domain } from "../../../model/domain/index.ts";
import { isS390 } from "../definition/machine.ts";
import { unsupported } from "./refuse.ts";

export function validateAddresses(domain: Domain): void {
  if (isS390(domain)) return;
  for (const { device } of allDevices(domain)) {
    if (device.address?.type !== "ccw") continue;
    const name = device.alias ?? "<null>";
    unsupported(`cannot use CCW address type for device '${name}' using machine type '${domain.os.type.machine}'`);
  }
}
