/** Who is at the other end of a unix socket. */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { descriptorOf, type Native } from "../../host/native/index.ts";
import { parseStat } from "../../host/proc.ts";
import type { PeerCredentials } from "./authenticator.ts";

/** Where the start stands among the fields after the name. */
const startTimeField = 19;

/**
 * Null when it cannot be known.
 * @param wantsStart whether somebody will ask when the process started, which takes a look into /proc
 */
export function peerOf(socket: Socket, native: Native | null, wantsStart: boolean): PeerCredentials | null {
  const descriptor = descriptorOf(socket);
  if (native === null || descriptor === null) return null;
  try {
    const credentials = native.peerCredentials(descriptor);
    return { ...credentials, startTime: wantsStart ? startOf(credentials.pid) : null, selinuxContext: null };
  } catch {
    return null;
  }
}

/** At once, while the process is most surely the one that connected; /proc answers from memory. */
function startOf(pid: number): bigint | null {
  try {
    const start = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"))[startTimeField];
    return start === undefined ? null : BigInt(start);
  } catch {
    return null;
  }
}
