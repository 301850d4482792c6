/** Devices with little to say, each one part of a guest or two. */
import { LibvirtError } from "../../../../errors.ts";
import type { Hub, Iommu, Memballoon, Panic, Rng, Shmem, Vsock, Watchdog } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { chardev, device, integer, object, onOffAuto, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { chardevId, chardevParts } from "./chardev.ts";
import type { DeviceContext } from "./context.ts";
import { versionedDriver, virtioProps } from "./virtio.ts";

export function hubParts(hub: Hub, { domain }: DeviceContext): Part[] {
  return [device("usb-hub", { id: aliasOf(hub), ...addressProps(hub, domain) })];
}

export function memballoonParts(balloon: Memballoon, context: DeviceContext): Part[] {
  if (balloon.model === "none") return [];
  if (balloon.model === "xen") {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "Memory balloon device type 'xen' is not supported by QEMU");
  }
  const { driver, props } = versionedDriver("virtio-balloon", balloon, context);
  return [
    device(driver, {
      ...props,
      ...virtioProps(balloon.driver),
      id: aliasOf(balloon),
      "deflate-on-oom": balloon.autodeflate,
      "free-page-reporting": balloon.freePageReporting,
      ...addressProps(balloon, context.domain),
    }),
  ];
}

/** Milliseconds in which a limit of random bytes holds when nothing is said. */
const defaultPeriod = 1000;

export function rngParts(rng: Rng, context: DeviceContext): Part[] {
  const alias = aliasOf(rng);
  const id = `obj${alias}`;
  const { driver, props } = versionedDriver("virtio-rng", rng, context);
  const { rate } = rng;
  return [
    ...entropyParts(rng, alias, id, context),
    device(driver, {
      ...props,
      ...virtioProps(rng.driver),
      rng: id,
      id: alias,
      ...(rate && { "max-bytes": rate.bytes, period: rate.period || defaultPeriod }),
      ...addressProps(rng, context.domain),
    }),
  ];
}

function entropyParts({ backend }: Rng, alias: string, id: string, context: DeviceContext): Part[] {
  switch (backend.model) {
    case "random":
      return [object("rng-random", id, { filename: backend.value })];
    case "builtin":
      return [object("rng-builtin", id, {})];
    case "egd": {
      const socket = chardevId(alias);
      return [...chardevParts(socket, backend.backend, context), object("rng-egd", id, { chardev: socket })];
    }
  }
}

/** What QEMU does by itself: it dumps nothing, so the guest is paused for the driver to do it. */
const watchdogActions: Readonly<Record<Watchdog["action"], string>> = {
  reset: "reset",
  shutdown: "shutdown",
  poweroff: "poweroff",
  pause: "pause",
  dump: "pause",
  none: "none",
  "inject-nmi": "inject-nmi",
};

export function watchdogParts(watchdog: Watchdog, { domain }: DeviceContext): Part[] {
  const action = option("-watchdog-action", watchdogActions[watchdog.action]);
  // This one is part of the chip set, where it is switched off.
  if (watchdog.model === "itco") return [option("-global", "ICH9-LPC.noreboot=off"), action];
  return [device(watchdog.model, { id: aliasOf(watchdog), ...addressProps(watchdog, domain) }), action];
}

/** Other models are part of the machine or of the CPU. */
export function panicParts({ model, address }: Panic): Part[] {
  if (model !== "isa") return [];
  return [device("pvpanic", { ioport: address?.type === "isa" ? address.iobase : undefined })];
}

export function shmemParts(shmem: Shmem, context: DeviceContext): Part[] {
  switch (shmem.model) {
    case "ivshmem-plain":
      return sharedMemory(shmem, context);
    case "ivshmem-doorbell":
      return servedMemory(shmem, context);
    case "ivshmem":
      throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "ivshmem device is not supported with this QEMU binary");
  }
}

/** Memory that all guests that know its name share. */
function sharedMemory(shmem: Shmem, { domain }: DeviceContext): Part[] {
  const id = aliasOf(shmem);
  const memdev = `shmmem-${id}`;
  const size = shmem.size === undefined ? undefined : integer(shmem.size);
  return [
    object("memory-backend-file", memdev, { "mem-path": `/dev/shm/${shmem.name}`, size, share: true }),
    device("ivshmem-plain", {
      id,
      memdev,
      master: shmem.role === undefined ? undefined : onOffAuto(shmem.role === "master"),
      ...addressProps(shmem, domain),
    }),
  ];
}

/** Memory that a server hands out, whose guests can also ring each other's bell. */
function servedMemory(shmem: Shmem, { domain }: DeviceContext): Part[] {
  const id = aliasOf(shmem);
  const socket = chardevId(id);
  const path = shmem.server?.path ?? `/var/lib/libvirt/shmem-${shmem.name}-sock`;
  return [
    chardev(socket, "socket", { addr: { type: "unix", data: { path } }, server: false }),
    device("ivshmem-doorbell", {
      id,
      chardev: socket,
      vectors: shmem.msi?.vectors || undefined,
      ioeventfd: shmem.msi?.ioeventfd ?? true,
      ...addressProps(shmem, domain),
    }),
  ];
}

export function vsockParts(vsock: Vsock, context: DeviceContext): Part[] {
  const { driver, props } = versionedDriver("vhost-vsock", vsock, context);
  return [
    device(driver, {
      ...props,
      ...virtioProps(vsock.driver),
      id: aliasOf(vsock),
      "guest-cid": vsock.cid?.address || context.facts.vsockCid(),
      vhostfd: context.facts.vsockFd,
      ...addressProps(vsock, context.domain),
    }),
  ];
}

/** ARM's is a property of the machine. */
export function iommuParts(iommu: Iommu, { domain }: DeviceContext): Part[] {
  const id = aliasOf(iommu);
  switch (iommu.model) {
    case "smmuv3":
      return [];
    case "virtio":
      return [device("virtio-iommu", { id, ...addressProps(iommu, domain) })];
    case "intel": {
      const { intremap, caching_mode, eim, iotlb, aw_bits } = iommu.driver ?? {};
      return [
        device("intel-iommu", {
          id,
          intremap: onOffAuto(intremap),
          "caching-mode": caching_mode,
          eim: onOffAuto(eim),
          "device-iotlb": iotlb,
          "aw-bits": aw_bits || undefined,
        }),
      ];
    }
  }
}
