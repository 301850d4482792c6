/** What is decided of devices when a guest starts, and is seen in its definition while it runs. */
import { type Channel, type Domain, imageOf, type Storage } from "../../../model/domain/index.ts";
import { numberImages } from "./images/numbers.ts";

/**
 * Completes the definition of a guest that is about to start: numbers of images, sockets of channels. Changes it in
 * place; volumes and backing chains are in it already.
 * @param channelFolder the domain's own folder for sockets of channels.
 */
export function prepareDevices(domain: Domain, channelFolder: string): void {
  numberImages(domain);
  emptyDrives(domain);
  placeChannels(domain, channelFolder);
}

/** A drive without a medium has no format either. */
function emptyDrives({ devices }: Domain): void {
  for (const { storage, driver } of devices.disks) {
    if (driver !== undefined && imageOf(storage) === undefined && isEmptiable(storage)) delete driver.type;
  }
}

const isEmptiable = ({ type }: Storage): boolean => type === "file" || type === "block";

/** A channel that nothing else serves is reached through a socket, called as the guest calls the channel. */
export function placeChannels({ devices }: Pick<Domain, "devices">, folder: string): void {
  for (const channel of devices.channels) {
    const { backend } = channel;
    if (backend.type !== "unix" || backend.source?.path !== undefined) continue;
    const path = `${folder}/${socketName(channel)}`;
    backend.source = { seclabels: [], ...backend.source, mode: "bind", path };
  }
}

/** The channel's name, which may hold anything, as that of a file; or its place, where it has no name. */
function socketName({ target, address, alias }: Channel): string {
  const name = target.type === "virtio" ? target.name : undefined;
  if (name !== undefined) return name.replaceAll("/", "_").replace(/^\.+/, "_");
  if (address?.type !== "virtio-serial") return `${alias ?? "channel"}.sock`;
  const digits = [address.controller, address.bus, address.port].map((part) => String(part).padStart(2, "0"));
  return `vioser-${digits.join("-")}.sock`;
}
