/** Parts of devices in a running QEMU: what a command line says at the start, said by monitor commands. */
import { LibvirtError } from "../../../errors.ts";
import type { DevicePart, OptionPart, Part } from "../launch/parts/part.ts";
import { blockdevAdd, blockdevDel } from "../monitor/commands/block.ts";
import {
  chardevAdd,
  chardevRemove,
  deviceAdd,
  deviceDel,
  netdevAdd,
  netdevDel,
  objectAdd,
  objectDel,
  setWatchdogAction,
} from "../monitor/commands/device.ts";
import { qmpError } from "../monitor/errors.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";

/** Makes all parts, or none. */
export async function addParts(monitor: QmpMonitor, parts: readonly Part[]): Promise<void> {
  const made: Part[] = [];
  try {
    for (const part of parts) {
      await addPart(monitor, part);
      made.push(part);
    }
  } catch (error) {
    // What was just plugged in, the guest has hardly seen.
    for (const { props } of made.filter(isDevice)) await deviceDel(monitor, String(props.id)).catch(() => {});
    await removeBackends(monitor, made);
    throw error;
  }
}

const isDevice = (part: Part): part is DevicePart => part.kind === "device";

async function addPart(monitor: QmpMonitor, part: Part): Promise<void> {
  switch (part.kind) {
    case "object":
      return objectAdd(monitor, part.props);
    case "blockdev":
      return blockdevAdd(monitor, part.props);
    case "chardev":
      await chardevAdd(monitor, part.id, part.backend);
      return;
    case "netdev":
      return netdevAdd(monitor, part.props);
    case "device":
      return deviceAdd(monitor, part.props);
    case "option":
      return addOption(monitor, part);
  }
}

/** What is an option at the start and has a command of its own later. */
async function addOption(monitor: QmpMonitor, { words: [name, value = ""] }: OptionPart): Promise<void> {
  if (name !== "-watchdog-action") {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", `a part of the board cannot be plugged in (${name})`);
  }
  await setWatchdogAction(monitor, value);
}

/**
 * Takes away what devices had besides themselves, the last first. What is not there any more, or is used by others, is
 * left: the guest has let the device go, and nobody could do anything about it.
 */
export async function removeBackends(monitor: QmpMonitor, parts: readonly Part[]): Promise<void> {
  for (const part of parts.toReversed()) {
    await removeBackend(monitor, part).catch((error) => {
      const isGone = /not found|failed to find/i.test(qmpError(error)?.message ?? "");
      if (monitor.isOpen && !isGone) process.emitWarning(String(error), "TsvirtWarning");
    });
  }
}

async function removeBackend(monitor: QmpMonitor, part: Part): Promise<void> {
  switch (part.kind) {
    case "object":
      return objectDel(monitor, String(part.props.id));
    case "blockdev":
      return blockdevDel(monitor, String(part.props["node-name"]));
    case "chardev":
      return chardevRemove(monitor, part.id);
    case "netdev":
      return netdevDel(monitor, String(part.props.id));
    case "device":
    case "option":
      return;
  }
}
