/** Character devices: what is at the host's end must be said. */
import type { Channel, CharBackend } from "../chardev.ts";
import { backendsOf } from "../complete/chardev.ts";
import type { Domain } from "../domain.ts";
import { broken, invalidValue, malformed, unsupported } from "../refuse.ts";
import type { DeviceLabel } from "../security.ts";

export function validateCharDevices(domain: Domain): void {
  for (const device of backendsOf(domain)) validateBackend(device.backend, placesItsSocket(device));
  for (const { backend } of [...domain.devices.serials, ...domain.devices.parallels, ...domain.devices.consoles]) {
    if (backend.type === "spicevmc" || backend.type === "qemu-vdagent") onlyVirtio(backend.type);
  }
  for (const channel of domain.devices.channels) validateChannel(channel);
  for (const smartcard of domain.devices.smartcards) {
    if (smartcard.mode === "host-certificates" && smartcard.certificates.length !== 3) {
      malformed("host-certificates mode needs exactly three certificates");
    }
    if (smartcard.mode === "host-certificates" && smartcard.database?.startsWith("/") === false) {
      malformed(`expecting absolute path: ${smartcard.database}`);
    }
  }
}

function onlyVirtio(type: string): never {
  return unsupported(`${type} device type only supports virtio`);
}

/** The driver gives channels that guests look for by name a socket of its own choice. */
function placesItsSocket(device: { backend: CharBackend; target?: unknown }): boolean {
  const type = (device.target as { type?: string } | undefined)?.type;
  return type === "virtio" || type === "xen";
}

function validateBackend(backend: CharBackend, placed: boolean): void {
  switch (backend.type) {
    case "file":
    case "dev":
    case "pipe":
      validateLabels(backend.source?.seclabels);
      if (!backend.source?.path) missing("path");
      break;
    case "unix":
      validateLabels(backend.source?.seclabels);
      if (!backend.source?.path && !placed) missing("path");
      if (backend.source !== undefined) validateReconnect(backend.source);
      break;
    case "tcp":
      if (!backend.source?.host) missing("host");
      if (!backend.source.service) missing("service");
      validateReconnect(backend.source);
      break;
    case "udp":
      if (!backend.connect?.service) missing("service");
      break;
    case "spiceport":
    case "dbus":
      if (!backend.source?.channel) missing("channel");
      break;
    case "nmdm":
      if (!backend.source?.master) missing("master path");
      if (!backend.source.slave) missing("slave path");
      break;
  }
}

function validateLabels(labels: readonly DeviceLabel[] | undefined): void {
  for (const { relabel, label, model } of labels ?? []) {
    if (relabel === false && label !== undefined) {
      malformed(`Cannot specify a label if relabelling is turned off. model=${model}`);
    }
  }
}

function missing(what: string): never {
  return broken(`Missing source ${what} attribute for char device`);
}

interface Reconnecting {
  readonly mode: "bind" | "connect";
  readonly reconnect?: { readonly enabled: boolean; readonly timeout?: number | undefined } | undefined;
}

/** Only who connects can do so again. */
function validateReconnect({ mode, reconnect }: Reconnecting): void {
  if (reconnect === undefined || !reconnect.enabled) return;
  if (reconnect.timeout === undefined) invalidValue("Missing required attribute 'timeout' in element 'reconnect'");
  if (mode !== "connect") broken("chardev reconnect is possible only for connect mode");
}

function validateChannel({ backend, target }: Channel): void {
  if ((backend.type === "spicevmc" || backend.type === "qemu-vdagent") && target.type !== "virtio") {
    onlyVirtio(backend.type);
  }
  if (target.type === "guestfwd" && !/^\d{1,3}(\.\d{1,3}){3}$/.test(target.address)) {
    unsupported("guestfwd channel only supports IPv4 addresses");
  }
}
