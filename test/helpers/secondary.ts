/** A driver that serves beside a hypervisor's, alone: what it answers, on a root of its own. */

import { mkdir } from "node:fs/promises";
import type { SecondaryModule } from "../../src/driver/compose.ts";
import { Router } from "../../src/driver/router.ts";
import { type Caller, type EventSink, Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";

/** Opens a driver on a root as a connection has it. */
export async function openSecondary(module: SecondaryModule, root: string, sink: EventSink = () => {}) {
  const session = new Session({ uri: parseConnectionUri(`qemu:///embed?root=${root}`), readOnly: false, sink });
  await mkdir(root, { recursive: true });
  const opened = await module.open({ root, call: () => Promise.reject(new Error("nobody is beside it")) });
  const router = new Router(session, opened.driver);
  const call: Caller = (name, args) => router.call(name, args);
  const close = async (): Promise<void> => {
    await router.close();
    await opened.close?.();
  };
  return { call, close, router };
}
