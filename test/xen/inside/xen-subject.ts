/** The Xen driver as a subject of the suite that describes every driver, wherever it runs. */
import type { StorageSubject } from "../../drivers/suite/storage.ts";
import { linuxOptions } from "../lab/linux.ts";
import { crashingKernel, endingKernel, guestInitrd, guestKernel, guestUp, quietKernel } from "./xl.ts";

/** What the guests' kernel takes at least, in KiB. */
const leastMemory = 98_304;

/** The document of a small paravirtualized guest. */
export function guestXml(name: string, extra = "", memory = leastMemory): string {
  return `<domain type='xen'><name>${name}</name>${extra}<memory>${memory}</memory><vcpu>1</vcpu>
<os><type>linux</type><kernel>${guestKernel}</kernel><initrd>${guestInitrd}</initrd><cmdline>console=hvc0 ${linuxOptions}</cmdline></os>
<devices><console type='pty'/></devices></domain>`;
}

/** The document of a guest that does nothing: for whatever the guest has no part in. */
export function quietXml(name: string, extra = "", memory = 32_768): string {
  return smallXml(name, quietKernel, extra, memory);
}

/** The document of a guest that shuts itself down as soon as it runs. */
export const endingXml = (name: string): string => smallXml(name, endingKernel);

/** The document of a guest that crashes as soon as it runs. */
export const crashingXml = (name: string): string => smallXml(name, crashingKernel);

function smallXml(name: string, kernel: string, extra = "", memory = 8192): string {
  return `<domain type='xen'><name>${name}</name>${extra}<memory>${memory}</memory><vcpu>1</vcpu>
<os><type>linux</type><kernel>${kernel}</kernel></os>
<devices><console type='pty'/></devices></domain>`;
}

export const xenSubject: Omit<StorageSubject, "name" | "open"> = {
  driver: "xen",
  features: new Set(["transient", "managed-save", "save", "rename", "start-flags"]),
  domainXml: quietXml,
  savable: { xml: (name) => guestXml(name), up: ({ name }) => guestUp(name) },
  poolXml: () => "",
};
