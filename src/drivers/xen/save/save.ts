/** Putting guests away, and fetching them back. */
import { rm } from "node:fs/promises";
import { isLibvirtError, LibvirtError } from "../../../errors.ts";
import { exists } from "../../../host/files.ts";
import { DomainEventStoppedDetailType, DomainShutoffReason, DomainState } from "../../../protocol/index.ts";
import type { Ending, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { hasEnded } from "../run/end.ts";
import { resumeGuest } from "../run/pause.ts";
import { changedDefinition, completeSaved } from "./image.ts";

const saved: Ending = { reason: DomainShutoffReason.SAVED, detail: DomainEventStoppedDetailType.SAVED };

export interface SaveOptions {
  /** The document that it shall have instead of its own. */
  readonly xml?: string | undefined;
  /** Whether it shall run when it comes back; as it does now unless given. */
  readonly running?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Writes a guest to a file and ends it, in its job. When that fails the guest goes on and nothing is left of the file. */
export async function saveGuest(
  host: XenHost,
  domain: XenDomain,
  path: string,
  { xml, running, signal }: SaveOptions,
): Promise<void> {
  const live = domain.guest();
  if (live.preserved) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "the guest has ended");
  const definition = xml === undefined ? live.definition : changedDefinition(live.definition, domain.uuid, xml);
  const ran = live.status.state === DomainState.RUNNING;
  const before = await exists(path);
  live.saving = true;
  try {
    // The guest's own kernel takes part, which cannot while it is paused.
    if (!ran) await resumeGuest(host, live);
    await host.roads.tools.save(live.id, path, { signal });
    await completeSaved(path, definition, running ?? ran);
    live.ending = saved;
    await hasEnded(host, domain, live);
  } catch (error) {
    if (!before) await rm(path, { force: true });
    // The tool stack speaks of the guest; the domain is still there.
    if (!isLibvirtError(error, "NO_DOMAIN")) throw error;
    const detail = `the guest of domain '${domain.name}' has ended while it was saved`;
    throw new LibvirtError("OPERATION_FAILED", "DOMAIN", detail, { cause: error });
  } finally {
    live.saving = false;
    // What happened meanwhile is taken in now.
    await host.look();
  }
}
