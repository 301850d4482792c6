/** Changing a device of a running guest, as far as QEMU lets it be changed. */
import { isDeepStrictEqual } from "node:util";
import { LibvirtError } from "../../../errors.ts";
import { limitTraffic } from "../../../host/traffic.ts";
import { type Disk, type GivenDevice, type Graphics, type Interface, imageOf } from "../../../model/domain/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { setLink } from "../monitor/commands/device.ts";
import { settingsFor } from "../run/host/facts.ts";
import { changeFilter } from "../run/network/filters.ts";
import { limitsOf, tapOf } from "../run/network/taps.ts";
import { setPasswords } from "../run/set-up.ts";
import { contains, meantCard } from "./find.ts";
import { changeMedium } from "./medium.ts";
import { nameOf, refuse } from "./refuse.ts";

/** Changes the device that is meant to what is described. */
export async function updateLive(
  host: QemuHost,
  domain: QemuDomain,
  given: GivenDevice,
  force: boolean,
): Promise<void> {
  const live = domain.running();
  switch (given.key) {
    case "disks":
      return updateDisk(host, domain, live, given.device as Disk, force);
    case "interfaces":
      return updateCard(host, domain, live, given.device as Interface);
    case "graphics":
      return updateGraphics(host, domain, live, given.device as Graphics);
    default:
      refuse(`live update of device '${nameOf(given)}' is not supported`, "CONFIG_UNSUPPORTED");
  }
}

async function updateDisk(host: QemuHost, domain: QemuDomain, live: LiveDomain, wanted: Disk, force: boolean) {
  const disk = live.definition.devices.disks.find(({ target }) => target.dev === wanted.target.dev);
  if (!disk) throw new LibvirtError("INTERNAL_ERROR", "QEMU", `disk '${wanted.target.dev}' not found`);
  refuseDiskChange(disk, wanted);
  if (sameMedium(disk, wanted)) return;
  await changeMedium(host, domain, live, disk, wanted, force);
}

const sameMedium = (disk: Disk, wanted: Disk): boolean =>
  imageOf(disk.storage) === imageOf(wanted.storage) &&
  (imageOf(wanted.storage) === undefined || (disk.driver?.type ?? "raw") === (wanted.driver?.type ?? "raw"));

/** What a drive keeps for its life; the names are those of libvirt's messages. */
function refuseDiskChange(disk: Disk, wanted: Disk): void {
  const fields: readonly (readonly [string, unknown, unknown])[] = [
    ["device", disk.device, wanted.device],
    ["bus", disk.target.bus, wanted.target.bus ?? disk.target.bus],
    ["geometry", disk.geometry, wanted.geometry],
    ["blockio", disk.blockio, wanted.blockio],
    ["wwn", disk.wwn, wanted.wwn],
    ["serial", disk.serial, wanted.serial],
    ["vendor", disk.vendor, wanted.vendor],
    ["product", disk.product, wanted.product],
    ["cache", disk.driver?.cache, wanted.driver?.cache],
    ["error_policy", disk.driver?.error_policy, wanted.driver?.error_policy],
    ["io", disk.driver?.io, wanted.driver?.io],
    ["copy_on_read", disk.driver?.copy_on_read, wanted.driver?.copy_on_read],
    ["shareable", disk.shareable === true, wanted.shareable === true],
    ["removable", disk.target.removable, wanted.target.removable],
  ];
  for (const [field, now, then] of fields) {
    if (!isDeepStrictEqual(now, then)) refuse(`cannot modify field '${field}' of the disk`);
  }
}

async function updateCard(host: QemuHost, domain: QemuDomain, live: LiveDomain, wanted: Interface): Promise<void> {
  const card = meantCard(live.definition, wanted);
  refuseCardChange(card, wanted);
  if ((card.link ?? "up") !== (wanted.link ?? "up") && card.alias !== undefined) {
    await setLink(live.monitor, card.alias, wanted.link !== "down");
  }
  const device = tapOf(live.definition, card.alias ?? "");
  if (!isDeepStrictEqual(card.bandwidth, wanted.bandwidth)) {
    if (device === undefined)
      refuse(`setting bandwidth on interfaces of type '${card.connection.type}' is not implemented yet`);
    await limitTraffic(device, limitsOf(wanted) ?? { inbound: undefined, outbound: undefined }, "QEMU");
  }
  if (!isDeepStrictEqual(card.filterref, wanted.filterref)) {
    await changeFilter(host.peers, live.definition, card, wanted.filterref);
  }
  for (const key of ["link", "bandwidth"] as const) {
    if (wanted[key] === undefined) delete card[key];
    else Object.assign(card, { [key]: wanted[key] });
  }
  host.noteStatus(domain);
}

/** Only the cable, the limits and the filter of a card that runs can be changed. */
function refuseCardChange(card: Interface, given: Interface): void {
  const { link: _, bandwidth: __, filterref: ___, ...wanted } = given;
  for (const [key, value] of Object.entries(wanted)) {
    const now = card[key as keyof Interface];
    if (contains(now, value)) continue;
    const what = key === "connection" ? "source" : key;
    const models = key === "model" ? ` from ${String(now)} to ${String(value)}` : "";
    refuse(`cannot modify network device ${what}${models}`);
  }
}

async function updateGraphics(host: QemuHost, domain: QemuDomain, live: LiveDomain, wanted: Graphics): Promise<void> {
  const { type } = wanted;
  const graphics = live.definition.devices.graphics.find((one) => one.type === type);
  if (!graphics) {
    const detail = `cannot find existing graphics device to modify of type '${type}'`;
    throw new LibvirtError("DEVICE_MISSING", "QEMU", detail);
  }
  if ((type !== "vnc" && type !== "spice") || graphics.type !== type) {
    return refuse(`unable to change config on '${type}' graphics type`);
  }
  refuseGraphicsChange(graphics as Addressed, wanted as Addressed);
  await setPasswords(live.monitor, wanted, await settingsFor(host, live.definition));
  for (const key of ["passwd", "passwdValidTo", "connected"] as const) {
    const value = (wanted as Addressed)[key];
    if (value === undefined) delete (graphics as Addressed)[key];
    else Object.assign(graphics, { [key]: value });
  }
  host.noteStatus(domain);
}

/** Graphics that clients connect to. */
export type Addressed = Extract<Graphics, { type: "vnc" | "spice" }>;

/** Refuses what of graphics is fixed while the guest runs. */
export function refuseGraphicsChange(now: Addressed, wanted: Addressed): void {
  const { type } = now;
  const cannot = (what: string) => refuse(`cannot change ${what} on '${type}' graphics`);
  if (!isDeepStrictEqual(listensOf(now), listensOf(wanted))) cannot("listen address setting");
  const isFree = wanted.port === undefined || wanted.port === -1 || wanted.autoport === true;
  if (!isFree && wanted.port !== now.port) cannot("port settings");
  if (wanted.keymap !== now.keymap) cannot("keymap setting");
}

/** Where graphics listen; who says nothing leaves the address open. */
function listensOf({ listens }: Addressed): unknown {
  if (listens.length === 0) return [{ type: "address" }];
  return listens;
}
