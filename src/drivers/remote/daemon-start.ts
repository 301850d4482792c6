/** What happens when this machine's daemon is not there: whoever knows how to start it is asked to. */
import type { Socket } from "node:net";
import { LibvirtError } from "../../errors.ts";
import type { DaemonSocket } from "./daemon-socket.ts";
import type { UnixTarget } from "./target.ts";
import { connectUnix } from "./transports/socket.ts";

/** What is needed: a daemon for a driver, behind a socket. */
export interface DaemonRequest {
  readonly driver: string;
  readonly socket: string;
  /** Whether it is the user's own daemon. */
  readonly ofUser: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a daemon. Resolves to true when one listens on the socket, to false when none is to be started; rejects with the
 * reason when it should have been started and was not.
 */
export type DaemonStarter = (request: DaemonRequest) => Promise<boolean>;

let starter: DaemonStarter | null = null;

/** Whether there is anybody who starts daemons. */
export function startsDaemons(): boolean {
  return starter !== null;
}

/** Sets who starts daemons that are not there. */
export function setDaemonStarter(start: DaemonStarter | null): void {
  starter = start;
}

/** Connects to a daemon's socket; where nobody listens, a daemon is started if there is one to be started. */
export async function connectOrStart(found: DaemonSocket, target: UnixTarget, signal?: AbortSignal): Promise<Socket> {
  try {
    return await connectUnix(found.path, signal);
  } catch (error) {
    if (target.socket !== null || !isNobodyThere(error)) throw error;
    const request = { driver: target.driver, socket: found.path, ofUser: found.ofUser, signal };
    if (!starter || !(await starter(request))) throw error;
    return await connectUnix(found.path, signal);
  }
}

function isNobodyThere(error: unknown): boolean {
  const cause = error instanceof LibvirtError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code === "ENOENT" || cause?.code === "ECONNREFUSED";
}
