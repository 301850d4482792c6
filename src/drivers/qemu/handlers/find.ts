/** Finding the domain that a call is about. */
import type { Domain as DomainRef } from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";

/** The domain a client means, or NO_DOMAIN. */
export function findDomain(host: QemuHost, ref: DomainRef): QemuDomain {
  return host.finder.find(ref);
}

/**
 * Changes a domain when it is its turn; one that has gone while the change waited is not found.
 * @param name the procedure, as others see it who wait.
 */
export async function changeDomain<T>(
  host: QemuHost,
  ref: DomainRef,
  name: string,
  change: (domain: QemuDomain) => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return host.finder.change(ref, name, change, signal);
}
