/** What each start of a domain decides anew and its live definition then says. */
import type { Domain } from "../../../model/domain/index.ts";
import { assignUsb } from "../addresses/usb.ts";
import { assignAliases } from "../aliases.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { type FirmwareContext, fillFirmware } from "../firmware/fill.ts";
import { alignMemory } from "./memory/sizes.ts";
import { prepareDevices } from "./prepare-devices.ts";
import { fitCpu, type HostCpu, offeredCpu } from "./processors/host-cpu.ts";
import { type GraphicsContext, listenAnywhere, takePorts } from "./screens/graphics-places.ts";

export interface PrepareContext extends GraphicsContext {
  readonly firmware: FirmwareContext;
  readonly capabilities: QemuCapabilities;
  /** The host's processor; without it guests that want its like get what there is of it. */
  readonly hostCpu?: HostCpu;
  /** The domain's own folder for sockets of channels. */
  readonly channelFolder: string;
  /** A graphics card of the host that renders for guests (`/dev/dri/renderD128`). */
  readonly renderNode: () => string;
  /** Where the bus is that screens are shown through, for graphics that name none. */
  readonly busAddress: () => string;
  readonly newUuid: () => string;
  /** The guest is not booted but goes on where it was saved or comes from. */
  readonly restored: boolean;
}

/**
 * Makes a copy of the stored definition that of a guest about to start. Changes it in place.
 * @throws LibvirtError for what this host does not have.
 */
export function prepareLaunch(domain: Domain, context: PrepareContext): void {
  // A guest that was saved has its USB devices where it had them.
  if (!context.restored) assignUsb(domain);
  assignAliases(domain);
  prepareDevices(domain, context.channelFolder);
  alignMemory(domain);
  completeGeneration(domain, context);
  fitCpu(domain, context.hostCpu ?? offeredCpu(domain, context.capabilities));
  fillFirmware(domain, context.firmware);
  listenAnywhere(domain, context);
  takePorts(domain, context);
  completeBuses(domain, context);
  completeRendering(domain, context);
}

function completeGeneration({ genid }: Domain, { newUuid }: PrepareContext): void {
  if (genid !== undefined) genid.value ??= newUuid();
}

function completeBuses({ devices }: Domain, { busAddress }: PrepareContext): void {
  for (const graphics of devices.graphics) {
    if (graphics.type === "dbus" && graphics.p2p !== true) graphics.address ??= busAddress();
  }
}

function completeRendering({ devices }: Domain, { renderNode }: PrepareContext): void {
  for (const graphics of devices.graphics) {
    switch (graphics.type) {
      case "egl-headless":
        graphics.gl ??= {};
        graphics.gl.rendernode ??= renderNode();
        break;
      case "spice":
      case "dbus":
        if (graphics.gl?.enable === true) graphics.gl.rendernode ??= renderNode();
        break;
    }
  }
}
