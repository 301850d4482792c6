/** The QEMU driver for tests: connections to a root of their own, guests that are gone after the test. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Router } from "../../src/driver/router.ts";
import { type EventSink, Session } from "../../src/driver/session.ts";
import { parseConnectionUri } from "../../src/driver/uri.ts";
import { qemuDriver } from "../../src/drivers/qemu/index.ts";
import { temporaryFolder } from "./qemu.ts";

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

/** A state root for one test. */
export async function testRoot(t: TestContext): Promise<TestRoot> {
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o711);
  const root = join(folder, "root");
  return {
    folder,
    root,
    async open(options) {
      const router = await openQemu(root, options);
      t.after(() => router.close());
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
