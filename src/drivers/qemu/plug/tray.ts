/** The tray of a drive, which its guest moves as well. */
import { LibvirtError } from "../../../errors.ts";
import { closeTray, openTray, queryBlock } from "../monitor/commands/block.ts";
import { qmpError } from "../monitor/errors.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";

/** How long a guest that has locked its tray may take to open it, in ms. */
const patience = 5_000;

/** How often a tray is opened again that the guest closes in between. */
const attempts = 20;

export interface Tray {
  readonly monitor: QmpMonitor;
  /** The drive: the id of QEMU's device. */
  readonly id: string;
  /** The name of the drive in the guest, for errors. */
  readonly dev: string;
  /** Open it even when the guest has locked it. */
  readonly force: boolean;
}

/**
 * Does what needs an open tray. The guest may close it at any time: its system by a command, which QEMU tells, its
 * firmware by resetting the drive, which QEMU does not tell. Then it is opened again.
 * @param step a single command, which QEMU refuses when the tray is closed.
 * @throws LibvirtError OPERATION_FAILED when the guest keeps the tray locked.
 */
export async function withTrayOpen(tray: Tray, step: () => Promise<void>): Promise<void> {
  for (let left = attempts; ; left--) {
    // Heard from before the command on, so that no opening is missed.
    const given = new AbortController();
    const opened = trayOpens(tray, given.signal);
    try {
      await open(tray);
      await step();
      return;
    } catch (error) {
      if (!isTrayClosed(error) || left === 1) throw error;
      // Whom QEMU has asked to open a locked tray does so when it likes; any other tray has been closed again.
      if (await isLocked(tray)) await opened;
    } finally {
      given.abort();
    }
  }
}

/** Shuts the tray; one that is shut stays so. */
export const shutTray = ({ monitor, id }: Tray): Promise<void> => closeTray(monitor, id);

/** Opens the tray, or asks a guest that has locked it: QEMU's answer is the same, or says that one has to wait. */
async function open({ monitor, id, force }: Tray): Promise<void> {
  try {
    await openTray(monitor, id, force);
  } catch (error) {
    if (!/is locked/.test(qmpError(error)?.message ?? "")) throw error;
  }
}

/** The tray's next opening; nobody need wait for it. */
function trayOpens({ monitor, id, dev }: Tray, signal: AbortSignal): Promise<void> {
  const opened = monitor
    .waitFor(({ name, data }) => name === "DEVICE_TRAY_MOVED" && data.id === id && data["tray-open"] === true, "tray", {
      timeout: patience,
      signal,
    })
    .then(
      () => {},
      (error) => {
        if (!monitor.isOpen) throw error;
        throw new LibvirtError("OPERATION_FAILED", "QEMU", `timed out waiting to open tray of '${dev}'`, {
          cause: error,
        });
      },
    );
  opened.catch(() => {});
  return opened;
}

const isTrayClosed = (error: unknown): boolean => /tray .* not open/i.test(qmpError(error)?.message ?? "");

async function isLocked({ monitor, id }: Tray): Promise<boolean> {
  const drive = (await queryBlock(monitor)).find(({ qdev, device }) => qdev === id || device === id);
  return drive?.locked === true && drive.tray_open !== true;
}
