/** The Xen driver as a subject of the suite that describes every driver, wherever it runs. */
import type { StorageSubject } from "../../drivers/suite/storage.ts";
import { guestInitrd, guestKernel, guestUp } from "./xl.ts";

/** The document of a small paravirtualized guest. Half of its memory is what its kernel takes at least. */
export function guestXml(name: string, extra = ""): string {
  return `<domain type='xen'><name>${name}</name>${extra}<memory>196608</memory><vcpu>1</vcpu>
<os><type>linux</type><kernel>${guestKernel}</kernel><initrd>${guestInitrd}</initrd><cmdline>console=hvc0 quiet</cmdline></os>
<devices><console type='pty'/></devices></domain>`;
}

export const xenSubject: Omit<StorageSubject, "name" | "open"> = {
  driver: "xen",
  features: new Set(["transient", "managed-save", "save", "rename", "start-flags"]),
  up: ({ name }) => guestUp(name),
  domainXml: guestXml,
  poolXml: () => "",
};
