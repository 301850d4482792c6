/** The C daemon with libvirt's own driver for Xen, for comparisons. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lifetime } from "../../helpers/tsvirtd.ts";

export const libvirtd = "/usr/sbin/libvirtd";

/** What the daemon and its library read and write, besides what its configuration names. */
const folders = ["/run/libvirt", "/var/cache/libvirt", "/var/log/libvirt", "/etc/libvirt"];

/** Starts the daemon, which ends with the test; gives the URI of its driver for Xen. */
export async function startLibvirtd(t: Lifetime, folder: string): Promise<string> {
  const sockets = join(folder, "sockets");
  const library = join(folder, "lib");
  for (const path of [...folders, sockets, library]) await mkdir(path, { recursive: true });
  // Managed saves lie there: the host's first file system, which is full of programs, has no room for one.
  await symlink(library, "/var/lib/libvirt");
  const conf = join(folder, "libvirtd.conf");
  const settings = [`unix_sock_dir = "${sockets}"`, 'auth_unix_rw = "none"', 'auth_unix_ro = "none"'];
  await writeFile(conf, `${settings.join("\n")}\n`);
  const listens = appears(sockets, "libvirt-admin-sock");
  const child = spawn(libvirtd, ["-f", conf, "-p", join(folder, "pid")], { stdio: ["ignore", "ignore", "inherit"] });
  t.after(() => child.kill());
  const ended = once(child, "exit").then(([code]) => assert.fail(`libvirtd has ended, with exit code ${code}`));
  // It makes its sockets one after the other, this one last: the others listen by then.
  await Promise.race([listens, ended]);
  ended.catch(() => {});
  return `xen+unix:///system?socket=${join(sockets, "libvirt-sock")}`;
}

/** Resolves when there is such a name in a folder. */
function appears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
  });
}
