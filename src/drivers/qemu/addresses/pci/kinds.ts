/** PCI controllers by kind: what can be plugged into the bus behind each, and into what each is plugged itself. */
import type { ControllerOf } from "../../../../model/domain/index.ts";

export type PciController = ControllerOf<"pci">;
export type PciModel = NonNullable<PciController["model"]>;

/** What is plugged into a slot: a device of either generation, or a controller of a kind. */
export type Plug = "pci" | "pcie" | Exclude<PciModel, "pci-root" | "pcie-root">;

/** What a device asks of the slot it is put into. */
export interface Need {
  readonly plug: Plug;
  /** The slot must let the device come and go while the guest runs. */
  readonly hotplug?: boolean;
  /** It shares its slot with others of its kind, each being one function. */
  readonly aggregate?: boolean;
  /** It is a part of the machine and stays on the root bus. */
  readonly integrated?: boolean;
  /** Devices of different isolation groups are not on one bus. */
  readonly group?: number;
}

export interface BusKind {
  readonly accepts: readonly Plug[];
  readonly hotplug: boolean;
  readonly firstSlot: number;
  readonly lastSlot: number;
}

const oneSlot = { firstSlot: 0, lastSlot: 0 };
const allSlots = { firstSlot: 0, lastSlot: 31 };
/** Slot 0 is the bridge's own. */
const allButFirst = { firstSlot: 1, lastSlot: 31 };

const port: BusKind = {
  accepts: ["pcie", "pcie-switch-upstream-port", "pcie-to-pci-bridge"],
  hotplug: true,
  ...oneSlot,
};

export const busKinds: Readonly<Record<PciModel, BusKind>> = {
  "pci-root": { accepts: ["pci", "pci-bridge", "pci-expander-bus"], hotplug: true, ...allButFirst },
  "pci-bridge": { accepts: ["pci", "pci-bridge"], hotplug: true, ...allButFirst },
  "pci-expander-bus": { accepts: ["pci", "pci-bridge"], hotplug: true, ...allSlots },
  "pcie-root": {
    accepts: ["pcie", "pcie-root-port", "dmi-to-pci-bridge", "pcie-expander-bus"],
    hotplug: false,
    ...allButFirst,
  },
  "dmi-to-pci-bridge": { accepts: ["pci", "pci-bridge"], hotplug: false, ...allSlots },
  "pcie-to-pci-bridge": { accepts: ["pci", "pci-bridge"], hotplug: true, ...allButFirst },
  "pcie-root-port": port,
  "pcie-switch-downstream-port": port,
  "pcie-switch-upstream-port": { accepts: ["pcie-switch-downstream-port"], hotplug: false, ...allSlots },
  "pcie-expander-bus": { accepts: ["pcie-root-port", "dmi-to-pci-bridge"], hotplug: false, ...allSlots },
};

/** Whether a device is a card of either generation, which people may mix as they like. */
const isCard = (plug: Plug): boolean => plug === "pci" || plug === "pcie";

/** Whether a bus of that kind may get the device when nobody says where it goes. */
export function fits(kind: BusKind, need: Need): boolean {
  return kind.accepts.includes(need.plug) && (need.hotplug !== true || kind.hotplug);
}

/** Whether the device may be there because the definition says so: more goes than libvirt would choose. */
export function isAllowed(kind: BusKind, { plug }: Need): boolean {
  return kind.accepts.includes(plug) || (isCard(plug) && kind.accepts.some(isCard));
}
