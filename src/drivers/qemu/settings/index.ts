/** Settings of a root, from `ROOT/qemu.conf`. */
import { join } from "node:path";
import { readBounded } from "../../../host/files.ts";
import type { Identity } from "../../../host/users.ts";
import { guestIdentity, tpmIdentity } from "./identity.ts";
import { checkFolders, parseSettings } from "./read.ts";
import type { SettingValues } from "./table.ts";

export { defaultSettings, launchSettings, type SettingsHost } from "./launch.ts";
export type { SettingValues } from "./table.ts";

export interface QemuSettings {
  /** Whom guests run as; null when that is whom we run as. */
  readonly identity: Identity | null;
  /** Whom emulated TPMs run as; null when that is whom we run as. */
  readonly tpmIdentity: Identity | null;
  /** Whether images are given to that user while a guest uses them. */
  readonly dynamicOwnership: boolean;
  /** What the file says, by libvirt's names; defaults where it says nothing. */
  readonly values: SettingValues;
}

const maxBytes = 1024 * 1024;

/** Reads the settings of a root; what the file does not say, or no file, means libvirt's own defaults. */
export async function readSettings(root: string, isRoot = process.geteuid?.() === 0): Promise<QemuSettings> {
  const path = join(root, "qemu.conf");
  const text = (await readBounded(path, maxBytes, "QEMU")) ?? "";
  const values = parseSettings(text, path);
  await checkFolders(text, path);
  const identity = isRoot ? await guestIdentity(values) : null;
  return {
    identity,
    tpmIdentity: isRoot ? await tpmIdentity(values, identity) : null,
    dynamicOwnership: isRoot && values.dynamic_ownership,
    values,
  };
}
