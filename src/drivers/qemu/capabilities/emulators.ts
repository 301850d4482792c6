/** Which emulators are installed, and which of them runs guests of an architecture. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";

/** Where emulators are looked for. */
const emulatorFolders: readonly string[] = ["/usr/bin", "/usr/local/bin"];

/** Emulators by the guest architecture's name in libvirt, the best first. */
const programs: { readonly [arch: string]: readonly string[] } = {
  ...Object.fromEntries(
    [
      ...[
        "aarch64",
        "alpha",
        "cris",
        "loongarch64",
        "m68k",
        "microblaze",
        "microblazeel",
        "mips",
        "mips64",
        "mips64el",
      ],
      ...["mipsel", "ppc", "ppc64", "riscv32", "riscv64", "s390x", "sh4", "sh4eb", "sparc", "sparc64", "x86_64"],
      ...["xtensa", "xtensaeb"],
    ].map((arch) => [arch, [`qemu-system-${arch}`]]),
  ),
  i686: ["qemu-system-i386", "qemu-system-x86_64"],
  armv7l: ["qemu-system-arm", "qemu-system-aarch64"],
  ppc64le: ["qemu-system-ppc64"],
};

/**
 * The path of the emulator for guests of an architecture that name none; null when none is installed.
 * @param arch libvirt's name of the architecture.
 */
export async function findEmulator(arch: string, folders = emulatorFolders): Promise<string | null> {
  if (!Object.hasOwn(programs, arch)) return null;
  for (const name of programs[arch] ?? []) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return null;
}

/** All architectures that guests can have here, with their emulators, by the architecture's name. */
export async function findEmulators(folders = emulatorFolders): Promise<ReadonlyMap<string, string>> {
  const names = Object.keys(programs).sort();
  const paths = await Promise.all(names.map((arch) => findEmulator(arch, folders)));
  return new Map(names.flatMap((arch, i) => (paths[i] == null ? [] : [[arch, paths[i] as string] as const])));
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
