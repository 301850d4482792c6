/** Emulator, machine, and settings of the domain as a whole. */
import type { Domain } from "../../../model/domain/index.ts";
import { acceleratorOf } from "../definition/index.ts";
import { isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { broken, malformed, need, unsupported } from "./refuse.ts";

export function validateMachine(domain: Domain, context: ValidationContext): void {
  validateEmulator(domain, context);
  validateLifecycle(domain);
  validatePowerManagement(domain, context);
  validateTuning(domain);
  validateVcpus(domain, context);
  validateLaunchSecurity(domain, context);
  validateFwcfg(domain);
  validateNamespace(domain);
  if (domain.genid !== undefined) need("vmgenid", context, "this QEMU does not support the 'genid' capability");
}

export function validateMachineStart(domain: Domain, context: ValidationContext): void {
  validateKeywrap(domain, context);
  if (domain.os.smbios === "sysinfo" && !domain.sysinfos.some(({ type }) => type === "smbios")) {
    malformed(`Domain '${domain.name}' sysinfo are not available`);
  }
}

function validateEmulator(domain: Domain, { capabilities }: ValidationContext): void {
  const { os, devices } = domain;
  const emulator = `Emulator '${devices.emulator}'`;
  if (os.type.value !== "hvm") unsupported(`${emulator} does not support os type '${os.type.value}'`);
  if (!runsArch(os.type.arch ?? "", capabilities.arch)) {
    unsupported(`${emulator} does not support arch '${os.type.arch}'`);
  }
  const known = domain.type === "qemu" || domain.type === "kvm" || domain.type === "hvf";
  if (!known || capabilities.accelerator(acceleratorOf(domain)) === null) {
    unsupported(`${emulator} does not support virt type '${domain.type}'`);
  }
  const machine = os.type.machine ?? "";
  if (machine !== "none" && capabilities.machine(machine, acceleratorOf(domain)) === null) {
    unsupported(`${emulator} does not support machine type '${machine}'`);
  }
}

/** An emulator of 64-bit machines runs 32-bit ones of the same kind, and those of the other byte order on POWER. */
function runsArch(arch: string, emulated: string): boolean {
  const families = [
    ["x86_64", "i686"],
    ["aarch64", "armv7l", "armv6l"],
    ["ppc64", "ppc64le", "ppc"],
    ["s390x", "s390"],
  ];
  return arch === emulated || families.some((family) => family[0] === emulated && family.includes(arch));
}

function validateLifecycle({ on_poweroff: poweroff, on_reboot: reboot, on_crash: crash }: Domain): void {
  const actions = "'on_reboot'/'on_poweroff'";
  if (reboot === "preserve" || poweroff === "preserve") {
    unsupported(`qemu driver doesn't support the 'preserve' action for ${actions}`);
  }
  // One program cannot end and go on in turn: the guest says only that it is over.
  if (reboot === "destroy" && (poweroff === "restart" || poweroff === "rename-restart")) {
    unsupported("qemu driver doesn't support 'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'");
  }
  if ([reboot, poweroff, crash].includes("rename-restart")) {
    unsupported(`qemu driver doesn't support the 'rename-restart' action for ${actions}/'on_crash'`);
  }
}

function validatePowerManagement(domain: Domain, { capabilities }: ValidationContext): void {
  const { pm } = domain;
  const can = (one: "disable-s3" | "disable-s4", other: "ich9-disable-s3" | "ich9-disable-s4") =>
    isX86(domain) && (capabilities.has(one) || capabilities.has(other));
  if (pm?.suspendToMem?.enabled !== undefined && !can("disable-s3", "ich9-disable-s3")) {
    unsupported("setting ACPI S3 not supported");
  }
  if (pm?.suspendToDisk?.enabled !== undefined && !can("disable-s4", "ich9-disable-s4")) {
    unsupported("setting ACPI S4 not supported");
  }
}

function validateTuning({ memtune }: Domain): void {
  if (memtune?.min_guarantee) unsupported("Parameter 'min_guarantee' not supported by QEMU.");
}

function validateVcpus(domain: Domain, { capabilities }: ValidationContext): void {
  const { vcpu, vcpus, os, cpu } = domain;
  const machine = capabilities.machine(os.type.machine ?? "", acceleratorOf(domain));
  if (machine !== null && machine.maxCpus > 0 && vcpu.value > machine.maxCpus) {
    unsupported(`Maximum CPUs greater than specified machine type limit ${machine.maxCpus}`);
  }
  const topology = cpu?.topology;
  if (topology !== undefined && capabilities.has("query-hotpluggable-cpus")) {
    const { sockets, dies, cores, threads } = topology;
    if (sockets * dies * cores * threads !== vcpu.value) {
      unsupported("CPU topology doesn't match maximum vcpu count");
    }
  }
  if (vcpus?.vcpus.some(({ id, enabled }) => id === 0 && !enabled)) unsupported("vcpu 0 can't be offline");
}

function validateLaunchSecurity({ launchSecurity }: Domain, context: ValidationContext): void {
  if (launchSecurity?.type === "sev") {
    const { capabilities } = context;
    if (capabilities.data.sev === null && !capabilities.has("confidential-guest-support")) noSev();
    if (capabilities.data.sev === null) noSev();
    if (launchSecurity.kernelHashes !== undefined) {
      need(
        "sev-guest-kernel-hashes",
        context,
        "SEV measured direct kernel boot is not supported with this QEMU binary",
      );
    }
  }
  if (launchSecurity?.type === "s390-pv") {
    const detail = "S390 PV launch security is not supported with this QEMU binary";
    need("confidential-guest-support", context, detail);
    need("s390-pv-guest", context, detail);
  }
}

function noSev(): never {
  return unsupported("SEV launch security is not supported with this QEMU binary");
}

/** Names under which programs put their own entries; those of the firmware itself are not for users. */
function validateFwcfg({ sysinfos }: Domain): void {
  for (const sysinfo of sysinfos) {
    if (sysinfo.type !== "fwcfg") continue;
    for (const { name } of sysinfo.entries) {
      if (!name.startsWith("opt/")) unsupported("Invalid firmware name");
      if (/^opt\/(ovmf|org\.qemu)\//.test(name)) unsupported("That firmware name is reserved");
    }
  }
}

function validateNamespace({ qemuCommandline }: Domain): void {
  for (const { value } of qemuCommandline?.args ?? []) {
    if (value === "") broken("No qemu command-line argument specified");
  }
  for (const { name } of qemuCommandline?.envs ?? []) {
    if (name === "") broken("No qemu environment name specified");
    if (!/^[A-Za-z_]/.test(name)) {
      broken("Invalid environment name, it must begin with a letter or underscore");
    }
    if (!/^\w+$/.test(name)) {
      broken("Invalid environment name, it must contain only alphanumerics and underscore");
    }
  }
}

function validateKeywrap({ keywrap }: Domain, context: ValidationContext): void {
  for (const { name } of keywrap?.ciphers ?? []) {
    need(`${name}-key-wrap`, context, `${name}-key-wrap is not available with this QEMU binary`);
  }
}
