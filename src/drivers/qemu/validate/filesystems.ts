/** Directories of the host: QEMU's own 9P, and virtiofs through a daemon. */
import type { Domain, Filesystem } from "../../../model/domain/index.ts";
import type { ValidationContext } from "./context.ts";
import { need, unsupported } from "./refuse.ts";
import { sharesMemory } from "./shared-memory.ts";

export function validateFilesystems(domain: Domain, context: ValidationContext): void {
  for (const filesystem of domain.devices.filesystems) validateFilesystem(filesystem, domain, context);
}

function validateFilesystem(filesystem: Filesystem, domain: Domain, context: ValidationContext): void {
  const { origin, driver, accessmode, fmode, dmode, multidevs } = filesystem;
  if (origin.type !== "mount") unsupported("only supports mount filesystem type");
  switch (driver?.type) {
    case "loop":
    case "nbd":
    case "ploop":
    case "mtp":
      unsupported(`Filesystem driver type not supported: ${driver.type}`);
      break;
    case "virtiofs":
      validateVirtiofs(filesystem, domain, context);
      return;
  }
  if ((fmode !== undefined || dmode !== undefined) && accessmode !== "mapped") {
    unsupported("fmode and dmode must be used with accessmode=mapped");
  }
  if (multidevs !== undefined && multidevs !== "default") {
    need("fsdev.multidevs", context, "multidevs is not supported with this QEMU binary");
  }
}

function validateVirtiofs(filesystem: Filesystem, domain: Domain, context: ValidationContext): void {
  const { readonly, driver, accessmode, multidevs, boot } = filesystem;
  need("vhost-user-fs", context, "virtiofs is not supported with this QEMU binary");
  if (!sharesMemory(domain)) unsupported("'virtiofs' requires shared memory");
  if (readonly) unsupported("virtiofs does not yet support read-only mode");
  if (accessmode !== undefined && accessmode !== "passthrough") {
    unsupported("virtiofs only supports passthrough accessmode");
  }
  if (driver?.wrpolicy !== undefined) unsupported("virtiofs does not support wrpolicy");
  if (multidevs !== undefined && multidevs !== "default") unsupported("virtiofs does not support multidevs");
  if (boot !== undefined) {
    need("vhost-user-fs.bootindex", context, "setting boot order for virtiofs is not supported with this QEMU");
  }
}
