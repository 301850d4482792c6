/** What QEMU tells unasked: the events that the driver acts on, with what they carry. */
import type { QmpEvent, QmpEventListener } from "./qmp.ts";
import { boolean, fields, int, int64, nothing, type Of, object, optional, string } from "./shape.ts";

const blockJob = fields({
  type: string,
  device: string,
  len: int64,
  offset: int64,
  speed: int64,
  error: optional(string),
});
const unplug = fields({ device: optional(string), path: string });
const client = fields({ server: object, client: object });

/** Each event with the shape of its data. */
export const eventShapes = {
  /** The guest or QEMU ends: guest-shutdown, host-signal, host-qmp-quit, guest-panic, ... */
  SHUTDOWN: fields({ guest: boolean, reason: optional(string) }),
  POWERDOWN: nothing,
  RESET: fields({ guest: boolean, reason: optional(string) }),
  STOP: nothing,
  RESUME: nothing,
  SUSPEND: nothing,
  SUSPEND_DISK: nothing,
  WAKEUP: nothing,
  WATCHDOG: fields({ action: string }),
  GUEST_PANICKED: fields({ action: string, info: optional(object) }),
  GUEST_CRASHLOADED: fields({ action: string, info: optional(object) }),
  MEMORY_FAILURE: fields({ recipient: string, action: string, flags: object }),
  /** Bytes that the guest has now. */
  BALLOON_CHANGE: fields({ actual: int64 }),
  /** Seconds between the guest's clock and the host's. */
  RTC_CHANGE: fields({ offset: int64 }),
  BLOCK_IO_ERROR: fields({
    device: string,
    "node-name": optional(string),
    operation: string,
    action: string,
    nospace: optional(boolean),
    reason: optional(string),
  }),
  BLOCK_JOB_COMPLETED: blockJob,
  BLOCK_JOB_CANCELLED: blockJob,
  BLOCK_JOB_READY: blockJob,
  BLOCK_WRITE_THRESHOLD: fields({ "node-name": string, "amount-exceeded": int64, "write-threshold": int64 }),
  JOB_STATUS_CHANGE: fields({ id: string, status: string }),
  DEVICE_TRAY_MOVED: fields({ device: string, id: string, "tray-open": boolean }),
  DEVICE_DELETED: unplug,
  DEVICE_UNPLUG_GUEST_ERROR: unplug,
  ACPI_DEVICE_OST: fields({ info: object }),
  NIC_RX_FILTER_CHANGED: fields({ name: optional(string), path: string }),
  /** The guest opened or closed its end of a virtio-serial port. */
  VSERPORT_CHANGE: fields({ id: string, open: boolean }),
  MIGRATION: fields({ status: string }),
  MIGRATION_PASS: fields({ pass: int }),
  DUMP_COMPLETED: fields({ result: object, error: optional(string) }),
  MEMORY_DEVICE_SIZE_CHANGE: fields({ id: optional(string), size: int64 }),
  PR_MANAGER_STATUS_CHANGED: fields({ id: string, connected: boolean }),
  VNC_CONNECTED: client,
  VNC_INITIALIZED: client,
  VNC_DISCONNECTED: client,
  SPICE_CONNECTED: client,
  SPICE_INITIALIZED: client,
  SPICE_DISCONNECTED: client,
} as const;

export type EventName = keyof typeof eventShapes;
export type EventData<N extends EventName> = Of<(typeof eventShapes)[N]>;

export type EventHandlers = {
  readonly [N in EventName]?: (data: EventData<N>, event: QmpEvent) => void;
};

/**
 * A listener that calls the handler of each event with checked data. An event whose data is not what it must be goes
 * to `malformed`: a guest that has broken into its QEMU can send such ones.
 */
export function eventDispatcher(
  handlers: EventHandlers,
  malformed: (event: QmpEvent, error: unknown) => void,
): QmpEventListener {
  return (event) => {
    const name = event.name as EventName;
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (handler === undefined) return;
    let data: unknown;
    try {
      data = eventShapes[name](event.data, event.name);
    } catch (error) {
      malformed(event, error);
      return;
    }
    (handler as (data: unknown, event: QmpEvent) => void)(data, event);
  };
}
