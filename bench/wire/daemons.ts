/** The two daemons whose wire is measured, each with its whole state below a folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boundToUs } from "../../src/host/bound-process.ts";
import { parseStat } from "../../src/host/proc.ts";
import { Libvirtd } from "../../test/remote/libvirtd.ts";

/** Where the time spent in the program stands among the fields after the name; the system's comes next. */
const userTimeField = 11;
const ticksPerSecond = 100;

export interface WireDaemon {
  readonly socket: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The program that users start, from the build. */
const program = fileURLToPath(
  new URL(`${import.meta.url.endsWith(".ts") ? "../../" : "../../../"}bin/tsvirtd`, import.meta.url),
);

export async function startTsvirtd(folder: string): Promise<WireDaemon> {
  const root = join(folder, "tsvirtd");
  const [command, args] = boundToUs(process.execPath, [program, "--root", root]);
  // A process that goes on in the background tells its starter when clients can connect.
  const env = { ...process.env, TSVIRTD_IN_BACKGROUND: "1" };
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "ignore", "ipc"], env });
  const ended = once(child, "close");
  const failure = await Promise.race([
    once(child, "message").then(([{ failure }]) => failure as string | null),
    ended.then(() => "it has ended"),
  ]);
  if (failure !== null) throw new Error(`tsvirtd did not start: ${failure}`);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { socket: join(root, "run", "libvirt-sock"), pid: child.pid ?? 0, stop };
}

export async function startLibvirtd(): Promise<WireDaemon> {
  const daemon = await Libvirtd.start();
  const pid = await pidOf(`${daemon.folder}/libvirtd.conf`);
  return { socket: daemon.socket, pid, stop: () => daemon.stop() };
}

/** The libvirtd with this configuration: in its own namespace it has another number than here. */
async function pidOf(configuration: string): Promise<number> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const words = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    const [program = "", ...rest] = words.split("\0");
    if (program.endsWith("libvirtd") && rest.includes(configuration)) return Number(entry);
  }
  throw new Error(`no libvirtd with ${configuration} runs`);
}

/** Bytes of memory that a process has in use. */
export async function memoryOf({ pid }: WireDaemon): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

/** Seconds of processor time that a daemon has used, in steps of 10 ms. */
export async function processorTimeOf({ pid }: WireDaemon): Promise<number> {
  const stat = parseStat(await readFile(`/proc/${pid}/stat`, "utf8"));
  return (Number(stat[userTimeField]) + Number(stat[userTimeField + 1])) / ticksPerSecond;
}
