/** Choosing firmware for a guest that names no image but says what it needs. */
import type { Firmware, FirmwareInterface } from "./descriptor.ts";

/** What a guest asks of its firmware; undefined where it does not care. */
export interface FirmwareRequest {
  readonly interface: FirmwareInterface;
  /** QEMU's name of the architecture. */
  readonly arch: string;
  /** Canonical name of the machine type, `pc-q35-7.2` and not `q35`. */
  readonly machine: string;
  /** Whether the guest has system management mode; firmware that needs it turns it on where nobody said no. */
  readonly smm: boolean | undefined;
  readonly secureBoot: boolean | undefined;
  /** Whether the template holds the keys that let only signed systems boot. */
  readonly enrolledKeys: boolean | undefined;
  /** Whether the firmware keeps no variables. */
  readonly stateless: boolean | undefined;
  /** Only `raw` images can be used before flash in other formats was supported. */
  readonly format: string | undefined;
  /** An image that was asked for by its path. */
  readonly executable: string | undefined;
  /** A template that was asked for by its path. */
  readonly nvramTemplate: string | undefined;
  /** Memory encryption that the firmware must know how to start under. */
  readonly encryption: "amd-sev" | "amd-sev-es" | undefined;
}

export interface Rejection {
  readonly firmware: Firmware;
  readonly reason: string;
}

export interface FirmwareChoice {
  /** The first that fits, null if none does. */
  readonly firmware: Firmware | null;
  /** Why each of those before it, or all, did not fit: for the error and for people who wonder. */
  readonly rejected: readonly Rejection[];
}

/** @param installed in order of preference. */
export function selectFirmware(installed: readonly Firmware[], request: FirmwareRequest): FirmwareChoice {
  const rejected: Rejection[] = [];
  for (const firmware of installed) {
    const reason = misfit(firmware, request);
    if (reason === null) return { firmware, rejected };
    rejected.push({ firmware, reason });
  }
  return { firmware: null, rejected };
}

/** @param machine canonical name of the machine type. */
export function runsOn(firmware: Firmware, arch: string, machine: string): boolean {
  return firmware.targets.some((t) => t.arch === arch && t.machines.some((pattern) => matches(pattern, machine)));
}

/** Why firmware does not fit, null if it does. */
function misfit(firmware: Firmware, request: FirmwareRequest): string | null {
  if (!firmware.interfaces.includes(request.interface)) return `it is no ${request.interface}`;
  if (!runsOn(firmware, request.arch, request.machine)) {
    return `it is not for ${request.arch} machine ${request.machine}`;
  }
  return featureMisfit(firmware.features, request) ?? mappingMisfit(firmware, request);
}

function featureMisfit(features: ReadonlySet<string>, request: FirmwareRequest): string | null {
  const differs = (feature: string, wanted: boolean | undefined): string | null => {
    if (wanted === undefined || wanted === features.has(feature)) return null;
    return wanted ? `it lacks ${feature}` : `it has ${feature}`;
  };
  if (features.has("requires-smm") && request.smm === false) return "it needs system management mode";
  const { encryption } = request;
  if (encryption !== undefined && !features.has(encryption)) return `it cannot start under ${encryption}`;
  return differs("secure-boot", request.secureBoot) ?? differs("enrolled-keys", request.enrolledKeys);
}

function mappingMisfit({ mapping }: Firmware, request: FirmwareRequest): string | null {
  const path = mapping.device === "flash" ? mapping.executable.path : mapping.path;
  if (request.executable !== undefined && request.executable !== path) return "it is another image";
  if (mapping.device === "memory") {
    return request.stateless === false || request.nvramTemplate !== undefined ? "it keeps no variables" : null;
  }
  const { mode, executable, nvramTemplate } = mapping;
  if (mode === "combined") return "code and variables are one image";
  if ((request.stateless ?? false) !== (mode === "stateless")) {
    return mode === "stateless" ? "it keeps no variables" : "it keeps variables";
  }
  if (request.nvramTemplate !== undefined && request.nvramTemplate !== nvramTemplate?.path) {
    return "its template is another";
  }
  if (request.format !== undefined && executable.format !== request.format)
    return `it is in ${executable.format} format`;
  return null;
}

/** Whether a shell pattern with `*` and `?` matches. */
function matches(pattern: string, name: string): boolean {
  const source = [...pattern].map((c) => (c === "*" ? ".*" : c === "?" ? "." : c.replace(/[^\w]/, "\\$&"))).join("");
  return new RegExp(`^${source}$`, "s").test(name);
}
