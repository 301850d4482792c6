/** Devices that left a guest, or came to it, while nobody looked. */
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

/** What came of a guest's devices. */
export interface Survey {
  /** Names of devices that the definition has and QEMU has not, any more or yet. */
  readonly left: readonly string[];
  /** Devices that QEMU had just been given. */
  readonly arrived: readonly KnownDevice[];
}

/** @param plugging names of devices that were being plugged in. */
export async function surveyDevices({ monitor, definition }: LiveDomain, plugging: readonly string[]): Promise<Survey> {
  const named = knownDevices(definition).filter(({ device: { alias } }) => alias !== undefined);
  const isNew = ({ device: { alias = "" } }: KnownDevice): boolean => plugging.includes(alias);
  const mayHaveLeft = (known: KnownDevice): boolean => canLeave(known.key) && isPluggedIn(known.device, busOf(known));
  const candidates = named.filter((known) => isNew(known) || mayHaveLeft(known));
  if (candidates.length === 0) return { left: [], arrived: [] };
  const there = new Set((await qomList(monitor, "/machine/peripheral")).map(({ name }) => name));
  const isThere = ({ device: { alias = "" } }: KnownDevice): boolean => there.has(alias);
  return {
    left: candidates.flatMap((known) => (isThere(known) ? [] : (known.device.alias ?? []))),
    arrived: candidates.filter((known) => isNew(known) && isThere(known)),
  };
}
