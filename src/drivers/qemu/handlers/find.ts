/** Finding the domain that a call is about. */
import { formatUuid } from "../../../driver/object-list.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as DomainRef } from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";

export function noDomain(detail: string): LibvirtError {
  return new LibvirtError("NO_DOMAIN", "QEMU", detail);
}

/** The domain a client means, or NO_DOMAIN. */
export function findDomain(host: QemuHost, { uuid, name }: DomainRef): QemuDomain {
  const domain = host.domains.byUuid(uuid);
  if (domain) return domain;
  throw noDomain(`no domain with matching uuid '${formatUuid(uuid)}' (${name})`);
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
  const domain = findDomain(host, ref);
  return domain.jobs.run(name, () => change(stillThere(host, domain)), signal);
}

function stillThere(host: QemuHost, domain: QemuDomain): QemuDomain {
  if (host.domains.byUuid(domain.uuid) === domain) return domain;
  throw noDomain(`no domain with matching uuid '${formatUuid(domain.uuid)}' (${domain.name})`);
}
