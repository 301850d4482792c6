/** Properties of devices that come with the board. */
import type { ControllerOf, Domain } from "../../../../model/domain/index.ts";
import { isI440fx, isQ35 } from "../../definition/machine.ts";
import type { Guest } from "../context.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

export function globalParts({ domain, capabilities }: Guest): Part[] {
  const root = rootController(domain);
  const values: Record<string, string | undefined> = {
    ...(isI440fx(domain) ? { "i440FX-pcihost.pci-hole64-size": holeSize(root) } : {}),
    ...(isQ35(domain) ? { "q35-pcihost.pci-hole64-size": holeSize(root) } : {}),
    ...(isI440fx(domain) ? { "PIIX4_PM.acpi-root-pci-hotplug": onOff(root?.target?.hotplug) } : {}),
    "mch.extended-tseg-mbytes": capabilities.has("mch.extended-tseg-mbytes") ? tseg(domain) : undefined,
    "spapr-nvram.reg": nvramRegister(domain),
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [option("-global", `${name}=${value}`)],
  );
}

function rootController({ devices }: Domain): ControllerOf<"pci"> | undefined {
  return devices.controllers.find(
    (controller): controller is ControllerOf<"pci"> => controller.type === "pci" && controller.index === 0,
  );
}

const holeSize = (root: ControllerOf<"pci"> | undefined): string | undefined =>
  root?.pcihole64 === undefined ? undefined : `${root.pcihole64}K`;

const onOff = (state: boolean | undefined): string | undefined =>
  state === undefined ? undefined : state ? "on" : "off";

/** MiB of memory for system management mode. */
function tseg({ features }: Domain): string | undefined {
  const bytes = features?.smm?.tseg;
  return bytes === undefined ? undefined : String(bytes >> 20n);
}

function nvramRegister({ devices: { nvram } }: Domain): string | undefined {
  const { address } = nvram ?? {};
  if (address?.type !== "spapr-vio" || address.reg === undefined) return undefined;
  return `0x${BigInt(address.reg).toString(16)}`;
}
