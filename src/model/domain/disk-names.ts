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
