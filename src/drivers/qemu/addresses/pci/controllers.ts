/** Settings of PCI controllers that follow from where they are: chip, chassis, port and bus numbers. */
import type { ControllerOf, ParsedDomain } from "../../../../model/domain/index.ts";
import { broken } from "../../../../model/domain/refuse.ts";
import type { DefinitionContext } from "../../definition/context.ts";
import { isPseries } from "../../definition/machine.ts";

type PciController = ControllerOf<"pci">;
type Target = NonNullable<PciController["target"]>;

export function completePciControllers(domain: ParsedDomain, context: DefinitionContext): void {
  const controllers = domain.devices.controllers.filter((one) => one.type === "pci");
  for (const controller of controllers) {
    const name = chip(domain, controller, context);
    if (name !== undefined) controller.modelName ??= name;
    completeTarget(domain, controller, controllers);
  }
}

/** What QEMU calls the device that does what the model says. */
function chip(
  domain: ParsedDomain,
  { model }: PciController,
  { capabilities }: DefinitionContext,
): PciController["modelName"] {
  switch (model) {
    case "pci-root":
      return isPseries(domain) ? "spapr-pci-host-bridge" : undefined;
    case "pci-bridge":
      return "pci-bridge";
    case "dmi-to-pci-bridge":
      return "i82801b11-bridge";
    case "pcie-to-pci-bridge":
      return "pcie-pci-bridge";
    case "pcie-root-port":
      return capabilities.has("pcie-root-port") ? "pcie-root-port" : "ioh3420";
    case "pcie-switch-upstream-port":
      return "x3130-upstream";
    case "pcie-switch-downstream-port":
      return "xio3130-downstream";
    case "pci-expander-bus":
      return "pxb";
    case "pcie-expander-bus":
      return "pxb-pcie";
    default:
      return undefined;
  }
}

function completeTarget(domain: ParsedDomain, controller: PciController, all: readonly PciController[]): void {
  const { model, address } = controller;
  const index = controller.index ?? 0;
  const place = address?.type === "pci" ? address : undefined;
  switch (model) {
    case "pci-bridge":
      targetOf(controller).chassisNr ??= index;
      break;
    case "pcie-root-port":
      targetOf(controller).chassis ??= index;
      if (place !== undefined) targetOf(controller).port ??= (place.slot << 3) + place.function;
      break;
    case "pcie-switch-downstream-port":
      targetOf(controller).chassis ??= index;
      if (place !== undefined) targetOf(controller).port ??= place.slot;
      break;
    case "pci-expander-bus":
    case "pcie-expander-bus":
      targetOf(controller).busNr ??= freeBusNumber(all);
      break;
    case "pci-root":
      if (isPseries(domain)) targetOf(controller).index ??= freeHostBridge(controller, all);
      break;
  }
}

function targetOf(controller: PciController): Target {
  controller.target ??= {};
  return controller.target;
}

/** Expander buses are numbered from the top, with room for one bus behind each. */
function freeBusNumber(all: readonly PciController[]): number {
  const lowest = Math.min(256, ...all.map(({ target }) => target?.busNr ?? 256));
  if (lowest <= 2) broken("No free busNr lower than current lowest busNr is available to auto-assign to the bus");
  return lowest - 2;
}

/** The first host bridge is the machine's own. */
function freeHostBridge({ index }: PciController, all: readonly PciController[]): number {
  if (index === 0) return 0;
  const taken = new Set(all.map(({ target }) => target?.index));
  for (let bridge = 1; bridge <= 30; bridge++) if (!taken.has(bridge)) return bridge;
  return broken("No usable target index found for 31");
}
