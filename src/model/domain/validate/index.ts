/** What libvirt refuses in a definition whatever the hypervisor. */
import type { Domain } from "../domain.ts";

/** @throws LibvirtError */
export function validateDefinition(_domain: Domain): void {}
