/** Ending domains, and what there is to do when one has ended. */
import { DomainEventStoppedDetailType, DomainEventType, DomainShutoffReason } from "../../../protocol/index.ts";
import type { Ending, LiveDomain, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

export const destroyed: Ending = {
  reason: DomainShutoffReason.DESTROYED,
  detail: DomainEventStoppedDetailType.DESTROYED,
};

/** Ends a guest at once. */
export async function endGuest(
  host: XenHost,
  domain: XenDomain,
  live: LiveDomain,
  ending: Ending = destroyed,
): Promise<void> {
  live.ending ??= ending;
  try {
    await host.roads.tools.destroy(live.id);
  } catch (error) {
    // It may have gone by itself meanwhile; who asks is told what is.
    const still = (await host.roads.domains()).some(({ id, isDying }) => id === live.id && !isDying);
    if (still) {
      live.ending = null;
      throw error;
    }
  }
  await hasEnded(host, domain, live);
}

/** Puts away what is left of a domain that has ended. Does nothing for one that was put away before. */
export async function hasEnded(host: XenHost, domain: XenDomain, live: LiveDomain): Promise<void> {
  if (domain.live !== live) return;
  const { reason, detail } = live.ending ?? destroyed;
  domain.end(reason);
  if (live.isOurs) await host.noteEnded(domain);
  host.emitLifecycle(domain, DomainEventType.STOPPED, detail);
  if (domain.persistent === null) await host.forget(domain);
}
