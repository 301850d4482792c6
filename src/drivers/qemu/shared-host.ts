/** One root, many connections of one process: the first one opens it, the last one gives it back. */
import type { Caller } from "../../driver/session.ts";
import { SharedByKey } from "../../driver/shared.ts";
import { QemuHost } from "./host.ts";
import { autostartAll } from "./run/autostart.ts";
import { takeOverAll } from "./run/take-over.ts";

/** Opens a root: the guests that run are taken over, and those that are meant to are started. */
async function openHost(root: string, peers?: Caller): Promise<QemuHost> {
  const host = await QemuHost.open(root, peers);
  try {
    await takeOverAll(host);
    await autostartAll(host);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

const hosts = new SharedByKey<QemuHost>();

/** A root as one connection uses it. */
export interface SharedHost {
  readonly host: QemuHost;
  /** Ends this use; the last one closes the root. */
  release(): Promise<void>;
}

/**
 * Opens a root, or joins those in this process who have it open.
 * @param peers the drivers for networks and the like; without them, guests cannot use what those manage
 */
export async function shareHost(root: string, peers?: Caller): Promise<SharedHost> {
  const { state, release } = await hosts.join(root, () => openHost(root, peers));
  return { host: state, release };
}
