/** Devices of the host. */
import type { Domain } from "../domain.ts";
import type { HostSubsystem, SubsystemHostdev } from "../hostdev.ts";
import { broken, invalidValue, malformed, unsupported } from "../refuse.ts";

export function validateHostdevs({ devices }: Domain): void {
  const seen = new Set<string>();
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode !== "subsystem") continue;
    validateHostdev(hostdev);
    const key = identity(hostdev.device);
    if (key !== undefined && seen.has(key)) malformed("Hostdev already exists in the domain configuration");
    if (key !== undefined) seen.add(key);
  }
}

function validateHostdev({ device, rom, address }: SubsystemHostdev): void {
  if (rom?.enabled === false && (rom.bar !== undefined || rom.file !== undefined)) {
    unsupported("ROM tuning is not supported when ROM is disabled");
  }
  switch (device.type) {
    case "usb":
      for (const part of ["vendor", "product"] as const) {
        if (device.source[part] === 0) {
          invalidValue(`Invalid value for attribute 'id' in element '${part}': Zero is not permitted`);
        }
      }
      break;
    case "pci":
      if (address !== undefined && address.type !== "pci" && address.type !== "unassigned") {
        broken("PCI host devices must use 'pci' or 'unassigned' address type");
      }
      if (device.source.startupPolicy !== undefined) {
        unsupported("Setting startupPolicy is only allowed for USB devices");
      }
      break;
    case "scsi":
      if (device.sgio === "unfiltered") unsupported("unfiltered sgio is no longer supported");
      if (device.source.protocol === "adapter") {
        if (device.source.address === undefined) {
          malformed("'address' must be specified for scsi hostdev source");
        }
        if (device.source.adapter === undefined) {
          malformed("'adapter' name must be specified for scsi hostdev source");
        }
      } else if (device.source.hosts.length === 0) {
        malformed("missing the host address for the iSCSI hostdev");
      }
      break;
    case "scsi_host":
      if (!/^naa\.[0-9a-fA-F]{16}$/.test(device.source.wwpn)) malformed("malformed 'wwpn' value");
      break;
    case "mdev":
      if (device.model !== "vfio-pci" && device.display !== undefined) {
        unsupported("<hostdev> attribute 'display' is only supported with model='vfio-pci'");
      }
      break;
  }
}

/** What tells one device of the host from another. */
function identity(device: HostSubsystem): string | undefined {
  switch (device.type) {
    case "usb": {
      const { address, vendor, product } = device.source;
      if (address !== undefined) return `usb ${address.bus} ${address.device}`;
      return `usb ${vendor}:${product}`;
    }
    case "pci": {
      const { domain, bus, slot, function: part } = device.source.address;
      return `pci ${domain}:${bus}:${slot}.${part}`;
    }
    case "scsi": {
      const { source } = device;
      if (source.protocol === "iscsi") return `iscsi ${source.hosts[0]?.name}:${source.hosts[0]?.port} ${source.name}`;
      const { address } = source;
      return `scsi ${source.adapter} ${address?.bus} ${address?.target} ${address?.unit}`;
    }
    case "scsi_host":
      return `scsi_host ${device.source.wwpn}`;
    case "mdev":
      return `mdev ${device.source.address}`;
  }
}
