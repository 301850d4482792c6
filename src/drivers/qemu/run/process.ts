/** A guest's QEMU as a process: starting it, finding it again, and knowing when it has gone. */
import type { Socket } from "node:net";
import { join } from "node:path";
import { LibvirtError, systemError } from "../../../errors.ts";
import { isRunning, type ProcessId } from "../../../host/proc.ts";
import { type DaemonProcess, signalProcess, startDaemon } from "../../../host/process.ts";
import { connectUnix, listenForChild } from "../../../host/unix.ts";
import type { Identity } from "../../../host/users.ts";
import type { LaunchPlan } from "../launch/plan.ts";
import { quit } from "../monitor/commands/run-state.ts";
import { QmpMonitor } from "../monitor/qmp.ts";
import { openDescriptors } from "./files/descriptors.ts";

/** Where a guest's monitor is, in its own folder. */
export const monitorPath = (folder: string): string => join(folder, "monitor.sock");

/**
 * A socket that QEMU inherits listening and never looks at. Whoever connects to it waits until the kernel closes it,
 * which is when the process has gone: it tells the end of a process that is not our child, without asking again and
 * again.
 */
const lifePath = (folder: string): string => join(folder, "life.sock");

/** How long QEMU may take to end before it is killed, in ms. */
const endPatience = 10_000;

/** How long a QEMU that was killed may take from the end of its monitor to its own, in ms. */
const endingMoment = 1_000;

export interface QemuProcess {
  readonly id: ProcessId;
  readonly monitor: QmpMonitor;
  /** Resolves when the process has gone. */
  readonly gone: Promise<void>;
  /** Lets go of the process, which runs on; nothing is told of it any more. */
  detach(): void;
}

export interface LaunchOptions {
  /** The guest's own folder, which is there. */
  readonly folder: string;
  /** What QEMU prints goes there. */
  readonly log: string;
  readonly identity: Identity | null;
  /** Descriptors that QEMU inherits after those of the plan. */
  readonly descriptors?: readonly number[];
  /** The guest's name, for errors. */
  readonly label: string;
  readonly signal?: AbortSignal;
  /** Called as soon as the process runs, long before it answers. */
  readonly onSpawn?: (id: ProcessId) => Promise<void>;
}

/** Starts QEMU as planned and opens its monitor. A QEMU that ends before it answers is an error with its last words. */
export async function launchQemu(plan: LaunchPlan, options: LaunchOptions): Promise<QemuProcess> {
  const { folder, log, identity, label } = options;
  const opened = await openDescriptors(plan.descriptors);
  const life = await listenForChild(lifePath(folder));
  let daemon: DaemonProcess;
  try {
    daemon = await startDaemon({
      command: plan.emulator,
      args: plan.args,
      env: plan.env,
      log,
      descriptors: [...opened.fds, ...(options.descriptors ?? []), life.fd],
      ...(identity && { identity }),
      domain: "QEMU",
    });
  } finally {
    await Promise.all([opened.release(), life.release()]);
  }
  const noted = options.onSpawn?.(daemon.id);
  // It may fail before somebody waits for it.
  noted?.catch(() => {});
  const watch = await watchEnd(lifePath(folder), daemon.id);
  try {
    const monitor = await openMonitor(folder, label, options.signal);
    await noted;
    return running(daemon.id, monitor, watch);
  } catch (error) {
    await signalProcess(daemon.id, "SIGKILL");
    await Promise.all([watch.gone, daemon.join()]);
    throw await withLastWords(error, daemon);
  }
}

/** Finds the QEMU of a guest that was started before; null when it has gone meanwhile. */
export async function findQemu(id: ProcessId, folder: string, label: string): Promise<QemuProcess | null> {
  if (!(await isRunning(id))) return null;
  const watch = await watchEnd(lifePath(folder), id);
  try {
    return running(id, await openMonitor(folder, label), watch);
  } catch (error) {
    // One that is killed loses its connections a moment before it has gone.
    const ended = await within(watch.gone, endingMoment);
    watch.forget();
    if (ended || !(await isRunning(id))) return null;
    throw error;
  }
}

