/** Devices that left a guest while nobody looked. */
import type { AnyDevice } from "../../../model/domain/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import { qomList } from "../monitor/commands/qom.ts";
import { type KnownDevice, knownDevices } from "./lists.ts";
import { canLeave } from "./refuse.ts";

/** Places in which QEMU knows devices by their names; what has none of these may be a part of the board. */
const places: ReadonlySet<string> = new Set(["pci", "usb", "ccw", "virtio-serial"]);

function isPluggedIn({ address }: AnyDevice, bus: string | undefined): boolean {
  if (address === undefined) return false;
  return places.has(address.type) || (address.type === "drive" && (bus === "scsi" || bus === "usb"));
}

const busOf = ({ device }: KnownDevice): string | undefined => (device as { target?: { bus?: string } }).target?.bus;

/** Names of devices that the definition has and QEMU has not any more. */
export async function leftDevices({ monitor, definition }: LiveDomain): Promise<string[]> {
  const candidates = knownDevices(definition).filter(
    (known) => canLeave(known.key) && known.device.alias !== undefined && isPluggedIn(known.device, busOf(known)),
  );
  if (candidates.length === 0) return [];
  const there = new Set((await qomList(monitor, "/machine/peripheral")).map(({ name }) => name));
  return candidates.flatMap(({ device: { alias = "" } }) => (there.has(alias) ? [] : [alias]));
}
