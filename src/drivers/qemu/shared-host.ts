/** One root, many connections of one process: the first one opens it, the last one gives it back. */

import { QemuHost } from "./host.ts";
import { autostartAll } from "./run/autostart.ts";
import { takeOverAll } from "./run/take-over.ts";

/** Opens a root: the guests that run are taken over, and those that are meant to are started. */
async function openHost(root: string): Promise<QemuHost> {
  const host = await QemuHost.open(root);
  try {
    await takeOverAll(host);
    await autostartAll(host);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

interface Shared {
  readonly host: Promise<QemuHost>;
  users: number;
  /** Set while the last user leaves: who comes then waits and opens anew. */
  closing?: Promise<void>;
}

const hosts = new Map<string, Shared>();

/** A root as one connection uses it. */
export interface SharedHost {
  readonly host: QemuHost;
  /** Ends this use; the last one closes the root. */
  release(): Promise<void>;
}

/** Opens a root, or joins those in this process who have it open. */
export async function shareHost(root: string): Promise<SharedHost> {
  await hosts.get(root)?.closing;
  const shared = hosts.get(root) ?? { host: openHost(root), users: 0 };
  hosts.set(root, shared);
  shared.users++;
  try {
    const host = await shared.host;
    return { host, release: () => leave(root, shared, host) };
  } catch (error) {
    if (hosts.get(root) === shared) hosts.delete(root);
    throw error;
  }
}

async function leave(root: string, shared: Shared, host: QemuHost): Promise<void> {
  if (--shared.users > 0) return;
  shared.closing = host.close().finally(() => hosts.delete(root));
  await shared.closing;
}
