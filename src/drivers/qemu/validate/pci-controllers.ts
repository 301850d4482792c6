/** PCI controllers: which options each kind has, and where boards allow it. */
import type { ControllerOf, Domain } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import { isI440fx, isPseries, isQ35, isVirt, pciRoot } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { malformed, need, unsupported } from "./refuse.ts";

type Pci = ControllerOf<"pci">;
type Model = NonNullable<Pci["model"]>;
type Chip = NonNullable<Pci["modelName"]>;

const chips: { readonly [M in Model]: readonly Chip[] } = {
  "pci-root": ["spapr-pci-host-bridge"],
  "pcie-root": [],
  "pci-bridge": ["pci-bridge"],
  "dmi-to-pci-bridge": ["i82801b11-bridge"],
  "pcie-to-pci-bridge": ["pcie-pci-bridge"],
  "pcie-root-port": ["ioh3420", "pcie-root-port"],
  "pcie-switch-upstream-port": ["x3130-upstream"],
  "pcie-switch-downstream-port": ["xio3130-downstream"],
  "pci-expander-bus": ["pxb"],
  "pcie-expander-bus": ["pxb-pcie"],
};

const chipFlags: { readonly [C in Chip]: CapabilityFlag } = {
  "pci-bridge": "pci-bridge",
  "i82801b11-bridge": "dmi-to-pci-bridge",
  "pcie-pci-bridge": "pcie-pci-bridge",
  ioh3420: "ioh3420",
  "x3130-upstream": "x3130-upstream",
  "xio3130-downstream": "xio3130-downstream",
  pxb: "pxb",
  "pxb-pcie": "pxb-pcie",
  "pcie-root-port": "pcie-root-port",
  "spapr-pci-host-bridge": "spapr-pci-host-bridge",
};

/** Kinds of controllers that have an option. */
const has: { readonly [option: string]: (model: Model, domain: Domain) => boolean } = {
  chassisNr: (model) => model === "pci-bridge",
  chassis: isPort,
  port: isPort,
  busNr: isExpander,
  numaNode: (model, domain) => isExpander(model) || (model === "pci-root" && isPseries(domain)),
  targetIndex: (model, domain) => model === "pci-root" && isPseries(domain),
  hotplug: (model) => model === "pci-root" || isPort(model),
};

function isPort(model: Model): boolean {
  return ["pcie-root-port", "pcie-switch-downstream-port"].includes(model);
}

function isExpander(model: Model): boolean {
  return model === "pci-expander-bus" || model === "pcie-expander-bus";
}

export function validatePciControllers(domain: Domain, context: ValidationContext): void {
  validateRoot(domain);
  for (const controller of domain.devices.controllers) {
    if (controller.type === "pci") validatePci(controller, domain, context);
  }
}

/** The board decides which kind of bus its first one is. */
function validateRoot(domain: Domain): void {
  const wanted = isI440fx(domain) ? "pci-root" : isQ35(domain) || isVirt(domain) ? "pcie-root" : undefined;
  const found = pciRoot(domain);
  if (wanted !== undefined && found !== undefined && found !== wanted) {
    malformed(
      `The PCI controller with index='0' must be model='${wanted}' for this machine type, but model='${found}' was found instead`,
    );
  }
}

/** Checks one PCI controller, also one that is plugged in. */
function validatePci(controller: Pci, domain: Domain, context: ValidationContext): void {
  const { model, index, modelName } = controller;
  if (model === undefined) return;
  const isRoot = model === "pci-root" || model === "pcie-root";
  if (isRoot && index !== 0 && !isPseries(domain)) malformed("pci-root and pcie-root controllers should have index 0");
  validateBoard(model, domain);
  validateChip(controller, model, domain, context);
  validateOptions(controller, model, domain);
  validateNode(controller, domain);
  if (controller.target?.hotplug === undefined) return;
  if (model === "pci-root") {
    need(
      "piix4.acpi-root-pci-hotplug",
      context,
      "setting the 'hotplug' property on a 'pci-root' device is not supported by this QEMU binary",
    );
  } else if (modelName === "pcie-root-port") {
    need(
      "pcie-root-port.hotplug",
      context,
      "setting the hotplug property on a 'pcie-root-port' device is not supported by this QEMU binary",
    );
  }
}

function validateBoard(model: Model, domain: Domain): void {
  if (model === "pci-expander-bus" && !isI440fx(domain)) {
    unsupported("pci-expander-bus controllers are only supported on 440fx-based machinetypes");
  }
  if (model === "pcie-expander-bus" && !isQ35(domain) && !isVirt(domain)) {
    unsupported("pcie-expander-bus controllers are not supported with this machine type");
  }
}

function place({ index, model, modelName }: Pci): string {
  return `for PCI controller with index '${index}', model '${model}' and modelName '${modelName ?? "none"}'`;
}

function validateChip(controller: Pci, model: Model, domain: Domain, context: ValidationContext): void {
  const { modelName } = controller;
  if (modelName === undefined) return;
  const none = chips[model].length === 0 || (model === "pci-root" && !isPseries(domain));
  if (none) unsupported(`Option 'modelName' is not valid ${place(controller)}`);
  if (!chips[model].includes(modelName)) {
    unsupported(`Option 'modelName' has invalid value ${place(controller)}`);
  }
  need(chipFlags[modelName], context, `The '${modelName}' device is not supported by this QEMU binary`);
}

function validateOptions(controller: Pci, model: Model, domain: Domain): void {
  const { target } = controller;
  const said: { readonly [option: string]: unknown } = {
    targetIndex: target?.index,
    chassisNr: target?.chassisNr,
    chassis: target?.chassis,
    port: target?.port,
    busNr: target?.busNr,
    numaNode: target?.node,
    hotplug: target?.hotplug,
  };
  for (const [option, value] of Object.entries(said)) {
    if (value !== undefined && has[option]?.(model, domain) === false) {
      unsupported(`Option '${option}' is not valid ${place(controller)}`);
    }
  }
}

function validateNode({ model, index, target }: Pci, { cpu }: Domain): void {
  const node = target?.node;
  const cells = cpu?.numa?.cells.length ?? 0;
  if (node !== undefined && node >= cells) {
    malformed(
      `${model} with index ${index} is configured for a NUMA node (${node}) not present in the domain's <cpu><numa> array (${cells})`,
    );
  }
}
