/** Undefining domains: what goes with them, and what must be named before it goes. */
import { checkFlags, exclusiveFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { formatUuid } from "../../../../driver/object-list.ts";
import { LibvirtError } from "../../../../errors.ts";
import { removeDurably } from "../../../../host/durable.ts";
import { exists } from "../../../../host/files.ts";
import {
  DomainEventType,
  DomainEventUndefinedDetailType,
  type Domain as DomainRef,
  DomainUndefineFlags,
} from "../../../../protocol/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import { keepsTpm, removeTpm } from "../../run/tpm/tpm.ts";

const { MANAGED_SAVE, SNAPSHOTS_METADATA, CHECKPOINTS_METADATA, NVRAM, KEEP_NVRAM, TPM, KEEP_TPM } =
  DomainUndefineFlags;

const known = MANAGED_SAVE | SNAPSHOTS_METADATA | CHECKPOINTS_METADATA | NVRAM | KEEP_NVRAM | TPM | KEEP_TPM;

/** Undefines a domain; a running one goes on as a transient one. */
async function undefine(host: QemuHost, domain: QemuDomain, flags: number): Promise<void> {
  if (!domain.persistent) {
    throw new LibvirtError("OPERATION_INVALID", "QEMU", "cannot undefine transient domain");
  }
  await removeManagedSave(host, domain, flags);
  await removeNvram(host, domain, flags);
  const removesTpm = !domain.live && (flags & KEEP_TPM) === 0 && ((flags & TPM) !== 0 || !keepsTpm(domain.stored()));
  await host.unstore(domain);
  if (removesTpm) await removeTpm(host, formatUuid(domain.uuid));
  host.emitLifecycle(domain, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.REMOVED);
  if (!domain.live) await host.forget(domain);
}

async function removeManagedSave(host: QemuHost, domain: QemuDomain, flags: number): Promise<void> {
  if (!domain.managedSave) return;
  if ((flags & MANAGED_SAVE) === 0) {
    throw new LibvirtError("OPERATION_INVALID", "QEMU", "Refusing to undefine while domain managed save image exists");
  }
  await host.removeManagedSave(domain);
}

async function removeNvram(host: QemuHost, domain: QemuDomain, flags: number): Promise<void> {
  const path = host.variablesPath(domain);
  if (domain.live || path === undefined || (flags & KEEP_NVRAM) !== 0 || !(await exists(path))) return;
  if ((flags & NVRAM) === 0) {
    throw new LibvirtError("OPERATION_INVALID", "QEMU", "cannot undefine domain with nvram");
  }
  await removeDurably(path, "QEMU");
}

export function undefineHandlers(host: QemuHost): Handlers<"domainUndefineFlags"> {
  const run = (ref: DomainRef, flags: number): Promise<void> => {
    const { name, uuid } = host.finder.find(ref);
    return host.reserve([name], uuid, () =>
      host.finder.change(ref, "domainUndefineFlags", (domain) => undefine(host, domain, flags)),
    );
  };
  return {
    domainUndefineFlags({ dom, flags }) {
      checkFlags(flags, known, "domainUndefineFlags", "QEMU");
      exclusiveFlags(flags, { VIR_DOMAIN_UNDEFINE_NVRAM: NVRAM, VIR_DOMAIN_UNDEFINE_KEEP_NVRAM: KEEP_NVRAM }, "QEMU");
      exclusiveFlags(flags, { VIR_DOMAIN_UNDEFINE_TPM: TPM, VIR_DOMAIN_UNDEFINE_KEEP_TPM: KEEP_TPM }, "QEMU");
      return run(dom, flags);
    },
  };
}
