/** What is decided of devices when a guest starts, and is seen in its definition while it runs. */
import type { Domain } from "../../../model/domain/index.ts";
import { numberImages } from "./image-numbers.ts";

/**
 * Completes the definition of a guest that is about to start: numbers of images, sockets of channels. Changes it in
 * place; volumes and backing chains are in it already.
 * @param channelFolder the domain's own folder for sockets of channels.
 */
export function prepareDevices(domain: Domain, channelFolder: string): void {
  numberImages(domain);
  placeChannels(domain, channelFolder);
}

/** A channel that nothing else serves is reached through a socket, called as the guest calls the channel. */
function placeChannels({ devices }: Domain, folder: string): void {
  for (const { backend, target, alias } of devices.channels) {
    if (backend.type !== "unix" || backend.source?.path !== undefined) continue;
    const name = (target.type === "virtio" && target.name) || alias;
    if (name === undefined) continue;
    backend.source = { seclabels: [], ...backend.source, mode: "bind", path: `${folder}/${fileName(name)}` };
  }
}

/** A name as one of a file: guests' names may hold anything. */
const fileName = (name: string): string => name.replaceAll("/", "_").replace(/^\.+/, "_");
