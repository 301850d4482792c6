/** How a stored domain starts: from its managed save when it has one, otherwise by booting. */
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { restoreImage } from "../save/restore.ts";
import { boot } from "./power.ts";

export interface StartStoredOptions {
  readonly paused: boolean;
  /** Boots anew; a managed save is thrown away. */
  readonly forceBoot?: boolean;
  /** The host's cache is left alone when the managed save is read. */
  readonly bypassCache?: boolean;
  /** The firmware's variables are made anew. */
  readonly resetNvram?: boolean;
  readonly signal?: AbortSignal;
}

/** Starts a stored domain that is off. */
export async function startStored(
  host: QemuHost,
  domain: QemuDomain,
  options: StartStoredOptions,
): Promise<LiveDomain> {
  if (!domain.managedSave) return boot(host, domain, options);
  if (options.forceBoot) {
    await host.removeManagedSave(domain);
    return boot(host, domain, options);
  }
  const { paused, signal, bypassCache = false, resetNvram = false } = options;
  const live = await restoreImage(host, domain, host.managedSavePath(domain), {
    managed: true,
    bypassCache,
    resetNvram,
    ...(paused && { running: false }),
    ...(signal && { signal }),
  });
  await host.removeSpentSave(domain, live);
  return live;
}
