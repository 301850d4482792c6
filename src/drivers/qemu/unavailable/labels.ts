/** Security labels: of the models that libvirt knows, only ownership of files (`dac`) is there, and is the driver's own. */
import type { Domain, SecurityLabel } from "../../../model/domain/index.ts";
import { unsupported } from "../definition/refuse.ts";

export function refuseUnavailableLabels({ seclabels, devices }: Domain): void {
  for (const label of seclabels) {
    refuseModel(label.model);
    if (isChosen(label)) {
      unsupported("a label of model 'dac' cannot be chosen for one domain: set user and group in qemu.conf");
    }
  }
  for (const { model } of deviceLabels(devices)) {
    refuseModel(model);
    unsupported("a device cannot have a security label of its own");
  }
}

function refuseModel(model: string | undefined): void {
  if (model === undefined || model === "dac" || model === "none") return;
  unsupported(`Security driver model '${model}' is not available`);
}

function isChosen(label: SecurityLabel): boolean {
  if (label.type === "static") return label.label !== undefined;
  return label.type === "dynamic" && label.baselabel !== undefined;
}

/** The guest's files stay whose they are. */
export function keepsOwners({ seclabels }: Domain): boolean {
  return seclabels.some(({ type, relabel }) => type === "none" || relabel === false);
}

interface OwnLabel {
  readonly model?: string | undefined;
}

/** Sources of all kinds may have labels, wherever they stand in their device. */
function* deviceLabels(part: unknown): Generator<OwnLabel, void, undefined> {
  if (typeof part !== "object" || part === null) return;
  for (const [key, value] of Object.entries(part)) {
    if (key === "seclabels") yield* value as OwnLabel[];
    else yield* deviceLabels(value);
  }
}
