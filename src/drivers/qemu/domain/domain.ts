/** A domain of the QEMU driver. */
import { KeptDomain } from "../../../driver/domain/kept/domain.ts";
import type { LiveDomain } from "./live.ts";

export class QemuDomain extends KeptDomain<LiveDomain> {
  constructor(name: string, uuid: Uint8Array) {
    super(name, uuid, "QEMU");
  }
}
