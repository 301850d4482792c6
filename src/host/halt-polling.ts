/** How long the kernel's KVM has polled for guests that wait, as its debug files tell. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface HaltPolling {
  /** Time in ns after which the guest went on, or did not. */
  readonly success: bigint;
  readonly fail: bigint;
}

/** Of a process that runs a guest; null where the kernel does not tell. */
export async function haltPollingOf(pid: number, root = "/sys/kernel/debug/kvm"): Promise<HaltPolling | null> {
  const names = await readdir(root).catch(() => []);
  const name = names.find((one) => one.startsWith(`${pid}-`));
  if (name === undefined) return null;
  const [success, fail] = await Promise.all(
    ["halt_poll_success_ns", "halt_poll_fail_ns"].map(async (file) => {
      const text = (await readFile(join(root, name, file), "utf8").catch(() => "")).trim();
      return /^\d{1,20}$/.test(text) ? BigInt(text) : null;
    }),
  );
  return success == null || fail == null ? null : { success, fail };
}
