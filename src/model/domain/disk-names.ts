/** Names of disks as guests of old gave them: `sda` is the first disk of a kind, `hdaa` the 27th of another. */
import type { DiskBus } from "./disk.ts";

const name = /^(?:ioemu:)?(fd|hd|sd|vd|xvd|ubd)([a-z]+)(\d*)$/;

const letters = 26;
/** More letters than any guest has disks for. */
const maxLetters = 6;

/** Which disk a name stands for, counted from 0; undefined for a name of another form. Partition numbers are ignored. */
export function diskIndex(dev: string): number | undefined {
  const [, , word] = name.exec(dev) ?? [];
  if (word === undefined || word.length > maxLetters) return undefined;
  let index = 0;
  for (const letter of word) index = index * letters + (letter.charCodeAt(0) - 0x60);
  return index - 1;
}

/** The name of a disk: `diskName("vd", 26)` is `vdaa`. */
export function diskName(prefix: string, index: number): string {
  let word = "";
  for (let at = index; at >= 0; at = Math.floor(at / letters) - 1) {
    word = String.fromCharCode(0x61 + (at % letters)) + word;
  }
  return prefix + word;
}

const buses: Readonly<Record<string, DiskBus>> = {
  fd: "fdc",
  hd: "ide",
  sd: "scsi",
  vd: "virtio",
  xvd: "xen",
  ubd: "uml",
};

/** The bus that a name hints at. */
export function diskBusOf(dev: string): DiskBus | undefined {
  const [, prefix = ""] = name.exec(dev) ?? [];
  return buses[prefix];
}

/** What names of disks on a bus begin with. */
export function diskPrefix(bus: DiskBus): string {
  return diskPrefixes[bus];
}

const diskPrefixes: Readonly<Record<DiskBus, string>> = {
  ide: "hd",
  fdc: "fd",
  scsi: "sd",
  sata: "sd",
  usb: "sd",
  virtio: "vd",
  xen: "xvd",
  uml: "ubd",
  sd: "sd",
};
