/** The access control that the configuration asks for. */
import { dirname, resolve } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { systemBusPath } from "../../host/dbus/bus.ts";
import { Polkit } from "../auth/polkit.ts";
import type { SettingValues } from "../settings/table.ts";
import type { AccessControl } from "./access-control.ts";
import { PermissionControl } from "./control.ts";
import { type Decider, polkitDecider, rulesDecider } from "./decider.ts";

/**
 * @param config the configuration file, beside which the rules are
 * @throws LibvirtError when the rules cannot be read
 */
export function openAccessControl(settings: SettingValues, config: string): Promise<AccessControl> {
  const usual = resolve(dirname(config), "tsvirtd.rules");
  let polkit: Polkit | null = null;
  return PermissionControl.open(settings, async (now) => {
    const deciders: Decider[] = [];
    if (now.access_drivers.includes("rules")) deciders.push(await rulesDecider(now.access_rules_file ?? usual));
    if (now.access_drivers.includes("polkit")) {
      const path = systemBusPath();
      if (path === null)
        throw new LibvirtError("CONFIG_UNSUPPORTED", "ACCESS", "'access_drivers': polkit has no bus here");
      polkit ??= new Polkit(path);
      deciders.push(polkitDecider(polkit));
    }
    return deciders;
  });
}
