/** What a domain comes to when its guest ends. */
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../driver/domain/kept/change.ts";
import { lifecycleAction } from "../../../driver/domain/lifecycle-action.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { XenHost } from "../host.ts";

export function lifecycleHandlers(host: XenHost): Handlers<"domainSetLifecycleAction"> {
  return {
    async domainSetLifecycleAction({ dom, type, action, flags }) {
      checkFlags(flags, impactFlags, "domainSetLifecycleAction", "XEN");
      const set = lifecycleAction(type, action, "XEN");
      // This driver itself does what is to be done: the guest that runs needs to be told nothing.
      await changeDefinition(host, dom, "domainSetLifecycleAction", flags, {
        change: (definition) => ({ ...definition, ...set }),
      });
    },
  };
}
