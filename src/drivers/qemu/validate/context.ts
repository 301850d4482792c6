/** What checking a QEMU definition needs to know besides the definition. What is missing is not checked. */
import type { QemuCapabilities } from "../capabilities/capabilities.ts";

export interface ValidationContext {
  /** What the emulator can do that will run the guest. */
  readonly capabilities: QemuCapabilities;
  /** The host's architecture. */
  readonly hostArch?: string;
  /** Model of the host's processor, as libvirt names it. */
  readonly hostCpuModel?: string;
  /** Whether SPICE may use TLS (spice_tls). */
  readonly spiceTls?: boolean;
  /** Versions that the host's TPM emulator knows; none when it has no emulator. */
  readonly tpmVersions?: readonly string[];
  /** Sizes of huge pages the host has mounted, in KiB. */
  readonly hugepageSizes?: readonly bigint[];
}
