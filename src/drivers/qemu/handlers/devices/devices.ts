/** Adding devices to domains, changing them and taking them away, while they run or for their next start. */
import { impactFlags, impactOf } from "../../../../driver/domain/impact.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import {
  type Domain as Definition,
  type GivenDevice,
  type Interface,
  parseDevice,
  randomMac,
} from "../../../../model/domain/index.ts";
import { DomainDeviceModifyFlags, type Domain as DomainRef, type ProcedureName } from "../../../../protocol/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import { attachLive } from "../../plug/attach.ts";
import { attachStored, changedDefinition, detachStored, updateStored } from "../../plug/config.ts";
import { detachLive, requestDetach } from "../../plug/detach.ts";
import { findMeant, findNamed } from "../../plug/find.ts";
import { type KnownDevice, removeDevice } from "../../plug/lists.ts";
import { isDrive } from "../../plug/medium.ts";
import { refuseDetach, refuseDetachOf } from "../../plug/refuse.ts";
import { updateLive } from "../../plug/update.ts";

type DeviceProcedures =
  | "domainAttachDeviceFlags"
  | "domainDetachDeviceFlags"
  | "domainDetachDeviceAlias"
  | "domainUpdateDeviceFlags";

/** What is done with a device: to a copy of the stored definition, and to the guest. */
interface DeviceChange {
  readonly store: (copy: Definition) => void;
  readonly apply: (domain: QemuDomain) => Promise<unknown>;
}

/** Does what the flags mean: nothing is changed when the stored definition cannot be. */
async function change(
  host: QemuHost,
  ref: DomainRef,
  procedure: ProcedureName,
  flags: number,
  { store, apply }: DeviceChange,
): Promise<void> {
  await host.finder.change(ref, procedure, async (domain) => {
    const presence = { active: domain.live !== null, persistent: domain.persistent !== null };
    const { live, config } = impactOf(presence, flags);
    const stored = config ? await changedDefinition(host, domain.stored(), store) : null;
    if (live) await apply(domain);
    if (stored) await host.store(domain, stored);
  });
}

const { FORCE } = DomainDeviceModifyFlags;

/** A device to be added: what is of the guest that it was copied from means nothing. */
function deviceToAdd(xml: string): GivenDevice {
  const given = parseDevice(xml, { inactive: true });
  // The stored definition and the guest get the same card.
  if (given.key === "interfaces") (given.device as Interface).mac ??= { address: randomMac() };
  return given;
}

function attach(host: QemuHost, dom: DomainRef, xml: string, flags: number): Promise<void> {
  const given = deviceToAdd(xml);
  const copy = structuredClone(given) as GivenDevice;
  return change(host, dom, "domainAttachDeviceFlags", flags, {
    store: (definition) => attachStored(definition, given),
    apply: (domain) => (putsIn(domain, copy) ? updateLive(host, domain, copy, false) : attachLive(host, domain, copy)),
  });
}

/** Whether adding a drive that is there already means putting a medium in. */
function putsIn(domain: QemuDomain, { key, device }: GivenDevice): boolean {
  if (key !== "disks") return false;
  const { target } = device as Definition["devices"]["disks"][number];
  const { disks } = domain.running().definition.devices;
  return disks.some((disk) => isDrive(disk) && disk.target.dev === target.dev && disk.target.bus === target.bus);
}

function detach(host: QemuHost, dom: DomainRef, xml: string, flags: number): Promise<void> {
  const given = parseDevice(xml);
  return change(host, dom, "domainDetachDeviceFlags", flags, {
    store: (definition) => detachStored(definition, given),
    async apply(domain) {
      const live = domain.running();
      refuseDetachOf(given);
      const known = findMeant(live.definition, given, { live: true });
      refuseDetach(live.definition, { ...given, device: known.device });
      await detachLive(live, aliasOf(known));
    },
  });
}

function aliasOf({ device: { alias } }: KnownDevice): string {
  if (alias !== undefined) return alias;
  throw new LibvirtError("OPERATION_FAILED", "QEMU", "device cannot be detached without a device alias");
}

export function deviceHandlers(host: QemuHost): Handlers<DeviceProcedures> {
  return {
    async domainAttachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainAttachDeviceFlags", "QEMU");
      await attach(host, dom, xml, flags);
    },
    async domainDetachDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceFlags", "QEMU");
      await detach(host, dom, xml, flags);
    },
    async domainDetachDeviceAlias({ dom, alias, flags }) {
      checkFlags(flags, impactFlags, "domainDetachDeviceAlias", "QEMU");
      host.finder.find(dom);
      await change(host, dom, "domainDetachDeviceAlias", flags, {
        store: (definition) => removeDevice(definition, findNamed(definition, alias)),
        async apply(domain) {
          const live = domain.running();
          const { key, device } = findNamed(live.definition, alias);
          refuseDetach(live.definition, { key, element: elementOf(key), device });
          await requestDetach(live, alias);
        },
      });
    },
    async domainUpdateDeviceFlags({ dom, xml, flags }) {
      checkFlags(flags, impactFlags | FORCE, "domainUpdateDeviceFlags", "QEMU");
      const given = parseDevice(xml);
      const inactive = parseDevice(xml, { inactive: true });
      await change(host, dom, "domainUpdateDeviceFlags", flags & ~FORCE, {
        store: (definition) => updateStored(definition, inactive),
        apply: (domain) => updateLive(host, domain, given, (flags & FORCE) !== 0),
      });
    },
  };
}

/** The element of a kind of device: `disks` are `<disk>`. */
const elementOf = (key: string): string => key.replace(/s$/, "");
