/** Plugging a device into a running guest. */
import { LibvirtError } from "../../../errors.ts";
import type { GivenDevice } from "../../../model/domain/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import { statusOf } from "../domain/status.ts";
import type { QemuHost } from "../host.ts";
import { placeChannels } from "../launch/prepare-devices.ts";
import { makeOwnFolder, usesChannelFolder } from "../run/files/own-folder.ts";
import { findHostFacts, type HostFacts } from "../run/host/facts.ts";
import { completeChains } from "../run/images/chains.ts";
import { findVolumes } from "../run/images/volumes.ts";
import { bindFilters, unbindFilters } from "../run/network/filters.ts";
import { releasePorts, takePorts } from "../run/network/ports.ts";
import { deleteTaps, makeTaps } from "../run/network/taps.ts";
import { validationFor } from "../run/plan.ts";
import { setUpDevices } from "../run/set-up.ts";
import { refuseUnavailable } from "../unavailable/index.ts";
import { validateQemu } from "../validate/index.ts";
import { type Addition, commitAddition, completeAddition, numberAddition } from "./complete.ts";
import { giveFiles, takeFilesBack } from "./files.ts";
import { addParts } from "./monitor-parts.ts";
import { partsContext, partsOfDevice } from "./parts.ts";
import { refuseAttach } from "./refuse.ts";

/**
 * Plugs a device in; the live definition says so when it is there, and nothing is left when it is refused.
 * @returns the device's name.
 */
export async function attachLive(host: QemuHost, domain: QemuDomain, given: GivenDevice): Promise<string> {
  const live = domain.running();
  refuseAttach(live.definition, given);
  const addition = await completeAddition(host, live, given);
  const found = await prepare(host, domain, live, addition);
  await plug(host, domain, live, addition, found);
  commitAddition(live, addition);
  live.plugging = null;
  host.noteStatus(domain);
  const alias = addition.added.find(({ key }) => key === given.key)?.device.alias ?? "";
  for (const { device } of addition.added) {
    host.hub.emit("domainEventCallbackDeviceAdded", { dom: domain.ref, devAlias: device.alias ?? "" });
  }
  return alias;
}

/** Looks at the host for all that the device needs, before anything is changed. */
async function prepare(host: QemuHost, domain: QemuDomain, live: LiveDomain, addition: Addition): Promise<HostFacts> {
  const { definition, only } = addition;
  await findVolumes(host.peers, only);
  const found = await findHostFacts(host, only);
  validateQemu(definition, validationFor(live.capabilities, found));
  refuseUnavailable(only, { isRoot: process.geteuid?.() === 0 });
  const [missing] = await completeChains(only);
  if (missing !== undefined && missing.disk.device !== "cdrom") {
    throw new LibvirtError(
      "SYSTEM_ERROR",
      "QEMU",
      `Cannot access storage file '${missing.path}': No such file or directory`,
    );
  }
  numberAddition(addition, live);
  placeChannels(only, host.layout.channelFolder(live.id, domain.name));
  return found;
}

async function plug(
  host: QemuHost,
  domain: QemuDomain,
  live: LiveDomain,
  addition: Addition,
  found: HostFacts,
): Promise<void> {
  const { definition, only, added } = addition;
  const { identity } = host.settings;
  const channels = host.layout.channelFolder(live.id, domain.name);
  if (usesChannelFolder(only, channels)) await makeOwnFolder(channels, identity);
  await takePorts(host.peers, only);
  let madeTaps = false;
  try {
    await makeTaps(only, identity);
    madeTaps = true;
    await bindFilters(host.peers, only);
    const context = await partsContext(host, live, definition, found);
    const parts = added.flatMap((one) => partsOfDevice(one, context));
    announce(live, addition);
    await giveFiles(host, domain, live, only);
    await host.statuses.write(statusOf(domain, live));
    await addParts(live.monitor, parts);
    await setUpDevices(live.monitor, only);
  } catch (error) {
    live.plugging = null;
    if (madeTaps) {
      await unbindFilters(host.peers, only.devices.interfaces);
      await deleteTaps(only.devices.interfaces);
    }
    await releasePorts(host.peers, only.devices.interfaces);
    await takeFilesBack(host, live, only);
    host.noteStatus(domain);
    throw error;
  }
}

/** From now on the status says what is about to be there: whoever comes after us asks QEMU whether it is. */
function announce(live: LiveDomain, addition: Addition): void {
  const planned = { definition: { ...live.definition, devices: { ...live.definition.devices } } };
  commitAddition(planned, addition);
  const aliases = addition.added.flatMap(({ device: { alias } }) => alias ?? []);
  live.plugging = { aliases, definition: planned.definition };
}
