/** Changing what is in a drive of a running guest. */
import { type Disk, imageOf } from "../../../model/domain/index.ts";
import { driveOf } from "../domain/blocks.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import type { DeviceContext } from "../launch/devices/context.ts";
import { diskBackendParts, topNode } from "../launch/devices/disk.ts";
import { highestImage, numberDisk } from "../launch/images/numbers.ts";
import { insertMedium, removeMedium } from "../monitor/commands/block.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import { findHostFacts } from "../run/host/facts.ts";
import { completeChains } from "../run/images/chains.ts";
import { findVolumes } from "../run/images/volumes.ts";
import { refuseUnavailableDisk } from "../unavailable/index.ts";
import { giveFiles, takeFilesBack } from "./files.ts";
import { onlyWith } from "./lists.ts";
import { addParts, removeBackends } from "./monitor-parts.ts";
import { partsContext } from "./parts.ts";
import { refuse } from "./refuse.ts";
import { shutTray, type Tray, withTrayOpen } from "./tray.ts";

/** Drives whose medium can be changed while the guest runs. */
export const isDrive = ({ device }: Disk): boolean => device === "cdrom" || device === "floppy";

/** The drive with another medium in it, or with none; all else of it stays. */
function withMedium(disk: Disk, wanted: Disk): Disk {
  const { storage, backingStore } = structuredClone(wanted) as Disk;
  const { backingStore: _, ...rest } = structuredClone(disk) as Disk;
  const driver = { ...rest.driver, type: wanted.driver?.type ?? "raw" } as NonNullable<Disk["driver"]>;
  // An empty drive has a number as well.
  if (storage.source === undefined) Object.assign(storage, { source: { index: 0, seclabels: [] } });
  return { ...rest, driver, storage, ...(backingStore && { backingStore }) };
}

/**
 * Changes the medium of a drive. When that fails the old one is in the drive again.
 * @param force open the tray even when the guest has locked it.
 */
export async function changeMedium(
  host: QemuHost,
  domain: QemuDomain,
  live: LiveDomain,
  disk: Disk,
  wanted: Disk,
  force: boolean,
): Promise<void> {
  if (!isDrive(disk)) refuse("disk source can be changed only in removable drives", "CONFIG_UNSUPPORTED");
  const next = withMedium(disk, wanted);
  refuseUnavailableDisk(next);
  const old = onlyWith(live.definition, [{ key: "disks", device: structuredClone(disk) }]);
  const only = onlyWith(live.definition, [{ key: "disks", device: next }]);
  await findVolumes(host.peers, only);
  await completeChains(only);
  numberDisk(next, highestImage(live.definition));
  const context = await partsContext(host, live, only, await findHostFacts(host, only));
  const { monitor } = live;
  try {
    await giveFiles(host, domain, live, only);
    const parts = diskBackendParts(next, context);
    await addParts(monitor, parts);
    try {
      await swap(monitor, { disk, node: topNode(disk, context) }, topNode(next, context), force);
    } catch (error) {
      await removeBackends(monitor, parts);
      throw error;
    }
  } catch (error) {
    await takeFilesBack(host, live, only);
    host.noteStatus(domain);
    throw error;
  }
  await removeBackends(monitor, oldParts(old.devices.disks[0], context));
  commit(disk, next);
  await takeFilesBack(host, live, old);
  host.noteStatus(domain);
}

/** The nodes of what was in the drive; a drive without a medium has none. */
function oldParts(old: Disk | undefined, context: DeviceContext) {
  return old === undefined || imageOf(old.storage) === undefined ? [] : diskBackendParts(old, context);
}

function commit(disk: Disk, { driver, storage, backingStore }: Disk): void {
  Object.assign(disk, { driver, storage });
  if (backingStore === undefined) delete disk.backingStore;
  else disk.backingStore = backingStore;
}

/** A drive of floppies has no tray, nor has one on USB. */
const hasTray = ({ device, target }: Disk): boolean => device === "cdrom" && target.bus !== "usb";

interface Loaded {
  readonly disk: Disk;
  /** The node that the drive shows now. */
  readonly node: string | undefined;
}

async function swap(monitor: QmpMonitor, { disk, node }: Loaded, next: string | undefined, force: boolean) {
  const tray: Tray = { monitor, id: driveOf(disk), dev: disk.target.dev, force };
  const { id } = tray;
  const step = (command: () => Promise<void>) => (hasTray(disk) ? withTrayOpen(tray, command) : command());
  const shut = async () => (hasTray(disk) ? shutTray(tray) : undefined);
  if (node !== undefined) await step(() => removeMedium(monitor, id));
  try {
    if (next !== undefined) await step(() => insertMedium(monitor, id, next));
  } catch (error) {
    if (node !== undefined) await step(() => insertMedium(monitor, id, node)).catch(() => {});
    await shut().catch(() => {});
    throw error;
  }
  await shut();
}
