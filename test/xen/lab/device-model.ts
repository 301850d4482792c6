/**
 * What fully virtualized guests need of their host besides: Xen's build of QEMU with its libraries, and the firmware that
 * guests run. Only tests that have such guests get it, for the host keeps it in memory.
 */
import { basename, join } from "node:path";
import { Archive } from "./cpio.ts";
import { librariesOf } from "./libraries.ts";
import { allOf, bring, dependencies, type Packages } from "./packages.ts";

const emulator = "usr/libexec/xen-qemu-system-i386";

/** What the device model reads: firmware of the machine, of its screen and of its network card; the layout of keys. */
const data = [
  ...[
    "usr/share/seabios/bios-256k.bin",
    "usr/share/seabios/vgabios-cirrus.bin",
    "usr/share/seabios/vgabios-stdvga.bin",
  ],
  ...["usr/lib/ipxe/qemu/efi-rtl8139.rom", "usr/share/qemu/kvmvapic.bin", "usr/share/qemu/keymaps/en-us"],
];

/** Brings the device model and all that it needs into a folder; gives where they are unpacked. */
function fetchDeviceModel(folder: string): Promise<string> {
  return bring(folder, async () => {
    const libraries = (await dependencies(["qemu-system-xen"], ...allOf)).filter((name) => /^lib/.test(name));
    return ["qemu-system-xen", "qemu-system-data", "seabios", "ipxe-qemu", ...new Set(libraries)];
  });
}

/** An archive to be unpacked over the host's. */
export async function deviceModelImage(packages: Packages, folder: string): Promise<Buffer> {
  const root = await fetchDeviceModel(folder);
  const archive = new Archive();
  const xen = `/usr/lib/xen-${packages.xen}`;
  archive.copy(`/${emulator}`, join(root, emulator));
  archive.copy(`${xen}/boot/hvmloader`, join(packages.root, xen, "boot/hvmloader"));
  for (const path of data) archive.copy(`/${path}`, join(root, path));
  // Where documents of old have them.
  archive.link("/usr/lib/xen", basename(xen));
  archive.link(`${xen}/bin/qemu-dm`, `/${emulator}`);
  const places = [root, packages.root].flatMap((one) =>
    ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((path) => join(one, path)),
  );
  for (const library of await librariesOf([join(root, emulator)], places)) {
    archive.copy(`/usr/lib/x86_64-linux-gnu/${basename(library)}`, library);
  }
  const drivers = join(packages.root, "lib/modules", packages.kernel, "kernel/drivers");
  archive.copy("/modules/tun.ko", join(drivers, "net/tun.ko"));
  return archive.finish();
}
