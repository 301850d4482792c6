/** What each start of a domain decides anew and its live definition then says. */
import type { Domain } from "../../../model/domain/index.ts";
import { assignUsb } from "../addresses/usb.ts";
import { assignAliases } from "../aliases.ts";
import { type FirmwareContext, fillFirmware } from "../firmware/fill.ts";
import type { LaunchSettings } from "./context.ts";
import { listenAnywhere, type PortSource, takePorts } from "./graphics-places.ts";
import { alignMemory } from "./memory-sizes.ts";
import { prepareDevices } from "./prepare-devices.ts";

export interface PrepareContext {
  readonly settings: Pick<LaunchSettings, "vnc" | "spice">;
  readonly firmware: FirmwareContext;
  /** The running domain's own folder. */
  readonly folder: string;
  /** The domain's own folder for sockets of channels. */
  readonly channelFolder: string;
  readonly ports: PortSource;
  /** Address of the host in a virtual network. */
  readonly networkAddress: (network: string) => string;
  /** A graphics card of the host that renders for guests (`/dev/dri/renderD128`). */
  readonly renderNode: () => string;
  readonly newUuid: () => string;
}

/**
 * Makes a copy of the stored definition that of a guest about to start. Changes it in place.
 * @throws LibvirtError for what this host does not have.
 */
export function prepareLaunch(domain: Domain, context: PrepareContext): void {
  // Guests found their USB devices on their own until now, which the stored definition does not show.
  assignUsb(domain);
  assignAliases(domain);
  prepareDevices(domain, context.channelFolder);
  alignMemory(domain);
  completeGeneration(domain, context);
  fillFirmware(domain, context.firmware);
  listenAnywhere(domain, context);
  takePorts(domain, context);
  completeRendering(domain, context);
}

function completeGeneration({ genid }: Domain, { newUuid }: PrepareContext): void {
  if (genid !== undefined) genid.value ??= newUuid();
}

function completeRendering({ devices }: Domain, { renderNode }: PrepareContext): void {
  for (const graphics of devices.graphics) {
    switch (graphics.type) {
      case "egl-headless":
        graphics.gl ??= {};
        graphics.gl.rendernode ??= renderNode();
        break;
      case "spice":
        if (graphics.gl?.enable === true) graphics.gl.rendernode ??= renderNode();
        break;
    }
  }
}
