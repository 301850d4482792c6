/** The parts that devices of a running guest consist of: the same as at its start. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import type { DeviceContext } from "../launch/devices/context.ts";
import { deviceParts, isDeviceKind } from "../launch/devices/parts.ts";
import type { Part } from "../launch/parts/part.ts";
import { masterKeyName } from "../launch/process.ts";
import type { HostFacts } from "../run/host/facts.ts";
import { tapOf } from "../run/network/taps.ts";
import { plugContext } from "../run/plan.ts";
import type { KnownDevice } from "./lists.ts";

/** What parts are made from of devices that come or go. */
export async function partsContext(
  host: QemuHost,
  { capabilities, folder }: LiveDomain,
  definition: Definition,
  found: HostFacts,
): Promise<DeviceContext> {
  // Its secrets are sealed with the key that the guest was given at its start.
  const masterKey = await readFile(join(folder, masterKeyName)).catch(() => new Uint8Array(32));
  return plugContext(host, definition, { capabilities, folder, found, tapOf }, masterKey);
}

/** All parts of a device. */
export function partsOfDevice({ key, device }: KnownDevice, context: DeviceContext): Part[] {
  if (isDeviceKind(key)) return deviceParts(key, device as Parameters<typeof deviceParts<typeof key>>[1], context);
  throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", `devices of '${key}' cannot be plugged in yet`);
}
