/** Security labels: those that say nothing are dropped. */
import type { ParsedDomain } from "../domain.ts";
import type { DeviceLabel } from "../security.ts";

/** A label implies relabelling; one that says neither is as if it were not there. */
function completeLabels(labels: readonly DeviceLabel[]): DeviceLabel[] {
  for (const one of labels) if (one.label !== undefined) one.relabel ??= true;
  return labels.filter(({ relabel, labelskip }) => relabel !== undefined || labelskip === true);
}

export function completeSecurity({ devices }: ParsedDomain): void {
  const { serials, parallels, consoles, channels, redirdevs } = devices;
  for (const { storage } of devices.disks) completeSource(storage);
  for (const { backend } of [...serials, ...parallels, ...consoles, ...channels, ...redirdevs]) completeSource(backend);
}

function completeSource(holder: { readonly source?: object | undefined } | object): void {
  const source = "source" in holder ? holder.source : undefined;
  if (source !== undefined && isLabelled(source)) source.seclabels = completeLabels(source.seclabels);
}

function isLabelled(source: object): source is { seclabels: DeviceLabel[] } {
  return "seclabels" in source;
}
