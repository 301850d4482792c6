/** Serial and parallel ports, consoles, channels, card readers, redirection. */
import { backendsOf, type CharBackend, type Domain, type Serial } from "../../../model/domain/index.ts";
import { isArm, isArmVirt, isPpc64, isPseries, isRiscvVirt, isS390, isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { need, refuse, unsupported } from "./refuse.ts";

export function validateCharDevices(domain: Domain, context: ValidationContext): void {
  const { devices } = domain;
  for (const { backend } of backendsOf(domain)) validateBackend(backend, domain);
  for (const serial of devices.serials) validateSerial(serial, domain);
  if (devices.parallels.length > 0 && !(isX86(domain) || isPpc64(domain) || isArm(domain))) {
    unsupported("parallel ports are not supported");
  }
  validateConsoles(domain, context);
  if (devices.smartcards.length > 1) unsupported("this QEMU binary lacks multiple smartcard support");
  for (const smartcard of devices.smartcards) {
    if (smartcard.mode === "host" || smartcard.mode === "host-certificates") {
      need("ccid-emulated", context, "this QEMU binary lacks smartcard host mode support");
    } else need("ccid-passthru", context, "this QEMU binary lacks smartcard passthrough mode support");
  }
}

export function validateCharDevicesStart(domain: Domain): void {
  for (const { backend } of backendsOf(domain)) {
    if (backend.type === "nmdm") unsupported(`unsupported chardev '${backend.type}'`);
  }
  for (const { backend, target } of domain.devices.channels) {
    if (backend.type !== "spicevmc" || target.type !== "virtio") continue;
    if (target.name !== undefined && target.name !== "com.redhat.spice.0") {
      unsupported(`Unsupported spicevmc target name '${target.name}'`);
    }
  }
}

function validateBackend(backend: CharBackend, { devices }: Domain): void {
  switch (backend.type) {
    case "tcp":
    case "unix":
      if (backend.source?.reconnect?.enabled === true && backend.source.reconnect.timeout === 0) {
        refuse("INVALID_ARG", "chardev reconnect source timeout cannot be '0'");
      }
      break;
    case "spicevmc":
    case "spiceport":
      if (!devices.graphics.some(({ type }) => type === "spice")) {
        unsupported(`chardev '${backend.type}' not supported without spice graphics`);
      }
      break;
  }
}

type SerialType = NonNullable<Serial["target"]["type"]>;
type SerialModel = NonNullable<Serial["target"]["model"]>;

/** The kind of port each chip is. */
const typeOfModel: { readonly [Model in SerialModel]: SerialType } = {
  "isa-serial": "isa-serial",
  "usb-serial": "usb-serial",
  "pci-serial": "pci-serial",
  "spapr-vty": "spapr-vio-serial",
  pl011: "system-serial",
  "16550a": "system-serial",
  sclpconsole: "sclp-serial",
  sclplmconsole: "sclp-serial",
  "isa-debugcon": "isa-debug",
};

const addressOf: { readonly [Type in SerialType]?: string } = {
  "isa-serial": "isa",
  "isa-debug": "isa",
  "usb-serial": "usb",
  "pci-serial": "pci",
  "spapr-vio-serial": "spapr-vio",
};

function validateSerial({ target, address }: Serial, domain: Domain): void {
  const { type, model } = target;
  if (type === undefined) return;
  if (model !== undefined && typeOfModel[model] !== type) {
    unsupported(`Target model '${model}' requires target type '${typeOfModel[model]}'`);
  }
  const wanted = addressOf[type];
  if (address !== undefined && wanted !== undefined && address.type !== wanted) {
    unsupported(`Target type '${type}' requires address type '${wanted}'`);
  }
  if (!fits(target, domain)) {
    unsupported(
      `Serial device with target type '${type}' and target model '${model}' not compatible with guest architecture or machine type`,
    );
  }
}

function fits({ type, model }: Serial["target"], domain: Domain): boolean {
  switch (type) {
    case "spapr-vio-serial":
      return isPseries(domain);
    case "sclp-serial":
      return isS390(domain);
    case "system-serial":
      return model === "pl011" ? isArm(domain) : model === "16550a" ? isRiscvVirt(domain) : isArmVirt(domain);
    case "isa-debug":
      return isX86(domain);
    default:
      return true;
  }
}

function validateConsoles({ devices }: Domain, context: ValidationContext): void {
  for (const { target } of devices.consoles) {
    switch (target.type) {
      case "xen":
      case "uml":
      case "lxc":
      case "openvz":
        unsupported(`unsupported console target type ${target.type}`);
        break;
      case "sclp":
        need("s390-sclp", context, "sclpconsole is not supported in this QEMU binary");
        break;
      case "sclplm":
        need("sclplmconsole", context, "sclplmconsole is not supported in this QEMU binary");
        break;
    }
  }
}
