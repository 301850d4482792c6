/** Passwords for libvirtd, kept by Cyrus SASL's own program. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export const saslpasswd = "/usr/sbin/saslpasswd2";

/** A database in a folder, with one user; gives its path. */
export async function saslDatabase(folder: string, user: string, password: string): Promise<string> {
  const path = join(folder, "passwd.db");
  execFileSync(saslpasswd, ["-p", "-a", "libvirt", "-f", path, user], { input: password });
  return path;
}

/** What a libvirtd is to have among its files, to ask that database. */
export function saslFiles(database: string, mechanisms: string): Readonly<Record<string, string>> {
  return { "sasl2/libvirt.conf": `mech_list: ${mechanisms}\nsasldb_path: ${database}\n` };
}
