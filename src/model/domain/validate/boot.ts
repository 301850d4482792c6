/** The order in which devices are tried for booting. */
import type { Domain } from "../domain.ts";
import { allDevices } from "../lookup.ts";
import { broken, malformed, unsupported } from "../refuse.ts";

export function validateBoot({ os, devices }: Domain): void {
  const boots: Boot[] = [];
  for (const { device } of allDevices({ devices }))
    if ("boot" in device && device.boot) boots.push(device.boot as Boot);
  if (boots.length > 0 && os.boots.length > 0) {
    unsupported("per-device boot elements cannot be used together with os/boot elements");
  }
  const orders = new Set<number>();
  for (const { order, loadparm } of boots) {
    if (orders.has(order)) unsupported(`boot order '${order}' used for more than one device`);
    orders.add(order);
    if (loadparm !== undefined) checkLoadparm(loadparm);
  }
  checkBios(os.bios);
  if (os.type.value === "exe" && os.init === undefined) malformed("init binary must be specified");
}

interface Boot {
  readonly order: number;
  readonly loadparm?: string;
}

function checkLoadparm(loadparm: string): void {
  if (loadparm.length < 1 || loadparm.length > 8) {
    broken(`loadparm value '${loadparm}' must be between 1 and 8 characters`);
  }
  if (!/^[A-Z0-9. ]*$/.test(loadparm)) {
    broken(`invalid loadparm value '${loadparm}', expecting chars in set of [a-zA-Z0-9.] and blank spaces`);
  }
}

function checkBios(bios: Domain["os"]["bios"]): void {
  const timeout = bios?.rebootTimeout;
  if (timeout !== undefined && (timeout < -1 || timeout > 65535)) {
    unsupported("invalid value for rebootTimeout, must be in range [-1,65535]");
  }
}
