/** Putting domains away and fetching them back: save files, managed saves, core dumps. */
import { managedSaves } from "../../../driver/domain/kept/managed-saves.ts";
import { type DumpOptions, saveHandlers as handlersFor, type SaveFiles } from "../../../driver/domain/save-handlers.ts";
import { LibvirtError } from "../../../errors.ts";
import { formatDomain } from "../../../model/domain/index.ts";
import {
  DomainCoreDumpFlags,
  DomainCoreDumpFormat,
  DomainEventStoppedDetailType,
  DomainSaveRestoreFlags,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { endGuest } from "../run/end.ts";
import { pauseGuest, resumeGuest } from "../run/pause.ts";
import { startDomain } from "../run/start.ts";
import { changedDefinition, readSaved, replaceSaved } from "../save/image.ts";
import { saveGuest } from "../save/save.ts";

const { CRASH, LIVE } = DomainCoreDumpFlags;
const saveFlags = DomainSaveRestoreFlags.RUNNING | DomainSaveRestoreFlags.PAUSED;
const knownFlags = { save: saveFlags, restore: saveFlags, managedSave: saveFlags, dump: CRASH | LIVE };

async function dump(
  host: XenHost,
  domain: XenDomain,
  { path, format, flags }: DumpOptions,
  signal: AbortSignal,
): Promise<void> {
  if (format !== DomainCoreDumpFormat.RAW) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", "Xen writes cores in its own format alone (RAW)");
  }
  const live = domain.guest();
  const stops = (flags & LIVE) === 0 && live.status.state === DomainState.RUNNING;
  if (stops) await pauseGuest(host, live);
  try {
    await host.roads.tools.dumpCore(live.id, path, { signal });
  } finally {
    if (stops && (flags & CRASH) === 0) await resumeGuest(host, live);
  }
  if ((flags & CRASH) === 0) return;
  const { CRASHED: reason } = DomainShutoffReason;
  await endGuest(host, domain, live, { reason, detail: DomainEventStoppedDetailType.CRASHED });
}

function saveFiles(host: XenHost): SaveFiles {
  const { finder } = host;
  return {
    save: (dom, { path, xml, running }, { signal }) =>
      finder.change(
        dom,
        "domainSaveFlags",
        (domain) => saveGuest(host, domain, path, { xml: xml ?? undefined, running, signal }),
        signal,
      ),
    async restore({ path, xml, running }, { signal }) {
      const saved = await readSaved(path);
      const { uuid } = saved;
      const definition = xml === null ? saved.definition : changedDefinition(saved.definition, uuid, xml);
      await host.adopt({ name: definition.name, uuid }, "domainRestoreFlags", async (domain) => {
        await startDomain(host, domain, definition, { paused: !(running ?? saved.running), from: path, signal });
      });
    },
    async describe(path, secure) {
      const { definition } = await readSaved(path);
      return formatDomain(definition, { inactive: true, secure });
    },
    replace: replaceSaved,
    dump: (dom, options, { signal }) =>
      finder.change(dom, "domainCoreDumpWithFormat", (domain) => dump(host, domain, options, signal), signal),
  };
}

export function saveHandlers(host: XenHost) {
  const files = saveFiles(host);
  const managed = managedSaves(host, files, (domain, path, { running, signal }) =>
    saveGuest(host, domain, path, { running, signal }),
  );
  return handlersFor("XEN", knownFlags, files, managed);
}
