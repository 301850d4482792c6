/** Domains that start by themselves: when their root is opened for the first time since the host came up. */
import type { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { startStored } from "./start.ts";

/** Starts them one after the other. One that cannot start keeps nobody from the root. */
export async function autostartAll(host: XenHost): Promise<void> {
  for (const domain of [...host.domains]) {
    if (domain.autostart && !domain.live && !host.hasRun(domain)) await autostart(host, domain);
  }
}

async function autostart(host: XenHost, domain: XenDomain): Promise<void> {
  try {
    await domain.jobs.run("autostart", () => startStored(host, domain, { paused: false }));
  } catch (error) {
    process.emitWarning(`Failed to autostart domain '${domain.name}': ${String(error)}`, "TsvirtWarning");
  }
}
