/** What a start cannot be faster than: QEMU itself, from its spawn to the moment the guest may run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cont } from "../src/drivers/qemu/monitor/commands/run-state.ts";
import { QmpMonitor } from "../src/drivers/qemu/monitor/qmp.ts";
import { connectUnix, listenForChild } from "../src/host/unix.ts";

const base = "-S -no-user-config -nodefaults -display none -machine pc,accel=tcg -m 32";
const monitor = "-chardev socket,id=mon,fd=3,server=on,wait=off -mon chardev=mon,mode=control";

/** Seconds from spawn to an acknowledged `cont`. */
export async function qemuAlone(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-alone-"));
  try {
    const path = join(folder, "monitor.sock");
    const listener = await listenForChild(path);
    const begin = performance.now();
    const child = spawn("qemu-system-x86_64", [...base.split(" "), ...monitor.split(" ")], {
      stdio: ["ignore", "ignore", "inherit", listener.fd],
    });
    const gone = once(child, "exit");
    await listener.release();
    const qemu = await QmpMonitor.over(await connectUnix(path));
    await cont(qemu);
    const took = (performance.now() - begin) / 1000;
    child.kill("SIGKILL");
    await gone;
    await qemu.close();
    return took;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
