/** Firmware: chosen by libvirt, or given by its path, not half of each. */
import type { Domain } from "../domain.ts";
import { malformed, refuse } from "../refuse.ts";

export function validateFirmware({ os }: Domain): void {
  if (os.firmware === undefined) validateManual(os);
  else validateAutomatic(os);
  if (os.loader?.stateless === true) {
    if (os.nvram?.template !== undefined) contradiction("NVRAM template is not permitted when loader is stateless");
    if (os.nvram !== undefined) contradiction("NVRAM is not permitted when loader is stateless");
  }
  if ((os.acpi?.tables.length ?? 0) > 1) malformed("Only one acpi table is supported");
}

type Os = Domain["os"];

function contradiction(detail: string): never {
  return refuse("XML_DETAIL", detail);
}

function validateManual({ loader, nvram }: Os): void {
  if ((loader !== undefined || nvram !== undefined) && loader?.value === undefined) {
    contradiction("no loader path specified and firmware auto selection disabled");
  }
}

function validateAutomatic({ firmware, loader, nvram, firmwareFeatures }: Os): void {
  if (firmware === "bios" && nvram !== undefined) contradiction("firmware type 'bios' does not support nvram");
  if (loader?.readonly !== undefined) automaticOnly("loader", "readonly");
  if (loader?.type !== undefined) automaticOnly("loader", "type");
  if (loader?.value !== undefined) automaticOnly("loader", "path");
  if (loader?.secure === false) automaticOnly("loader", "secure");
  if (nvram?.template !== undefined) automaticOnly("nvram", "template");
  const wanted = new Map(firmwareFeatures?.features.map(({ name, enabled }) => [name, enabled]));
  if (wanted.get("enrolled-keys") === true && wanted.get("secure-boot") === false) {
    contradiction("firmware feature 'enrolled-keys' cannot be enabled when firmware feature 'secure-boot' is disabled");
  }
}

function automaticOnly(element: string, attribute: string): never {
  return contradiction(
    `${element} attribute '${attribute}' cannot be specified when firmware autoselection is enabled`,
  );
}
