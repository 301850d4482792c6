/** PCI bridges, ports and expander buses. */
import type { ControllerOf } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import { device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import type { DeviceContext } from "./context.ts";

type Pci = ControllerOf<"pci">;

/** A root bus comes with the machine, but for the further host bridges of pSeries guests. */
export function pciControllerParts(controller: Pci, { domain }: DeviceContext): Part[] {
  const { model, modelName, target } = controller;
  if (model === undefined || model === "pcie-root") return [];
  if (model === "pci-root" && (target?.index ?? 0) === 0) return [];
  const driver = modelName ?? usualChips[model];
  if (driver === undefined) return [];
  const shape = properties[model]?.(target ?? {}) ?? {};
  return [
    device(driver, { ...shape, id: aliasOf(controller), ...late(controller), ...addressProps(controller, domain) }),
  ];
}

/** The chip that does a job when the definition does not choose one. */
const usualChips: { readonly [model in NonNullable<Pci["model"]>]?: string } = {
  "pci-root": "spapr-pci-host-bridge",
  "pci-bridge": "pci-bridge",
  "dmi-to-pci-bridge": "i82801b11-bridge",
  "pcie-to-pci-bridge": "pcie-pci-bridge",
  "pcie-root-port": "ioh3420",
  "pcie-switch-upstream-port": "x3130-upstream",
  "pcie-switch-downstream-port": "xio3130-downstream",
  "pci-expander-bus": "pxb",
  "pcie-expander-bus": "pxb-pcie",
};

type Target = NonNullable<Pci["target"]>;
type Properties = (target: Partial<Target>) => JsonObject;

const port: Properties = ({ port: number, chassis }) => ({ port: number, chassis });
const expander: Properties = ({ busNr }) => ({ bus_nr: busNr });

/** What the jobs look at of `<target>`. */
const properties: { readonly [model in NonNullable<Pci["model"]>]?: Properties } = {
  "pci-root": ({ index }) => ({ index }),
  "pci-bridge": ({ chassisNr }) => ({ chassis_nr: chassisNr }),
  "pcie-root-port": port,
  "pcie-switch-downstream-port": port,
  "pci-expander-bus": expander,
  "pcie-expander-bus": expander,
};

/** What is said after the name. */
function late({ target }: Pci): JsonObject {
  return { numa_node: target?.node, hotplug: target?.hotplug };
}
