/** Plugging a running guest's virtual processors in and out. */
import { LibvirtError } from "../../../errors.ts";
import { type HotpluggableCpu, queryHotpluggableCpus } from "../monitor/commands/cpu.ts";
import { deviceAdd, deviceDel } from "../monitor/commands/device.ts";
import type { LiveDomain } from "./live.ts";
import { forgetVcpuThreads } from "./threads.ts";

/** How long a guest may take to let a processor go, in ms: libvirt's own limit. */
const patience = 5_000;

/** A place for processors with the number of the first one in it. */
interface Place {
  readonly slot: HotpluggableCpu;
  readonly first: number;
}

/** Plugs in or out until the guest has so many processors; what was plugged before a failure stays so. */
export async function plugVcpus(live: LiveDomain, count: number): Promise<void> {
  const places = placesOf(await queryHotpluggableCpus(live.monitor));
  const taken = places.filter(({ slot }) => slot["qom-path"] !== undefined);
  const now = taken.reduce((sum, { slot }) => sum + slot["vcpus-count"], 0);
  try {
    if (count > now) {
      const free = places.filter((place) => !taken.includes(place));
      for (const { slot, first } of choose(free, count - now)) {
        await deviceAdd(live.monitor, { driver: slot.type, id: `vcpu${first}`, ...slot.props });
      }
    } else {
      const removable = taken.filter(({ slot, first }) => slot["qom-path"] === `/machine/peripheral/vcpu${first}`);
      for (const { first } of choose(removable.reverse(), now - count)) await unplug(live, `vcpu${first}`);
    }
  } finally {
    forgetVcpuThreads(live);
  }
}

/** Before its start, plugs in the processors of a guest that its definition lists as there and pluggable, in its order. */
export async function plugListedVcpus(live: LiveDomain): Promise<void> {
  const listed = live.definition.vcpus?.vcpus ?? [];
  const wanted = listed.filter(({ enabled, hotpluggable }) => enabled && hotpluggable === true);
  if (wanted.length === 0) return;
  const places = placesOf(await queryHotpluggableCpus(live.monitor));
  const inOrder = wanted.toSorted((a, b) => (a.order ?? a.id) - (b.order ?? b.id));
  for (const { id } of inOrder) {
    const slot = places.find(({ first }) => first === id)?.slot;
    // Where several are plugged at once, the first of them brings the others.
    if (slot === undefined && places.some(({ first, slot }) => first < id && id < first + slot["vcpus-count"]))
      continue;
    if (slot === undefined || slot["qom-path"] !== undefined) {
      const detail = `vcpu ${id} cannot be plugged in: enable the ones below it that are not hotpluggable first`;
      throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
    }
    await deviceAdd(live.monitor, { driver: slot.type, id: `vcpu${id}`, ...slot.props });
  }
  forgetVcpuThreads(live);
}

/** QEMU tells the highest place first. */
function placesOf(slots: readonly HotpluggableCpu[]): Place[] {
  let first = 0;
  return [...slots].reverse().map((slot) => {
    const place = { slot, first };
    first += slot["vcpus-count"];
    return place;
  });
}

/** The places that hold exactly so many processors. */
function choose(candidates: readonly Place[], count: number): Place[] {
  const chosen: Place[] = [];
  let left = count;
  for (const place of candidates) {
    if (place.slot["vcpus-count"] > left) continue;
    chosen.push(place);
    left -= place.slot["vcpus-count"];
  }
  if (left === 0) return chosen;
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "QEMU",
    "failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count",
  );
}

async function unplug({ monitor }: LiveDomain, id: string): Promise<void> {
  const end = monitor.waitFor(
    ({ name, data }) => (name === "DEVICE_DELETED" || name === "DEVICE_UNPLUG_GUEST_ERROR") && data.device === id,
    "end of the unplugging",
    { timeout: patience },
  );
  // When the request itself fails, nobody waits for its end.
  end.catch(() => {});
  await deviceDel(monitor, id);
  const event = await end.catch((error) => {
    if (!monitor.isOpen) throw error;
    const detail = "vcpu unplug request timed out. Unplug result must be manually inspected in the domain";
    throw new LibvirtError("OPERATION_TIMEOUT", "QEMU", detail);
  });
  if (event.name === "DEVICE_DELETED") return;
  throw new LibvirtError("OPERATION_FAILED", "QEMU", `vcpu unplug request was rejected by the guest ('${id}')`);
}
