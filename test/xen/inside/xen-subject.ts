/** The Xen driver as a subject of the suite that describes every driver, wherever it runs. */
import type { StorageSubject } from "../../drivers/suite/storage.ts";
import { guestInitrd, guestKernel, guestUp } from "./xl.ts";

/** What the guests' kernel takes at least, in KiB. */
const leastMemory = 98_304;

/** The document of a small paravirtualized guest. */
export function guestXml(name: string, extra = "", memory = leastMemory): string {
  return `<domain type='xen'><name>${name}</name>${extra}<memory>${memory}</memory><vcpu>1</vcpu>
<os><type>linux</type><kernel>${guestKernel}</kernel><initrd>${guestInitrd}</initrd><cmdline>console=hvc0 quiet mitigations=off</cmdline></os>
<devices><console type='pty'/></devices></domain>`;
}

export const xenSubject: Omit<StorageSubject, "name" | "open"> = {
  driver: "xen",
  features: new Set(["transient", "managed-save", "save", "rename", "start-flags"]),
  up: ({ name }) => guestUp(name),
  // The suite starts one with half of its memory.
  domainXml: (name, extra) => guestXml(name, extra, 2 * leastMemory),
  poolXml: () => "",
};
