/** Real QEMUs for tests: started for one test, gone with it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type MonitorOptions, QmpMonitor } from "../../src/drivers/qemu/monitor/qmp.ts";
import { boundToUs } from "../../src/host/bound-process.ts";
import { connectUnix, listenForChild } from "../../src/host/unix.ts";

export const EMULATOR = "qemu-system-x86_64";

/** For `test(..., { skip })`: why tests with a real QEMU cannot run here, false if they can. */
export const skipWithoutQemu: string | false =
  spawnSync(EMULATOR, ["--version"]).status === 0 ? false : `${EMULATOR} is not installed`;

/** A folder of its own for a test, removed after it. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestQemu {
  readonly child: ChildProcess;
  readonly monitor: QmpMonitor;
  /** The monitor's socket. */
  readonly path: string;
  /** Resolves when the process has gone. */
  readonly exited: Promise<unknown>;
}

/** Starts a paused QEMU without devices, plus `args`, and opens its monitor. */
export async function startQemu(t: TestContext, args: readonly string[] = [], options: MonitorOptions = {}) {
  const path = join(await temporaryFolder(t), "monitor.sock");
  const listener = await listenForChild(path);
  const base = ["-S", "-no-user-config", "-nodefaults", "-display", "none", "-machine", "pc,accel=tcg", "-m", "32"];
  const monitorArgs = ["-chardev", "socket,id=mon,fd=3,server=on,wait=off", "-mon", "chardev=mon,mode=control"];
  const stdio = ["ignore", "ignore", "inherit", listener.fd] as const;
  const child = spawn(...boundToUs(EMULATOR, [...base, ...monitorArgs, ...args]), { stdio: [...stdio] });
  await listener.release();
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  const monitor = await QmpMonitor.over(await connectUnix(path), { timeout: 180_000, ...options });
  t.after(() => monitor.close());
  return { child, monitor, path, exited } satisfies TestQemu;
}
