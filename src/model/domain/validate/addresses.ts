/** Addresses and aliases: no two devices in one place or of one name. */
import type { Domain } from "../domain.ts";
import { isUserAlias } from "../info.ts";
import { allDevices } from "../lookup.ts";
import { unsupported } from "../refuse.ts";

export function validateAddresses(domain: Domain): void {
  validateDrives(domain);
  validateAliases(domain);
}

/** Disks and SCSI devices of the host share the units of a controller; each bus counts for itself. */
function validateDrives({ devices }: Domain): void {
  const taken = new Set<string>();
  for (const { target, address } of devices.disks) {
    if (address?.type !== "drive") continue;
    const { controller, bus, target: at, unit } = address;
    const place = `controller='${controller}' bus='${bus}' target='${at}' unit='${unit}'`;
    const key = `${target.bus} ${place}`;
    if (taken.has(key)) {
      unsupported(`Found duplicate drive address for disk with target name '${target.dev}' ${place}`);
    }
    taken.add(key);
  }
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi" || hostdev.address?.type !== "drive") continue;
    const { controller, bus, target, unit } = hostdev.address;
    const place = `controller='${controller}' bus='${bus}' target='${target}' unit='${unit}'`;
    if (taken.has(`scsi ${place}`)) unsupported(`SCSI host address ${place} in use by another SCSI host device`);
    taken.add(`scsi ${place}`);
  }
}

function validateAliases(domain: Domain): void {
  const seen = new Set<string>();
  const [serial] = domain.devices.serials;
  for (const { kind, device } of allDevices(domain)) {
    const { alias } = device;
    if (alias === undefined || !isUserAlias(alias)) continue;
    // The first console is the first serial port once more.
    if (kind === "consoles" && alias === serial?.alias) continue;
    if (seen.has(alias)) unsupported(`non unique alias detected: ${alias}`);
    seen.add(alias);
  }
}
