/** The kinds of devices that can be plugged into Xen's guests: how one is known, and how the tool stack plugs it. */
import { LibvirtError } from "../../../errors.ts";
import { pciAddressText } from "../../../model/common/pci-address.ts";
import type { Domain as Definition, Disk, Hostdev, Interface } from "../../../model/domain/index.ts";
import { type GivenDevice, parseDevice } from "../../../model/domain/index.ts";
import type { Toolstack } from "../toolstack/toolstack.ts";

/** The devices by the list that they are in. */
interface Kinds {
  readonly disks: Disk;
  readonly interfaces: Interface;
  readonly hostdevs: Hostdev;
}

type Key = keyof Kinds;

/** A device of one of the kinds. */
export type Plugged = { readonly [K in Key]: { readonly key: K; readonly device: Kinds[K] } }[Key];

interface Kind<T> {
  /** What it is known by, in messages and events. */
  nameOf(device: T): string;
  /** Whether a device that is there is the one that is meant. */
  isMeant(device: T, wanted: T): boolean;
  plugIn(tools: Toolstack, id: number, device: T): Promise<void>;
  plugOut(tools: Toolstack, id: number, device: T): Promise<void>;
}

const macOf = ({ mac }: Interface): string | undefined => mac?.address.toLowerCase();

function noSupport({ name }: Toolstack): LibvirtError {
  return new LibvirtError("NO_SUPPORT", "XEN", `${name} does not plug devices of the host`);
}

function hostAddress({ device }: Hostdev): string {
  return device.type === "pci" ? pciAddressText(device.source.address) : device.type;
}

const kinds: { readonly [K in Key]: Kind<Kinds[K]> } = {
  disks: {
    nameOf: ({ target }) => target.dev,
    isMeant: ({ target }, wanted) => target.dev === wanted.target.dev,
    plugIn: (tools, id, disk) => tools.attachDisk(id, disk),
    plugOut: (tools, id, { target }) => tools.detachDisk(id, target.dev),
  },
  interfaces: {
    nameOf: ({ mac, target }) => mac?.address ?? target?.dev ?? "interface",
    isMeant: (card, wanted) => macOf(card) === macOf(wanted),
    plugIn: (tools, id, card) => tools.attachInterface(id, card),
    plugOut: (tools, id, { mac }) => tools.detachInterface(id, mac?.address ?? ""),
  },
  hostdevs: {
    nameOf: hostAddress,
    isMeant: (device, wanted) => hostAddress(device) === hostAddress(wanted),
    async plugIn(tools, id, device) {
      if (!tools.attachHostdev) throw noSupport(tools);
      await tools.attachHostdev(id, device);
    },
    async plugOut(tools, id, device) {
      if (!tools.detachHostdev) throw noSupport(tools);
      await tools.detachHostdev(id, device);
    },
  },
};

/** A device and its kind fit each other, which the type cannot say of a union. */
const kindOf = ({ key }: Plugged) => kinds[key] as unknown as Kind<Plugged["device"]>;

export function readDevice(xml: string): Plugged {
  const { key, element, device }: GivenDevice = parseDevice(xml, { inactive: true });
  const given = { key, device } as Plugged;
  const isPlugged = Object.hasOwn(kinds, key) && (given.key !== "hostdevs" || given.device.device.type === "pci");
  if (isPlugged) return given;
  const detail = `devices of type '${element}' cannot be plugged into Xen's guests`;
  throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
}

export const nameOf = (plugged: Plugged): string => kindOf(plugged).nameOf(plugged.device);

/** The devices of the same kind. */
export function devicesLike(definition: Definition, { key }: Plugged): readonly Plugged["device"][] {
  return definition.devices[key];
}

/** The device of a definition that is meant; an interface that is not named by its address is the only one. */
export function find(definition: Definition, wanted: Plugged): Plugged | undefined {
  const all = devicesLike(definition, wanted);
  const isAnonymous = wanted.key === "interfaces" && !wanted.device.mac;
  if (isAnonymous && all.length > 1) {
    const detail = "several interfaces are there: the MAC address says which is meant";
    throw new LibvirtError("OPERATION_FAILED", "XEN", detail);
  }
  const device = isAnonymous ? all[0] : all.find((one) => kindOf(wanted).isMeant(one, wanted.device));
  return device && ({ key: wanted.key, device } as Plugged);
}

export function plugIn(tools: Toolstack, id: number, plugged: Plugged): Promise<void> {
  return kindOf(plugged).plugIn(tools, id, plugged.device);
}

export function plugOut(tools: Toolstack, id: number, plugged: Plugged): Promise<void> {
  return kindOf(plugged).plugOut(tools, id, plugged.device);
}
