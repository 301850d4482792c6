/** Whom the processes of a root run as when root starts them. */
import { type Identity, identityOf, lookupGroup, lookupUser } from "../../../host/users.ts";
import type { SettingValues } from "./table.ts";

/** Root's guests run as somebody who may do little; null when that is root after all. */
export async function guestIdentity({ user, group }: SettingValues): Promise<Identity | null> {
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

/** Emulated TPMs are kept apart from the guests that use them, where the host has a user for that. */
export async function tpmIdentity(
  { swtpm_user, swtpm_group }: SettingValues,
  guest: Identity | null,
): Promise<Identity | null> {
  const standard = (await lookupUser("tss", "QEMU")) ?? guest;
  if (swtpm_user === undefined && swtpm_group === undefined) return standard;
  const [uid, gid] = [standard?.uid ?? 0, standard?.gid ?? 0];
  const chosen = await identityOf(swtpm_user ?? `+${uid}`, swtpm_group ?? `+${gid}`, "QEMU");
  return chosen.uid === 0 && chosen.gid === 0 ? null : chosen;
}
