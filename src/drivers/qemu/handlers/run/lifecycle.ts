/** What a domain comes to when its guest ends, and what there is none of yet. */
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../../driver/domain/kept/change.ts";
import { lifecycleAction } from "../../../../driver/domain/lifecycle-action.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { typedParamStrings } from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import { requireDisk } from "../../domain/blocks.ts";
import type { QemuHost } from "../../host.ts";
import { setAction } from "../../monitor/commands/run-state.ts";

export function lifecycleHandlers(host: QemuHost): Handlers<"domainSetLifecycleAction"> {
  return {
    async domainSetLifecycleAction({ dom, type, action, flags }) {
      checkFlags(flags, impactFlags, "domainSetLifecycleAction", "QEMU");
      const set = lifecycleAction(type, action, "QEMU");
      for (const name of Object.values(set)) {
        if (name !== "preserve" && name !== "rename-restart") continue;
        const detail = `Action '${name}' is not supported for this lifecycle event by the QEMU driver`;
        throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
      }
      await changeDefinition(host, dom, "domainSetLifecycleAction", flags, {
        change: (definition) => ({ ...definition, ...set }),
        async apply({ monitor, capabilities }) {
          if (set.on_reboot === undefined) return;
          if (!capabilities.has("set-action")) {
            throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", "this QEMU decides at its start what a reboot is");
          }
          await setAction(monitor, { reboot: set.on_reboot === "destroy" ? "shutdown" : "reset" });
        },
      });
    },
  };
}

/** No block job can be begun here yet, and nobody asks guests how secure they were launched: clients hear that much. */
export function emptyHandlers(host: QemuHost): Handlers<"domainGetBlockJobInfo" | "domainGetLaunchSecurityInfo"> {
  return {
    domainGetBlockJobInfo({ dom, path, flags }) {
      const bandwidthInBytes = 1;
      checkFlags(flags, bandwidthInBytes, "domainGetBlockJobInfo", "QEMU");
      requireDisk(host.finder.find(dom).running().definition, path);
      return { found: 0, type: 0, bandwidth: 0n, cur: 0n, end: 0n };
    },
    domainGetLaunchSecurityInfo({ dom, flags }) {
      checkFlags(flags, typedParamStrings, "domainGetLaunchSecurityInfo", "QEMU");
      if (host.finder.find(dom).current.launchSecurity === undefined) return { params: [] };
      throw new LibvirtError(
        "NO_SUPPORT",
        "QEMU",
        "virDomainGetLaunchSecurityInfo of a guest that has launch security",
      );
    },
  };
}
