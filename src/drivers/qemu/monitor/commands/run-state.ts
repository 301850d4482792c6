/** Whether the guest runs: its state, pausing and continuing, the power and reset buttons, the emulator's end. */
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { boolean, fields, nothing, type Of, string } from "../shape.ts";

const runState = fields({ status: string, running: boolean });

/** `status` is QEMU's RunState: running, paused, prelaunch, inmigrate, postmigrate, shutdown, guest-panicked, ... */
export type RunState = Of<typeof runState>;

export function queryStatus(qemu: CommandRunner, options?: CallOptions): Promise<RunState> {
  return qemu.ask("query-status", runState, undefined, options);
}

/** Lets the vCPUs run. */
export function cont(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("cont", nothing, undefined, options);
}

/** Pauses the vCPUs; done when it returns. */
export function stop(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("stop", nothing, undefined, options);
}

/** Presses the power button; the guest may take its time, or ignore it. */
export function systemPowerdown(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("system_powerdown", nothing, undefined, options);
}

/** Presses the reset button. */
export function systemReset(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("system_reset", nothing, undefined, options);
}

/** Wakes a suspended guest. */
export function systemWakeup(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("system_wakeup", nothing, undefined, options);
}

/** Ends the emulator; the monitor ends with it. */
export function quit(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("quit", nothing, undefined, options);
}

/** Sends a non-maskable interrupt to the guest. */
export function injectNmi(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("inject-nmi", nothing, undefined, options);
}

/** What happens when the guest ends, reboots or panics by itself; what is not given stays as it is. */
export interface Actions {
  readonly reboot?: "reset" | "shutdown";
  readonly shutdown?: "poweroff" | "pause";
  readonly panic?: "pause" | "shutdown" | "exit-failure" | "none";
  readonly watchdog?: "reset" | "shutdown" | "poweroff" | "pause" | "debug" | "none" | "inject-nmi";
}

export function setAction(qemu: CommandRunner, actions: Actions, options?: CallOptions): Promise<void> {
  return qemu.ask("set-action", nothing, { ...actions }, options);
}

/** After a long pause: does not deliver the clock ticks that the guest missed. */
export function rtcResetReinjection(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("rtc-reset-reinjection", nothing, undefined, options);
}
