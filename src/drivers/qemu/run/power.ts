/** Starting and ending domains: what handlers, autostart and a closing connection have in common. */
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { DomainEventStoppedDetailType, DomainShutoffReason } from "../../../protocol/index.ts";
import { definitionContext } from "../definitions.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { endQemu, endQemuGently } from "./process.ts";
import { type StartOptions, startGuest } from "./start.ts";

/** Refuses a domain that runs; one that is just ending is waited for. */
export async function whenOff({ live }: QemuDomain): Promise<void> {
  if (!live) return;
  if (live.monitor.isOpen) throw new LibvirtError("OPERATION_INVALID", "QEMU", "domain is already running");
  await live.gone;
}

/** Boots a stored domain. Its turn has come, and it is off. */
export async function boot(host: QemuHost, domain: QemuDomain, options: StartOptions): Promise<LiveDomain> {
  const definition = structuredClone(domain.stored()) as Definition;
  const { capabilities } = await definitionContext(host, definition);
  return startGuest(host, domain, definition, capabilities, options);
}

export interface EndOptions {
  /** QEMU gets all the time it needs, and is never killed (VIR_DOMAIN_DESTROY_GRACEFUL). */
  readonly gracefully?: boolean;
  readonly reason?: DomainShutoffReason;
  readonly detail?: DomainEventStoppedDetailType;
}

/** Ends a running domain, and waits until nothing of it is left. */
export async function end(live: LiveDomain, options: EndOptions = {}): Promise<void> {
  const { reason = DomainShutoffReason.DESTROYED, detail = DomainEventStoppedDetailType.DESTROYED } = options;
  live.ending ??= { reason, detail };
  await (options.gracefully ? endQemuGently : endQemu)(live.process, live.exited);
  await live.gone;
}
