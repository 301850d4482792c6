/** What completing a QEMU definition needs to know besides the definition. */
import type { PciAddress } from "../../../model/common/pci-address.ts";
import type { Audio } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";

export interface DefinitionContext {
  /** What the emulator can do that will run the guest. */
  readonly capabilities: QemuCapabilities;
  /** The host's architecture, which guests have that name none. */
  readonly hostArch: string;
  /** Path of the emulator for an architecture; undefined when none is installed. */
  readonly emulatorFor: (arch: string) => string | undefined;
  /** How sound is played that the definition does not say, where graphics do not decide it. */
  readonly hostAudio?: Audio["backend"];
  /** VNC guests play sound on the host (vnc_allow_host_audio). */
  readonly vncAllowHostAudio?: boolean;
  /** Guests without a screen play sound on the host (nographics_allow_host_audio). */
  readonly nographicsAllowHostAudio?: boolean;
  /** Folder of the sockets of channels that have no path (channelTargetDir). */
  readonly channelFolder: string;
  /** Folder of the variables of guests' firmware. */
  readonly nvramFolder?: string;
  /** What a hypervisor default may be decided anew for: the definition is new (VIR_DOMAIN_DEF_PARSE_ABI_UPDATE). */
  readonly abiUpdate?: boolean;
  /** The definition is of a running guest: its shape is not changed any more. */
  readonly live?: boolean;
  /** The guest runs already, and has the PCI buses that it has: what is plugged in finds a place on these, or none. */
  readonly fixedBuses?: boolean;
  /**
   * Whether a PCI device of the host is a PCI Express device: on a board that has both it goes where its kind goes.
   * What nobody can look at counts as one.
   */
  readonly isExpressDevice?: (address: PciAddress) => boolean;
  /** The IOMMU group of a PCI device of the host; undefined where nobody knows. */
  readonly iommuGroup?: (address: PciAddress) => number | undefined;
  /** The security model that labels guests by default; labels that name no model are of this one. */
  readonly securityModel?: string;
  readonly newUuid?: () => string;
  readonly newMac?: () => string;
}
