/** Connections as programs get them: a hypervisor with the other drivers beside it, on a root of the test's own. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import "../../src/api/drivers.ts";
import { type ConnectOptions, connect, type Router } from "../../src/driver/router.ts";

export interface ComposedRoot {
  /** A folder that guests may read, whoever they run as; the root is below it. */
  readonly folder: string;
  readonly root: string;
  /** Opens a connection to the root; it is closed after the test if the test has not closed it. */
  open(options?: ConnectOptions): Promise<Router>;
}

/** Opens a connection to an embedded root. */
export function openComposed(root: string, options: ConnectOptions = {}): Promise<Router> {
  return connect(`qemu:///embed?root=${root}`, options);
}

/** A root for one test. After it the guests are ended, then the folder is removed. */
export async function composedRoot(t: TestContext): Promise<ComposedRoot> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-"));
  await chmod(folder, 0o711);
  const root = join(folder, "root");
  const routers: Router[] = [];
  t.after(async () => {
    await Promise.all(routers.map((router) => router.close()));
    const router = await openComposed(root);
    const { domains } = await router.call("connectListAllDomains", { needResults: 1, flags: 1 });
    await Promise.all(domains.map((dom) => router.call("domainDestroy", { dom })));
    await router.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    root,
    async open(options) {
      const router = await openComposed(root, options);
      routers.push(router);
      return router;
    },
  };
}
