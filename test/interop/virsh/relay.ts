/**
 * A relay between virsh and a daemon. virsh follows a save, a restore or a dump from two threads, and waits forever for
 * one that is done before its main thread has begun to wait: the end of a GLib loop that does not run yet is lost. So
 * the answers to these calls come a moment later here. (What libvirt's own library refuses before it asks is not run at all.)
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { procedures } from "../../../src/protocol/index.ts";

const followed: ReadonlySet<number> = new Set(
  (
    [
      ...["domainSave", "domainSaveFlags", "domainRestore", "domainRestoreFlags", "domainManagedSave"],
      ...["domainCoreDump", "domainCoreDumpWithFormat", "domainMigratePerform3Params"],
    ] as (keyof typeof procedures)[]
  ).map((name) => procedures[name].number),
);

/**
 * How long virsh's main thread may take to begin to wait, in milliseconds. After half a second it looks at the job for
 * the first time, and forgets why the call failed if there is none.
 */
const MOMENT = 150;

/** Opens a relay to a unix socket; gives the path of its own. */
export async function relayTo(t: TestContext, socket: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-relay-"));
  const path = join(folder, "sock");
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const daemon = connect(socket);
    for (const end of [client, daemon]) {
      open.add(end);
      end.on("error", () => {}).on("close", () => open.delete(end));
    }
    client.pipe(daemon);
    forwardLate(daemon, client);
  });
  server.listen(path);
  await once(server, "listening");
  t.after(async () => {
    for (const end of open) end.destroy();
    server.close();
    await once(server, "close");
    await rm(folder, { recursive: true, force: true });
  });
  return path;
}

function forwardLate(daemon: Socket, client: Socket): void {
  let before: Promise<unknown> = Promise.resolve();
  daemon.on("data", (bytes: Buffer) => {
    const late = bytes.length >= 16 && followed.has(bytes.readInt32BE(12));
    const ready = late ? new Promise((resolve) => setTimeout(resolve, MOMENT)) : undefined;
    before = before.then(() => ready).then(() => client.write(bytes));
  });
  daemon.on("end", () => void before.then(() => client.end()));
}
