/** Putting domains away and fetching them back: save files, managed saves, core dumps. */
import { managedSaves } from "../../../../driver/domain/kept/managed-saves.ts";
import {
  saveHandlers as handlersFor,
  type SaveFiles,
  type SaveOptions,
} from "../../../../driver/domain/save-handlers.ts";
import { LibvirtError } from "../../../../errors.ts";
import { formatDomain } from "../../../../model/domain/index.ts";
import { DomainCoreDumpFlags, DomainSaveRestoreFlags } from "../../../../protocol/index.ts";
import { readDefinition } from "../../definitions.ts";
import type { QemuHost } from "../../host.ts";
import { dumpCore } from "../../save/core.ts";
import { openImage, replaceDocument } from "../../save/image-file.ts";
import { restoreFrom } from "../../save/restore.ts";
import { changed, saveGuest } from "../../save/save.ts";

const { BYPASS_CACHE, RUNNING, PAUSED, RESET_NVRAM } = DomainSaveRestoreFlags;
const saveFlags = BYPASS_CACHE | RUNNING | PAUSED;

const knownFlags = {
  save: saveFlags,
  restore: saveFlags | RESET_NVRAM,
  managedSave: saveFlags,
  dump: Object.values(DomainCoreDumpFlags).reduce<number>((all, flag) => all | flag, 0),
};

/** How the guest is written or read, by the flags of a call. */
const wayOf = ({ running, flags }: SaveOptions) => ({ running, bypassCache: (flags & BYPASS_CACHE) !== 0 });

function saveFiles(host: QemuHost): SaveFiles {
  return {
    save: (dom, { path, xml, ...options }, { signal }) =>
      host.finder.change(
        dom,
        "domainSaveFlags",
        (domain) => saveGuest(host, domain, path, { xml: xml ?? undefined, ...wayOf(options), signal }),
        signal,
      ),
    async restore({ path, xml, ...options }, { signal }) {
      await using image = await openImage(path);
      const { definition, uuid } = await readDefinition(host, image.xml, { saved: true });
      const { name } = definition;
      await host.adopt({ name, uuid }, "domainRestoreFlags", async (domain) => {
        if (domain.live?.monitor.isOpen) {
          throw new LibvirtError("OPERATION_INVALID", "DOMAIN", `domain '${name}' is already active`);
        }
        await domain.live?.gone;
        const resetNvram = (options.flags & RESET_NVRAM) !== 0;
        await restoreFrom(host, domain, image, { xml: xml ?? undefined, ...wayOf(options), resetNvram, signal });
      });
    },
    async describe(path, secure) {
      await using image = await openImage(path);
      const { definition } = await readDefinition(host, image.xml, { saved: true });
      return formatDomain(definition, { inactive: true, secure });
    },
    async replace(path, xml, running) {
      await using image = await openImage(path);
      const runs = running ?? image.running;
      if (xml === null) return await replaceDocument(image, image.xml, runs);
      const { definition } = await readDefinition(host, image.xml, { saved: true });
      await replaceDocument(image, await changed(host, definition, xml), runs);
    },
    dump: (dom, { path, format, flags }, { signal }) =>
      host.finder.change(
        dom,
        "domainCoreDumpWithFormat",
        (domain) => dumpCore(host, domain, path, format, flags, signal),
        signal,
      ),
  };
}

export function saveHandlers(host: QemuHost) {
  const files = saveFiles(host);
  const managed = managedSaves(host, files, (domain, path, { signal, ...options }) =>
    saveGuest(host, domain, path, { ...wayOf(options), signal }),
  );
  return handlersFor("QEMU", knownFlags, files, managed);
}
