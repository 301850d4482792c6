/** A guest's state, out of QEMU into a file. */

import { randomUUID } from "node:crypto";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LibvirtError } from "../../../errors.ts";
import { connectUnix, maxAddress } from "../../../host/unix.ts";
import type { Identity } from "../../../host/users.ts";
import type { DomainJobOperation } from "../../../protocol/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import {
  migrate,
  migrateCancel,
  migrateIncoming,
  migrateSetCapabilities,
  migrateSetParameters,
  queryMigrate,
} from "../monitor/commands/migration.ts";
import { cont, queryStatus, stop } from "../monitor/commands/run-state.ts";
import { eventShapes } from "../monitor/events.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import type { StateSink } from "./way.ts";

/** As fast as the disk takes it: bytes a second. */
const unlimited = 2 ** 50;

/**
 * Writes the state of a guest that does not run to where it goes. QEMU sends it through a socket in a folder that only
 * it and we can enter, for it may run as a user who cannot open the file.
 */
export async function writeState(
  live: LiveDomain,
  operation: DomainJobOperation,
  sink: StateSink,
  { identity, signal }: { readonly identity: Identity | null; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { monitor } = live;
  const folder = await socketFolder(live.folder);
  const path = join(folder, `${stateSocket}${randomUUID().slice(0, 8)}`);
  const { server, connection } = await serve(path);
  live.job = { operation, since: Date.now() };
  try {
    if (identity) {
      if (folder !== live.folder) await chown(folder, identity.uid, identity.gid);
      await chown(path, identity.uid, identity.gid);
    }
    await Promise.all([
      migrateSetCapabilities(monitor, { events: true }),
      migrateSetParameters(monitor, { "max-bandwidth": unlimited }),
    ]);
    const done = migrationEnd(monitor, signal);
    // Whoever fails first tells why; the others fail after it.
    done.catch(() => {});
    await migrate(monitor, `unix:${path}`);
    const copied = connection.then((socket) => sink.take(socket));
    await Promise.race([Promise.all([copied, done]), done.then(() => copied)]);
  } catch (error) {
    await giveUp(monitor).catch(() => {});
    throw error;
  } finally {
    live.job = null;
    server.close();
    await rm(folder === live.folder ? path : folder, { recursive: true, force: true });
  }
}

/** How the socket's name begins. */
const stateSocket = "written-state-";

/** QEMU must be able to name the socket: where the guest's own folder lies too deep for that, another one is made. */
async function socketFolder(own: string): Promise<string> {
  const longest = join(own, `${stateSocket}12345678`);
  return Buffer.byteLength(longest) <= maxAddress ? own : mkdtemp(join(tmpdir(), "tsvirt-save-"));
}

const underWay = new Set(["setup", "active", "pre-switchover", "device", "cancelling"]);

/**
 * Makes a guest that waited before its state was sent fit for the next time: QEMU sends nothing of a guest twice unless
 * it has run in between, so it runs for a moment.
 */
export async function wakeBriefly({ monitor }: LiveDomain): Promise<void> {
  const { status } = await queryStatus(monitor);
  if (status !== "postmigrate") return;
  await cont(monitor);
  await stop(monitor);
}

/** Cancels what QEMU sends, and waits until it has let go of the guest: only then can the guest go on. */
export async function giveUp(monitor: QmpMonitor): Promise<void> {
  const ended = migrationEnd(monitor).catch(() => {});
  await migrateCancel(monitor);
  const { status } = await queryMigrate(monitor);
  if (status !== undefined && underWay.has(status)) await ended;
}

/** Resolves when QEMU has sent or read everything. */
export async function migrationEnd(monitor: QmpMonitor, signal?: AbortSignal): Promise<void> {
  const ends = new Set(["completed", "failed", "cancelled"]);
  const event = await monitor.waitFor(
    ({ name, data }) => name === "MIGRATION" && ends.has(String(data.status)),
    "the end of the guest's transfer",
    { signal },
  );
  const { status } = eventShapes.MIGRATION(event.data, "MIGRATION");
  if (status === "completed") return;
  if (status === "cancelled")
    throw new LibvirtError("OPERATION_ABORTED", "QEMU", "domain save job: canceled by client");
  const { "error-desc": reason } = await queryMigrate(monitor);
  throw new LibvirtError(
    "OPERATION_FAILED",
    "QEMU",
    `QEMU could not transfer the guest: ${reason ?? "no reason given"}`,
  );
}

/** A socket that QEMU listens at for the state of a guest that goes on. */
export async function sendToGuest(
  { monitor, folder: own }: LiveDomain,
  identity: Identity | null,
  send: (socket: Socket) => Promise<void>,
): Promise<void> {
  const folder = await socketFolder(own);
  const path = join(folder, `${stateSocket}${randomUUID().slice(0, 8)}`);
  try {
    if (identity && folder !== own) await chown(folder, identity.uid, identity.gid);
    await migrateIncoming(monitor, `unix:${path}`);
    await send(await connectUnix(path));
  } finally {
    await rm(folder === own ? path : folder, { recursive: true, force: true });
  }
}

/** Listens for the one connection that comes. */
function serve(path: string): Promise<{ server: Server; connection: Promise<Socket> }> {
  return new Promise((resolve, reject) => {
    let accept: (socket: Socket) => void = () => {};
    const connection = new Promise<Socket>((connected) => {
      accept = connected;
    });
    const server = createServer((socket) => {
      server.close();
      accept(socket);
    });
    server.once("error", reject);
    server.listen(path, () => resolve({ server, connection }));
  });
}
