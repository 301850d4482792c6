/** The lab's host as its own tools see it, for tests that compare. */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** Makes a domain that does not run, behind the driver's back; its number. */
export async function makePaused(name: string, settings: readonly string[] = []): Promise<number> {
  const path = join(tmpdir(), `${name}.cfg`);
  const lines = [
    ...[`name="${name}"`, `kernel="${guestKernel}"`, `ramdisk="${guestInitrd}"`, 'extra="console=hvc0 quiet"'],
    ...["memory=128", "vcpus=1", ...settings],
  ];
  await writeFile(path, `${lines.join("\n")}\n`);
  try {
    await xl("create", "-q", "-e", "-p", path);
  } finally {
    await rm(path);
  }
  return Number((await xl("domid", name)).trim());
}
