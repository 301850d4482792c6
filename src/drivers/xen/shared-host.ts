/** One root, many connections of one process: the first one opens it, the last one gives it back. */
import type { Caller } from "../../driver/session.ts";
import { SharedByKey, type Use } from "../../driver/shared.ts";
import { XenHost } from "./host.ts";
import { autostartAll } from "./run/autostart.ts";
import { Observer } from "./run/observe.ts";

const hosts = new SharedByKey<XenHost>();

/** Opens a root: the guests that run are found, and those that are meant to are started. */
async function openHost(root: string, peers?: Caller): Promise<XenHost> {
  const host = await XenHost.open(root, peers);
  try {
    const observer = new Observer(host);
    host.followedBy(observer);
    await observer.start();
    await autostartAll(host);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

/**
 * Opens a root, or joins those in this process who have it open.
 * @param peers the drivers for networks and the like; without them, guests cannot use what those manage
 */
export function shareHost(root: string, peers?: Caller): Promise<Use<XenHost>> {
  return hosts.join(root, () => openHost(root, peers));
}
