/** What one asks of the guest inside a domain: its agent's answers, keys, signals. The guest is made up. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import { type Domain as DomainRef, DomainSetTimeFlags, DomainSetUserPasswordFlags } from "../../../protocol/index.ts";
import { type ActiveDomain, findActiveDomain, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";
import { guestAddress } from "./network.ts";
import { guestFileSystems } from "./state.ts";

type GuestProcedures =
  | "domainGetHostname"
  | "domainGetTime"
  | "domainSetTime"
  | "domainGetFsinfo"
  | "domainFsfreeze"
  | "domainFsthaw"
  | "domainFstrim"
  | "domainInterfaceAddresses"
  | "domainSetUserPassword"
  | "domainSendKey"
  | "domainSendProcessSignal"
  | "domainInjectNmi";

const guestHostname = "testhost";
/** What the guest's clock shows until somebody sets it. */
const guestClock = { seconds: 627_319_920n, nseconds: 0 };

/** Freezes or thaws the file systems that are meant, all when none is named; gives how many it was done to. */
function freeze({ guest }: ActiveDomain, mountpoints: readonly string[], frozen: boolean): { filesystems: number } {
  const known = guestFileSystems.map(({ mountpoint }) => mountpoint);
  const meant = mountpoints.length === 0 ? known : mountpoints;
  for (const mountpoint of meant) requireMountPoint(mountpoint);
  const changed = meant.filter((mountpoint) => guest.frozen.has(mountpoint) !== frozen);
  for (const mountpoint of changed) {
    if (frozen) guest.frozen.add(mountpoint);
    else guest.frozen.delete(mountpoint);
  }
  return { filesystems: changed.length };
}

function requireMountPoint(wanted: string): void {
  if (guestFileSystems.some(({ mountpoint }) => mountpoint === wanted)) return;
  throw new LibvirtError("OPERATION_INVALID", "TEST", `mount point not found: ${wanted}`);
}

/** The guest's interfaces with the addresses that it got from the networks they are on. */
function interfaceAddresses(node: TestNode, { live, config }: TestDomain) {
  const { interfaces } = (live ?? config).devices;
  return interfaces.map((nic, index) => {
    const address = guestAddress(node, nic, index);
    return {
      name: nic.target?.dev ?? `testnet${index}`,
      hwaddr: nic.mac?.address ?? null,
      addrs: address ? [{ type: 0, addr: address.address, prefix: address.prefix }] : [],
    };
  });
}

export function domainGuestHandlers(node: TestNode): Handlers<GuestProcedures> {
  const find = (dom: DomainRef) => findActiveDomain(node, dom);
  return {
    domainGetHostname({ dom, flags }) {
      checkFlags(flags, 3, "domainGetHostname", "TEST");
      find(dom);
      return { hostname: guestHostname };
    },
    domainGetTime({ dom, flags }) {
      checkFlags(flags, 0, "domainGetTime", "TEST");
      return find(dom).guest.clock ?? guestClock;
    },
    domainSetTime({ dom, seconds, nseconds, flags }) {
      checkFlags(flags, DomainSetTimeFlags.SYNC, "domainSetTime", "TEST");
      const sync = (flags & DomainSetTimeFlags.SYNC) !== 0;
      find(dom).guest.clock = sync ? { seconds: 0n, nseconds: 0 } : { seconds, nseconds };
    },
    domainGetFsinfo({ dom, flags }) {
      checkFlags(flags, 0, "domainGetFsinfo", "TEST");
      find(dom);
      const info = guestFileSystems.map(({ mountpoint, name, type, disks }) => {
        return { mountpoint, name, fstype: type, devAliases: [...disks] };
      });
      return { info, ret: info.length };
    },
    domainFsfreeze({ dom, mountpoints, flags }) {
      checkFlags(flags, 0, "domainFsfreeze", "TEST");
      return freeze(find(dom), mountpoints, true);
    },
    domainFsthaw({ dom, mountpoints, flags }) {
      checkFlags(flags, 0, "domainFsthaw", "TEST");
      return freeze(find(dom), mountpoints, false);
    },
    domainFstrim({ dom, mountPoint, flags }) {
      checkFlags(flags, 0, "domainFstrim", "TEST");
      find(dom);
      if (mountPoint !== null) requireMountPoint(mountPoint);
    },
    domainInterfaceAddresses({ dom, flags }) {
      checkFlags(flags, 0, "domainInterfaceAddresses", "TEST");
      return { ifaces: interfaceAddresses(node, find(dom)) };
    },
    domainSetUserPassword({ dom, flags }) {
      checkFlags(flags, DomainSetUserPasswordFlags.ENCRYPTED, "domainSetUserPassword", "TEST");
      find(dom);
    },
    domainSendKey({ dom, keycodes, flags }) {
      checkFlags(flags, 0, "domainSendKey", "TEST");
      if (keycodes.some((code) => code > 0xffff)) throw new LibvirtError("INVALID_ARG", "TEST", "invalid keycode");
      find(dom);
    },
    domainSendProcessSignal({ dom, pidValue, signum, flags }) {
      checkFlags(flags, 0, "domainSendProcessSignal", "TEST");
      if (pidValue !== 1n) throw new LibvirtError("INVALID_ARG", "TEST", "only sending a signal to pid 1 is supported");
      if (signum >= 65) throw new LibvirtError("INVALID_ARG", "TEST", `signum value ${signum} is out of range`);
      find(dom);
    },
    domainInjectNmi({ dom, flags }) {
      checkFlags(flags, 0, "domainInjectNmi", "TEST");
      find(dom);
    },
  };
}
