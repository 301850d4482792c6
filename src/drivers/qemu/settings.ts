/** Settings of a root, from `ROOT/qemu.conf`: names and meanings are those of libvirt's file. */
import { join } from "node:path";
import type { LibvirtError } from "../../errors.ts";
import { readBounded } from "../../host/files.ts";
import { type Identity, identityOf, lookupGroup, lookupUser } from "../../host/users.ts";
import { type ConfigurationEntry, parseConfiguration, settingsOf, syntaxError } from "../../model/configuration.ts";

export interface QemuSettings {
  /** Whom guests run as; null when that is whom we run as. */
  readonly identity: Identity | null;
  /** Whether images are given to that user while a guest uses them. */
  readonly dynamicOwnership: boolean;
}

const maxBytes = 1024 * 1024;

/** Reads the settings of a root; what the file does not say, or no file, means libvirt's own defaults. */
export async function readSettings(root: string, isRoot = process.geteuid?.() === 0): Promise<QemuSettings> {
  const path = join(root, "qemu.conf");
  const entries = settingsOf(parseConfiguration((await readBounded(path, maxBytes, "QEMU")) ?? "", path));
  const user = textOf(entries.get("user"), path);
  const group = textOf(entries.get("group"), path);
  return {
    identity: isRoot ? await identityFor(user, group) : null,
    dynamicOwnership: isRoot && (numberOf(entries.get("dynamic_ownership"), path) ?? 1n) !== 0n,
  };
}

/** Root's guests run as somebody who may do little. */
async function identityFor(user: string | undefined, group: string | undefined): Promise<Identity | null> {
  const standard = await standardIdentity();
  if (user === undefined && group === undefined) return standard;
  const chosen = await identityOf(user ?? String(standard.uid), group ?? String(standard.gid), "QEMU");
  return chosen.uid === 0 && chosen.gid === 0 ? null : chosen;
}

async function standardIdentity(): Promise<Identity> {
  const own = await lookupUser("libvirt-qemu", "QEMU");
  if (own !== null) return own;
  const nobody = (await lookupUser("nobody", "QEMU")) ?? { uid: 65534, gid: 65534 };
  // /dev/kvm belongs to that group.
  return { uid: nobody.uid, gid: (await lookupGroup("kvm", "QEMU")) ?? nobody.gid };
}

function textOf(entry: ConfigurationEntry | undefined, file: string): string | undefined {
  if (entry?.value === undefined || typeof entry.value === "string") return entry?.value;
  throw mistyped(entry, file, "a string");
}

function numberOf(entry: ConfigurationEntry | undefined, file: string): bigint | undefined {
  if (entry?.value === undefined || typeof entry.value === "bigint") return entry?.value;
  throw mistyped(entry, file, "a number");
}

function mistyped({ name, line }: ConfigurationEntry, file: string, expected: string): LibvirtError {
  return syntaxError(file, line, `'${name}' must be ${expected}`);
}
