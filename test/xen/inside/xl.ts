/** The lab's host as its own tools see it, for tests that compare. */
import { execFile } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type StoreClient } from "../../../src/drivers/xen/store/index.ts";

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
  return Number(await numberOf(name));
}

/** Resolves when something holds, which is looked at whenever the store tells of a change. */
async function until(paths: readonly string[], holds: (store: StoreClient) => Promise<boolean>): Promise<void> {
  const store = await openStore();
  const changed = new EventEmitter();
  try {
    for (const path of paths) await store.watch(path, () => changed.emit("change"));
    for (;;) {
      // What changes while it is looked at counts too.
      const change = once(changed, "change", { signal: AbortSignal.timeout(60_000) });
      change.catch(() => {});
      if (await holds(store)) return;
      await change;
    }
  } finally {
    await store.close();
  }
}

/** A domain's number, as text. */
export const numberOf = async (name: string): Promise<string> => (await xl("domid", name)).trim();

/** Waits until a guest's kernel hears what the store asks of it. */
export async function guestUp(name: string): Promise<void> {
  const control = `/local/domain/${await numberOf(name)}/control`;
  // The node is there from the beginning, for the guest to write to.
  await until([control], async (store) => (await store.read(`${control}/feature-poweroff`)) === "1");
}

/** Resolves when nothing is left of a domain in the store: whoever is in charge of it has ended it. */
export async function storeGone(id: string): Promise<void> {
  const place = `/local/domain/${id}`;
  await until(["@releaseDomain", place], async (store) => (await store.read(`${place}/domid`)) === null);
}

/** Resolves when something holds of domains, which is looked at whenever one has ended or has shut down. */
export async function released(holds: () => Promise<boolean>): Promise<void> {
  await until(["@releaseDomain"], holds);
}
