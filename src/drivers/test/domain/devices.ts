/** Adding devices to domains, changing them and taking them away, while they run or for their next start. */
import { isDeepStrictEqual } from "node:util";
import { lifecycleAction } from "../../../driver/domain/lifecycle-action.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Devices } from "../../../model/domain/index.ts";
import { isListOfDevices, parseDevice as parseOneDevice } from "../../../model/domain/index.ts";
import { DomainDeviceModifyFlags, type Domain as DomainRef } from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { type Definition, recompleted } from "./definition.ts";
import { changeDefinition, impactFlags, impactOf } from "./impact.ts";
import { domainRef, findDomain, type TestDomain } from "./state.ts";

type DeviceProcedures =
  | "domainAttachDeviceFlags"
  | "domainDetachDeviceFlags"
  | "domainDetachDeviceAlias"
  | "domainUpdateDeviceFlags"
  | "domainSetLifecycleAction";

/** The kinds of devices that a domain may have several of. */
type Lists = { [K in keyof Devices as Devices[K] extends readonly unknown[] ? K : never]: Devices[K] };
type Kind = keyof Lists;

/** A device that a client describes, and which kind of device it is. */
interface GivenDevice {
  readonly kind: Kind;
  readonly device: Device;
}

/** Any device: what it is known by. */
interface Device {
  readonly alias?: { readonly name?: string | undefined } | undefined;
  readonly target?: { readonly dev?: string | undefined } | undefined;
  readonly mac?: { readonly address: string } | undefined;
}

/** Reads a device's document. */
function parseDevice(xml: string): GivenDevice {
  const { key, element, device } = parseOneDevice(xml);
  if (isListOfDevices(key)) return { kind: key as Kind, device: device as Device };
  throw new LibvirtError("OPERATION_UNSUPPORTED", "TEST", `devices of type '${element}' cannot be changed`);
}

function devicesOf({ devices }: Definition, kind: Kind): readonly Device[] {
  return devices[kind] as readonly Device[];
}

function withDevices(definition: Definition, kind: Kind, list: readonly Device[]): Definition {
  return recompleted({ ...definition, devices: { ...definition.devices, [kind]: [...list] } as Devices });
}

/** Whether a client that says `wanted` means `device`: by what it is known by, else by all that it is. */
function means(kind: Kind, wanted: Device, device: Device): boolean {
  if (wanted.alias?.name !== undefined) return wanted.alias.name === device.alias?.name;
  if (kind === "disks") return wanted.target?.dev === device.target?.dev;
  if (kind === "interfaces" && wanted.mac) {
    return wanted.mac.address.toLowerCase() === device.mac?.address.toLowerCase();
  }
  return isDeepStrictEqual(bare(wanted), bare(device));
}

/** A device without what it got when it was added. */
function bare(device: Device): object {
  return { ...device, alias: undefined, address: undefined, target: undefined, mac: undefined };
}

/** What messages and events call a device. */
function nameOf({ alias, target, mac }: Device): string {
  return alias?.name ?? target?.dev ?? mac?.address ?? "device";
}

function attached(definition: Definition, { kind, device }: GivenDevice): Definition {
  const list = devicesOf(definition, kind);
  const known = (kind === "disks" || device.mac) && list.some((each) => means(kind, device, each));
  if (known) throw new LibvirtError("OPERATION_FAILED", "TEST", `target ${nameOf(device)} already exists`);
  return withDevices(definition, kind, [...list, device]);
}

function missing(name: string): LibvirtError {
  return new LibvirtError("DEVICE_MISSING", "TEST", `no device found that is '${name}'`);
}

function detached(definition: Definition, { kind, device }: GivenDevice): Definition {
  const list = devicesOf(definition, kind);
  const found = list.find((each) => means(kind, device, each));
  if (!found) throw missing(nameOf(device));
  const without = list.filter((each) => each !== found);
  return { ...definition, devices: { ...definition.devices, [kind]: without } };
}

function detachedByAlias(definition: Definition, alias: string): Definition {
  for (const [kind, list] of Object.entries(definition.devices)) {
    if (!Array.isArray(list)) continue;
    const found = (list as readonly Device[]).find((device) => device.alias?.name === alias);
    if (found) return detached(definition, { kind: kind as Kind, device: found });
  }
  throw missing(alias);
}

function updated(definition: Definition, { kind, device }: GivenDevice): Definition {
  if (kind !== "disks" && kind !== "interfaces" && kind !== "graphics") {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "TEST", `${kind} cannot be changed, only added and taken away`);
  }
  const list = devicesOf(definition, kind);
  const found = kind === "graphics" ? list[0] : list.find((each) => means(kind, device, each));
  if (!found) throw missing(nameOf(device));
  return withDevices(
    definition,
    kind,
    list.map((each) => (each === found ? device : each)),
  );
}

/** Tells of a change to a running domain. */
function tell(node: TestNode, domain: TestDomain, live: boolean, what: "Added" | "Removed", devAlias: string): void {
  if (live) node.events.emit(`domainEventCallbackDevice${what}`, { dom: domainRef(domain), devAlias });
}

export function domainDeviceHandlers(node: TestNode): Handlers<DeviceProcedures> {
  const { FORCE } = DomainDeviceModifyFlags;
  const attach = (dom: DomainRef, xml: string, flags: number) => {
    const domain = findDomain(node, dom);
    impactOf(domain, flags);
    const given = parseDevice(xml);
    const { live } = changeDefinition(domain, flags, (definition) => attached(definition, given));
    tell(node, domain, live, "Added", nameOf(given.device));
  };
  const detach = (dom: DomainRef, xml: string, flags: number) => {
    const domain = findDomain(node, dom);
    impactOf(domain, flags);
    const given = parseDevice(xml);
    const { live } = changeDefinition(domain, flags, (definition) => detached(definition, given));
    tell(node, domain, live, "Removed", nameOf(given.device));
  };
  return {
    domainAttachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainAttachDeviceFlags", "TEST");
      attach(dom, xml, flags);
    },
    domainDetachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceFlags", "TEST");
      detach(dom, xml, flags);
    },
    domainDetachDeviceAlias({ dom, alias, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceAlias", "TEST");
      const domain = findDomain(node, dom);
      const { live } = changeDefinition(domain, flags, (definition) => detachedByAlias(definition, alias));
      tell(node, domain, live, "Removed", alias);
    },
    domainUpdateDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags | FORCE, "domainUpdateDeviceFlags", "TEST");
      const given = parseDevice(xml);
      changeDefinition(findDomain(node, dom), flags, (definition) => updated(definition, given));
    },
    domainSetLifecycleAction({ dom, type, action, flags }) {
      checkFlags(flags, impactFlags, "domainSetLifecycleAction", "TEST");
      const set = lifecycleAction(type, action, "TEST");
      changeDefinition(findDomain(node, dom), flags, (definition) => ({ ...definition, ...set }));
    },
  };
}