/**
 * Ends the QEMU of a guest's folder whose number nobody wrote down: it was started in the moment in which its program
 * was killed. Resolves when it has gone, or when there is none.
 */
export async function endUnknown(folder: string, patience = endPatience): Promise<void> {
  const life = await connectUnix(lifePath(folder)).catch(() => null);
  if (!life) return;
  const gone = new Promise<void>((resolve) => {
    life.on("error", () => {}).on("close", () => resolve());
  });
  life.resume();
  try {
    const monitor = await openMonitor(folder, folder);
    await quit(monitor);
  } catch {
    // It is ending already.
  }
  if (!(await within(gone, patience))) process.emitWarning(`the QEMU of '${folder}' does not end`, "TsvirtWarning");
  life.destroy();
}

function running(id: ProcessId, monitor: QmpMonitor, { gone, forget, stay }: Watch): QemuProcess {
  // An open monitor keeps our program there; when QEMU has closed it, what is left to do of the guest does.
  void monitor.closed.then(stay);
  const detach = (): void => {
    forget();
    monitor.close();
  };
  return { id, monitor, gone, detach };
}

/** Ends QEMU: it is asked to, and killed when it takes too long. */
export async function endQemu(id: ProcessId, gone: Promise<void>, patience = endPatience): Promise<void> {
  if (!(await signalProcess(id, "SIGTERM"))) return gone;
  if (await within(gone, patience)) return;
  await signalProcess(id, "SIGKILL");
  if (await within(gone, patience)) return;
  throw stuck(id, "SIGKILL");
}

/** Ends QEMU without ever killing it. */
export async function endQemuGently(id: ProcessId, gone: Promise<void>, patience = endPatience): Promise<void> {
  if (!(await signalProcess(id, "SIGTERM"))) return gone;
  if (!(await within(gone, patience))) throw stuck(id, "SIGTERM");
}

function stuck({ pid }: ProcessId, signal: string): LibvirtError {
  return new LibvirtError(
    "SYSTEM_ERROR",
    "QEMU",
    `Failed to terminate process ${pid} with ${signal}: Device or resource busy`,
  );
}

/** Whether a promise resolves within so many milliseconds. */
async function within(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function openMonitor(folder: string, label: string, signal?: AbortSignal): Promise<QmpMonitor> {
  const socket = await connectUnix(monitorPath(folder)).catch((error) => {
    throw systemError("QEMU", `cannot connect to the monitor of domain '${label}'`, error);
  });
  return QmpMonitor.over(socket, { label, ...(signal && { signal }) });
}

interface Watch {
  readonly gone: Promise<void>;
  /** Keeps our program from ending first. */
  stay(): void;
  forget(): void;
}

/**
 * Waits for the end of a process that inherited the listening socket at a path, see {@link lifePath}. That does not keep
 * our program from ending first.
 */
export async function watchEnd(path: string, id: ProcessId): Promise<Watch> {
  let socket: Socket;
  try {
    socket = await connectUnix(path);
  } catch (error) {
    // Nobody serves the socket, so the process has ended; one that somebody took the path away from must not run on.
    await signalProcess(id, "SIGKILL");
    if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") process.emitWarning(String(error), "TsvirtWarning");
    return { gone: Promise.resolve(), stay: () => {}, forget: () => {} };
  }
  socket.unref().resume();
  let forgotten = false;
  const gone = new Promise<void>((resolve) => {
    socket
      .on("error", () => {})
      .on("close", () => {
        if (!forgotten) resolve();
      });
  });
  return {
    gone,
    stay: () => {
      if (!forgotten) socket.ref();
    },
    forget: () => {
      forgotten = true;
      socket.destroy();
    },
  };
}

/** An error of a QEMU that does not live any more, with what it said last. */
async function withLastWords(error: unknown, daemon: DaemonProcess): Promise<unknown> {
  if (error instanceof LibvirtError && error.is("OPERATION_ABORTED")) return error;
  const words = (await daemon.logTail()).trim();
  if (words === "") return error;
  return new LibvirtError("INTERNAL_ERROR", "QEMU", `process exited while connecting to monitor: ${words}`, {
    cause: error,
  });
}
