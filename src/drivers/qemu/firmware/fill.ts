/** Firmware of a guest that is about to start: the images are chosen and the definition says which. */
import { LibvirtError } from "../../../errors.ts";
import { type Domain, features } from "../../../model/domain/index.ts";
import type { Firmware } from "./descriptor.ts";
import { type FirmwareRequest, selectFirmware } from "./select.ts";
import { variablesFile } from "./variables-file.ts";

export interface FirmwareContext {
  /** In order of preference. */
  readonly installed: readonly Firmware[];
  /** QEMU's name of the guest's architecture. */
  readonly emulatorArch: string;
  /** Where files with the variables of guests lie. */
  readonly nvramFolder: string;
}

/** Chooses where the definition leaves it open. Changes the definition in place. */
export function fillFirmware(domain: Domain, context: FirmwareContext): void {
  if (domain.os.firmware !== undefined) chooseFirmware(domain, context);
  completeNvram(domain, context);
}

function chooseFirmware(domain: Domain, { installed, emulatorArch }: FirmwareContext): void {
  const { firmware } = selectFirmware(installed, requestOf(domain, emulatorArch));
  if (firmware === null) {
    throw new LibvirtError(
      "OPERATION_FAILED",
      "QEMU",
      `Unable to find '${domain.os.firmware}' firmware that is compatible with the current configuration`,
    );
  }
  use(firmware, domain);
  // The choice has been made: a running guest's document names the images, and is read again as one that names them.
  delete domain.os.firmware;
  delete domain.os.firmwareFeatures;
}

function requestOf({ os, features: chosen, launchSecurity }: Domain, arch: string): FirmwareRequest {
  const wanted = (name: string) => os.firmwareFeatures?.features.find((feature) => feature.name === name)?.enabled;
  return {
    interface: os.firmware === "bios" ? "bios" : "uefi",
    arch,
    machine: os.type.machine ?? "",
    smm: chosen?.smm?.state,
    secureBoot: wanted("secure-boot") ?? (os.loader?.secure === true ? true : undefined),
    enrolledKeys: wanted("enrolled-keys"),
    stateless: os.loader?.stateless,
    format: undefined,
    executable: os.loader?.value,
    nvramTemplate: os.nvram?.template,
    encryption: launchSecurity?.type === "sev" ? sevKind(launchSecurity.policy) : undefined,
  };
}

/** Bit 2 of the policy: the processor's registers are encrypted as well. */
const sevKind = (policy: number): "amd-sev" | "amd-sev-es" => ((policy & 4) === 0 ? "amd-sev" : "amd-sev-es");

function use({ mapping, features: abilities }: Firmware, domain: Domain): void {
  const { os } = domain;
  os.loader ??= {};
  const { loader } = os;
  if (mapping.device === "memory") {
    loader.type = "rom";
    loader.value = mapping.path;
  } else {
    loader.type = "pflash";
    loader.readonly = true;
    loader.value = mapping.executable.path;
    if (mapping.mode === "split" && mapping.nvramTemplate !== null) {
      os.nvram ??= {};
      os.nvram.template ??= mapping.nvramTemplate.path;
    }
  }
  if (abilities.has("requires-smm")) {
    domain.features ??= features.make({});
    domain.features.smm = { ...domain.features.smm, state: true };
    loader.secure = true;
  }
}

/** Read-only code keeps the guest's variables in a file of the guest's own. */
function completeNvram({ name, os }: Domain, { installed, nvramFolder }: FirmwareContext): void {
  const { loader } = os;
  if (loader?.type !== "pflash" || loader.readonly !== true || loader.stateless === true) return;
  os.nvram ??= {};
  const { nvram } = os;
  if (nvram.storage === undefined) nvram.value ??= variablesFile(nvramFolder, name);
  if (nvram.template !== undefined) return;
  const template = templateOf(loader.value, installed);
  if (template !== undefined) nvram.template = template;
}

/** The template that belongs to an image. */
function templateOf(image: string | undefined, installed: readonly Firmware[]): string | undefined {
  for (const { mapping } of installed) {
    if (mapping.device === "flash" && mapping.executable.path === image) return mapping.nvramTemplate?.path;
  }
  return undefined;
}
