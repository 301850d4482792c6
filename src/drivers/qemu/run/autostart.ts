/** Domains that start by themselves: when their root is opened for the first time since the host came up. */
import type { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";
import { startStored } from "./stored.ts";

/** Starts them side by side. One that cannot start keeps nobody from the root. */
export async function autostartAll(host: QemuHost): Promise<void> {
  const waiting = [...host.domains].filter((domain) => domain.autostart && !domain.live && !host.hasRun(domain));
  await Promise.all(waiting.map((domain) => autostart(host, domain)));
}

async function autostart(host: QemuHost, domain: QemuDomain): Promise<void> {
  try {
    const bypassCache = host.settings.values.auto_start_bypass_cache;
    await domain.jobs.run("autostart", () => startStored(host, domain, { paused: false, bypassCache }));
  } catch (error) {
    process.emitWarning(`Failed to start job on VM '${domain.name}': ${String(error)}`, "TsvirtWarning");
  }
}
