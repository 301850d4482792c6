/** The guest that the clients look at: the tiny one, running on a daemon of the test's own, ours or libvirt's. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { writeTinyGuest } from "../../helpers/tiny-guest.ts";
import { runClient, Tsvirtd, type TsvirtdOptions } from "../../helpers/tsvirtd.ts";
import { Libvirtd } from "../../remote/libvirtd.ts";

/** Its definition. */
export function guestXml(name: string, image: string): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>32</memory>
  <os><type machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <disk type='file'><driver name='qemu' type='raw'/><source file='${image}'/><target dev='vda' bus='virtio'/><shareable/></disk>
    <interface type='user'><mac address='52:54:00:00:00:10'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <memballoon model='virtio'/>
  </devices>
</domain>`;
}

/** A daemon with the running domain "guest". */
export interface Household {
  /** How libvirt's clients reach its QEMU driver. */
  readonly qemu: string;
  /** How they reach `test:///default` there. */
  readonly test: string;
  /** The image of the tiny guest, for further domains. */
  readonly image: string;
}

export interface OwnHousehold extends Household {
  readonly daemon: Tsvirtd;
}

/** tsvirtd with the guest. */
export async function startHousehold(t: TestContext, options?: TsvirtdOptions): Promise<OwnHousehold> {
  const daemon = await Tsvirtd.start(t, options);
  const image = await startGuest(daemon.root, daemon.uri("qemu"));
  return { daemon, image, qemu: daemon.uri("qemu"), test: daemon.uri("test") };
}

/** The C libvirtd with the guest. */
export async function startCHousehold(t: TestContext): Promise<Household> {
  const daemon = await Libvirtd.start();
  t.after(() => daemon.stop());
  const qemu = daemon.uri("qemu", "/system");
  return { qemu, test: daemon.uri(), image: await startGuest(daemon.folder, qemu) };
}

async function startGuest(folder: string, uri: string): Promise<string> {
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  await chmod(image, 0o644);
  const xml = join(folder, "guest.xml");
  await writeFile(xml, guestXml("guest", image));
  const { code, stderr } = await runClient("virsh", ["-c", uri, `define ${xml}; start guest`]);
  if (code !== 0) throw new Error(`the guest does not start: ${stderr}`);
  return image;
}
