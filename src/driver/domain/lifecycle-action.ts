/** What a domain comes to when its guest turns itself off, reboots or crashes (virDomainSetLifecycleAction). */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { DomainLifecycle, DomainLifecycleAction } from "../../protocol/index.ts";

const keys = {
  [DomainLifecycle.POWEROFF]: "on_poweroff",
  [DomainLifecycle.REBOOT]: "on_reboot",
  [DomainLifecycle.CRASH]: "on_crash",
} as const;

const names = {
  [DomainLifecycleAction.DESTROY]: "destroy",
  [DomainLifecycleAction.RESTART]: "restart",
  [DomainLifecycleAction.RESTART_RENAME]: "rename-restart",
  [DomainLifecycleAction.PRESERVE]: "preserve",
  [DomainLifecycleAction.COREDUMP_DESTROY]: "coredump-destroy",
  [DomainLifecycleAction.COREDUMP_RESTART]: "coredump-restart",
} as const;

/**
 * The keys of a definition that such a change sets, with their values.
 * @throws LibvirtError INVALID_ARG
 */
export function lifecycleAction(
  type: number,
  action: number,
  domain: ErrorDomainName,
): Partial<Pick<Definition, "on_poweroff" | "on_reboot" | "on_crash">> {
  const key = Object.hasOwn(keys, type) ? keys[type as DomainLifecycle] : undefined;
  const name = Object.hasOwn(names, action) ? names[action as DomainLifecycleAction] : undefined;
  if (!key || !name) {
    throw new LibvirtError("INVALID_ARG", domain, `Lifecycle event '${type}' with action '${action}' is not known`);
  }
  if (key !== "on_crash" && name.startsWith("coredump")) {
    throw new LibvirtError("INVALID_ARG", domain, `the action ${name} is for crashes alone`);
  }
  return { [key]: name };
}
