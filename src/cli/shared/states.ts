/** virsh's words for states and their reasons, by libvirt's numbers. */
const states = ["no state", "running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended"];

const reasons: readonly (readonly string[])[] = [
  ["unknown"],
  [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "from snapshot",
    "unpaused",
    "migration canceled",
    "save canceled",
    "event wakeup",
    "crashed",
    "post-copy",
    "post-copy failed",
  ],
  ["unknown"],
  [
    "unknown",
    "user",
    "migrating",
    "saving",
    "dumping",
    "I/O error",
    "watchdog",
    "from snapshot",
    "shutting down",
    "creating snapshot",
    "crashed",
    "starting up",
    "post-copy",
    "post-copy failed",
  ],
  ["unknown", "user"],
  ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot", "daemon"],
  ["unknown", "panicked"],
  ["unknown"],
];

export function stateName(state: number): string {
  return states[state] ?? "no state";
}

export function stateReasonName(state: number, reason: number): string {
  return reasons[state]?.[reason] ?? "unknown";
}
