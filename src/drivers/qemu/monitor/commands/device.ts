/** Devices, objects, network back ends and character devices: adding and taking away while the guest runs. */
import type { JsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, boolean, fields, nothing, type Of, object, optional, string } from "../shape.ts";

/** @param device `driver`, `id` and the device's properties, with the types that they have on the command line. */
export function deviceAdd(qemu: CommandRunner, device: JsonObject, options?: CallOptions): Promise<void> {
  return qemu.ask("device_add", nothing, device, options);
}

/** Asks the guest to let a device go. DEVICE_DELETED tells that it did, DEVICE_UNPLUG_GUEST_ERROR that it will not. */
export function deviceDel(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("device_del", nothing, { id }, options);
}

/** @param definition `qom-type`, `id` and the object's properties. */
export function objectAdd(qemu: CommandRunner, definition: JsonObject, options?: CallOptions): Promise<void> {
  return qemu.ask("object-add", nothing, definition, options);
}

/** What QEMU does when a watchdog barks. */
export function setWatchdogAction(qemu: CommandRunner, action: string, options?: CallOptions): Promise<void> {
  return qemu.ask("watchdog-set-action", nothing, { action }, options);
}

export function objectDel(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("object-del", nothing, { id }, options);
}

export function netdevAdd(qemu: CommandRunner, netdev: JsonObject, options?: CallOptions): Promise<void> {
  return qemu.ask("netdev_add", nothing, netdev, options);
}

export function netdevDel(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("netdev_del", nothing, { id }, options);
}

/** Plugs or pulls a network device's cable. */
export function setLink(qemu: CommandRunner, id: string, up: boolean, options?: CallOptions): Promise<void> {
  return qemu.ask("set_link", nothing, { name: id, up }, options);
}

/** What addresses a guest's network device listens to. */
export function queryRxFilter(qemu: CommandRunner, id: string, options?: CallOptions): Promise<JsonObject[]> {
  return qemu.ask("query-rx-filter", array(object), { name: id }, options);
}

const chardev = fields({
  label: string,
  /** What it is connected to: `pty:/dev/pts/3`, `unix:PATH,server=on`, `disconnected:...` */
  filename: string,
  "frontend-open": optional(boolean),
});

export type ChardevInfo = Of<typeof chardev>;

export function queryChardev(qemu: CommandRunner, options?: CallOptions): Promise<ChardevInfo[]> {
  return qemu.ask("query-chardev", array(chardev), undefined, options);
}

/** Adds a character device; gives the path of its terminal if it is a pty. */
export async function chardevAdd(
  qemu: CommandRunner,
  id: string,
  backend: JsonObject,
  options?: CallOptions,
): Promise<string | undefined> {
  return (await qemu.ask("chardev-add", fields({ pty: optional(string) }), { id, backend }, options)).pty;
}

export function chardevRemove(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("chardev-remove", nothing, { id }, options);
}

/** Runs a command of the human monitor, gives what it prints. Its errors are in the text. */
export function humanMonitorCommand(qemu: CommandRunner, line: string, options?: CallOptions): Promise<string> {
  return qemu.ask("human-monitor-command", string, { "command-line": line }, options);
}
