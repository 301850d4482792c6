/**
 * What happens when this machine's daemon is not there: the user's own daemon is started, and root's for the machine, in
 * the background, as libvirt does for sessions. However many programs find it missing at the same time, one starts it.
 */
import type { ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Socket } from "node:net";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { makeFolder } from "../../host/files.ts";
import { packageFolder } from "../../host/package-version.ts";
import type { DaemonSocket } from "./daemon-socket.ts";
import type { UnixTarget } from "./target.ts";
import { connectUnix } from "./transports/socket.ts";

/** How long a daemon that was started so stays with no clients and no guests, in seconds. */
const IDLE_SECONDS = 120;

/** How long a daemon may take until clients can connect, in ms. */
const START_PATIENCE = 60_000;

/** How much is kept of what a daemon says that does not start. */
const maxComplaint = 4096;

type Environment = NodeJS.ProcessEnv;

/** Connects to a daemon's socket; where nobody listens, the daemon is started if it is one to be started. */
export async function connectOrStart(found: DaemonSocket, target: UnixTarget, signal?: AbortSignal): Promise<Socket> {
  try {
    return await connectUnix(found.path, signal);
  } catch (error) {
    if (!isNobodyThere(error)) throw error;
    const program = await daemonProgram(found, target);
    if (program === null) throw error;
    return startAndConnect(program, found, signal);
  }
}

/**
 * The program to start when nobody listens on the socket; null when nothing is to be started: the URI names the socket,
 * it is another daemon's or another user's, LIBVIRT_AUTOSTART is 0, or there is no program.
 */
export async function daemonProgram(
  found: DaemonSocket,
  target: UnixTarget,
  env: Environment = process.env,
): Promise<string | null> {
  if (target.socket !== null || !found.isLibvirtd || !isOwn(found) || env.LIBVIRT_AUTOSTART === "0") return null;
  return findProgram(env);
}

/** Root has the machine's daemon for its own. */
function isOwn({ ofUser }: DaemonSocket): boolean {
  return ofUser || process.geteuid?.() === 0;
}

/** TSVIRTD_PATH, else the one of this package, else one beside this program, else one in PATH. */
async function findProgram(env: Environment): Promise<string | null> {
  if (env.TSVIRTD_PATH) return env.TSVIRTD_PATH;
  const own = packageFolder();
  const paths = (env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const folders = [...(own === undefined ? [] : [join(own, "bin")]), dirname(process.execPath), ...paths];
  for (const folder of folders) {
    const path = join(folder, "tsvirtd");
    if (await isExecutable(path)) return path;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function startAndConnect(program: string, found: DaemonSocket, signal?: AbortSignal): Promise<Socket> {
  const folder = dirname(found.path);
  await makeFolder(folder, found.ofUser ? 0o700 : 0o755, "RPC");
  const patience = AbortSignal.timeout(START_PATIENCE);
  const wait = signal ? AbortSignal.any([signal, patience]) : patience;
  const { lockFolder } = await import("../../host/lock.ts");
  const lock = await lockFolder(folder, { domain: "RPC", wait });
  try {
    // Whoever had the lock before us may have started it.
    return await connectUnix(found.path, signal).catch(async (error) => {
      if (!isNobodyThere(error)) throw error;
      await start(program, wait);
      return connectUnix(found.path, signal);
    });
  } finally {
    await lock.release();
  }
}

/** Starts the daemon, and waits until clients can connect; then it is in the background, and its starter has ended. */
async function start(program: string, signal: AbortSignal): Promise<void> {
  const { spawn } = await import("node:child_process");
  const child = spawn(program, ["--daemon", "--timeout", String(IDLE_SECONDS)], {
    cwd: "/",
    // Where this runs, there is what it runs with.
    env: { ...process.env, PATH: [process.env.PATH, dirname(process.execPath)].filter(Boolean).join(delimiter) },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  const complaint = heard(child);
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: Error): void =>
      reject(
        new LibvirtError("INTERNAL_ERROR", "RPC", `Failed to start the daemon '${program}': ${reason}`, { cause }),
      );
    child.once("error", (error) => fail(error.message, error));
    child.once("close", (code, killed) => {
      if (code === 0) resolve();
      else fail(complaint() || (killed === null ? `it ended with exit code ${code}` : `it was ended by ${killed}`));
    });
  });
}

/** What the child says on its standard error, as one line. */
function heard({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(0, maxComplaint);
  });
  return () => text.trim().replaceAll(/\s*\n\s*/g, "; ");
}

function isNobodyThere(error: unknown): boolean {
  const cause = error instanceof LibvirtError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code === "ENOENT" || cause?.code === "ECONNREFUSED";
}
