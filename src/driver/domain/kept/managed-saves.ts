/** Managed saves of the domains that a driver keeps: save files of its own, from which a domain goes on at its next start. */
import { LibvirtError } from "../../../errors.ts";
import type { ManagedSaves, SaveFiles, SaveOptions } from "../save-handlers.ts";
import type { KeptDomain } from "./domain.ts";
import type { DomainHost } from "./host.ts";

/** Puts the guest of a domain away in a file, when it is the domain's turn. */
export type SaveGuest<D extends KeptDomain> = (
  domain: D,
  path: string,
  options: SaveOptions & { readonly signal: AbortSignal },
) => Promise<void>;

function savedPath<D extends KeptDomain>(host: DomainHost<D>, domain: D): string {
  if (domain.managedSave) return host.managedSavePath(domain);
  throw new LibvirtError("OPERATION_INVALID", host.from, "domain does not have managed save image");
}

export function managedSaves<D extends KeptDomain>(
  host: DomainHost<D>,
  files: Pick<SaveFiles, "describe" | "replace">,
  saveGuest: SaveGuest<D>,
): ManagedSaves {
  const { finder } = host;
  const save = async (domain: D, options: Parameters<SaveGuest<D>>[2]): Promise<void> => {
    domain.running();
    if (!domain.isPersistent) {
      throw new LibvirtError("OPERATION_INVALID", host.from, "cannot do managed save for transient domain");
    }
    await saveGuest(domain, await host.placeForManagedSave(domain), options);
    domain.managedSave = true;
  };
  return {
    save: (dom, options, { signal }) =>
      finder.change(dom, "domainManagedSave", (domain) => save(domain, { ...options, signal }), signal),
    has: (dom) => finder.ask(dom, ({ managedSave }) => managedSave),
    remove: (dom) => finder.change(dom, "domainManagedSaveRemove", (domain) => host.removeManagedSave(domain)),
    describe: (dom, secure) => finder.ask(dom, (domain) => files.describe(savedPath(host, domain), secure)),
    replace: (dom, xml, running) =>
      finder.change(dom, "domainManagedSaveDefineXml", (domain) =>
        files.replace(savedPath(host, domain), xml, running),
      ),
  };
}
