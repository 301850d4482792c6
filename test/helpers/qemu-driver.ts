/** The QEMU driver for tests: connections to a root of their own, guests that are gone after the test. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Router } from "../../src/driver/router.ts";
import { type EventSink, Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { qemuDriver } from "../../src/drivers/qemu/index.ts";

export interface OpenOptions {
  readonly readOnly?: boolean;
  readonly sink?: EventSink;
}

/** Opens a connection to the embedded driver. */
export async function openQemu(root: string, { readOnly = false, sink = () => {} }: OpenOptions = {}): Promise<Router> {
  const session = new Session({ uri: parseConnectionUri(`qemu:///embed?root=${root}`), readOnly, sink });
  return new Router(session, await qemuDriver.open(session, {}));
}

export interface TestRoot {
  /** A folder that guests may read, whoever they run as. */
  readonly folder: string;
  readonly root: string;
  /** Opens a connection; it is closed after the test if the test has not closed it. */
  open(options?: OpenOptions): Promise<Router>;
}

/** A state root for one test. After it the guests are ended, then the folder is removed. */
export async function testRoot(t: TestContext): Promise<TestRoot> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-"));
  await chmod(folder, 0o711);
  const root = join(folder, "root");
  const routers: Router[] = [];
  t.after(async () => {
    await Promise.all(routers.map((router) => router.close()));
    const router = await openQemu(root);
    const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 1 });
    await Promise.all(domains.map((dom) => router.call("domainDestroy", { dom })));
    await router.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    root,
    async open(options) {
      const router = await openQemu(root, options);
      routers.push(router);
      return router;
    },
  };
}

/** The document of a small guest without devices of its own; `extra` stands before `<os>`, `devices` in `<devices>`. */
export function guestXml(name: string, extra = "", devices = ""): string {
  return (
    `<domain type='qemu'><name>${name}</name>${extra}<memory unit='MiB'>32</memory>` +
    "<os><type arch='x86_64' machine='pc'>hvm</type></os>" +
    `<devices>${devices}<controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`
  );
}

/** What a connection is told of domains' lives, as `event detail` in numbers. */
export interface Told {
  readonly sink: EventSink;
  readonly events: string[];
  /** Resolves when that event has come; events that came before count. */
  until(event: string): Promise<void>;
}

/** Collects lifecycle events. */
export function collectEvents(): Told {
  const events: string[] = [];
  const waiting = new Set<() => void>();
  const sink: EventSink = (name, message) => {
    if (name !== "domainEventCallbackLifecycle") return;
    const { event, detail } = (message as { msg: { event: number; detail: number } }).msg;
    events.push(`${event} ${detail}`);
    for (const look of [...waiting]) look();
  };
  const until = (event: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!events.includes(event)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { sink, events, until };
}
