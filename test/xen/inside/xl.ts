/** The lab's host as its own tools see it, for tests that compare. */
import { execFile } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../src/drivers/xen/store/index.ts";

/** Runs `xl`, and gives what it printed. */
export function xl(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("xl", [...args], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`xl ${args.join(" ")}: ${stderr || error.message}`));
    });
  });
}

export const guestKernel = "/guest/kernel";
export const guestInitrd = "/guest/initrd";
/** One that does nothing. */
export const quietKernel = "/guest/quiet";
/** One that shuts itself down as soon as it runs. */
export const endingKernel = "/guest/ending";
/** One that crashes as soon as it runs. */
export const crashingKernel = "/guest/crashing";

/** Makes a domain that does not run, behind the driver's back; its number. */
export async function makePaused(name: string, settings: readonly string[] = []): Promise<number> {
  const path = join(tmpdir(), `${name}.cfg`);
  const lines = [...[`name="${name}"`, `kernel="${quietKernel}"`], ...["memory=128", "vcpus=1", ...settings]];
  await writeFile(path, `${lines.join("\n")}\n`);
  try {
    await xl("create", "-q", "-e", "-p", path);
  } finally {
    await rm(path);
  }
  return Number((await xl("domid", name)).trim());
}

/** Waits until a guest's kernel hears what the store asks of it. */
export async function guestUp(name: string): Promise<void> {
  const control = `/local/domain/${(await xl("domid", name)).trim()}/control`;
  const store = await openStore();
  const changed = new EventEmitter();
  try {
    await store.watch(control, () => changed.emit("change"));
    // The node is there from the beginning, for the guest to write to.
    while ((await store.read(`${control}/feature-poweroff`)) !== "1") {
      await once(changed, "change", { signal: AbortSignal.timeout(60_000) });
    }
  } finally {
    await store.close();
  }
}

/** Resolves when nothing is left of a domain in the store: whoever is in charge of it has ended it. */
export async function storeGone(name: string): Promise<void> {
  const place = `/local/domain/${(await xl("domid", name)).trim()}`;
  const store = await openStore();
  const changed = new EventEmitter();
  try {
    await store.watch("@releaseDomain", () => changed.emit("change"));
    await store.watch(place, () => changed.emit("change"));
    while ((await store.read(`${place}/domid`)) !== null) {
      await once(changed, "change", { signal: AbortSignal.timeout(60_000) });
    }
  } finally {
    await store.close();
  }
}
