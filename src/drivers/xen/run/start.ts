/** Starting domains: from their definitions, or from where their memory was put away. */
import { LibvirtError } from "../../../errors.ts";
import { removeDurably } from "../../../host/durable.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainEventResumedDetailType,
  DomainEventStartedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRunningReason,
  DomainState,
} from "../../../protocol/index.ts";
import { type LiveDomain, liveDomain, type XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import { withBridges } from "../networks.ts";
import { readSaved } from "../save/image.ts";
import { resumeGuest } from "./pause.ts";

export interface StartOptions {
  readonly paused: boolean;
  readonly signal?: AbortSignal | undefined;
  /** The save file that it goes on from; without one it boots. */
  readonly from?: string;
}

function busy({ name }: XenDomain): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", `domain '${name}' is already active`);
}

/**
 * Starts a domain that is off, in its job. What fails leaves nothing behind.
 * @throws {LibvirtError} OPERATION_INVALID when it runs; what the tool stack complains of
 */
export async function startDomain(
  host: XenHost,
  domain: XenDomain,
  definition: Definition,
  { paused, from, signal }: StartOptions,
): Promise<LiveDomain> {
  if (domain.live) throw busy(domain);
  const live = await host.starting(domain.uuid, async () => {
    const { tools } = host.roads;
    const options = { paused: true, signal };
    const config = await withBridges(definition, host.peers);
    const id = await (from === undefined
      ? tools.create(config, options)
      : tools.restore(from, { ...options, definition: config }));
    const status = { state: DomainState.PAUSED, reason: DomainPausedReason.STARTING_UP };
    const begun = liveDomain(id, { ...definition }, status, true);
    domain.begin(begun);
    host.domains.add(domain);
    return begun;
  });
  await host.noteStatus(domain);
  const { BOOTED, RESTORED } = DomainEventStartedDetailType;
  host.emitLifecycle(domain, DomainEventType.STARTED, from === undefined ? BOOTED : RESTORED);
  if (!paused) return await goOn(host, domain, live, from !== undefined);
  live.status = { state: DomainState.PAUSED, reason: DomainPausedReason.USER };
  const { RESTORED: SUSPENDED_RESTORED } = DomainEventSuspendedDetailType;
  if (from !== undefined) host.emitLifecycle(domain, DomainEventType.SUSPENDED, SUSPENDED_RESTORED);
  return live;
}

/** Lets a guest run that was made paused, so that all is known of it before it can do anything. */
async function goOn(host: XenHost, domain: XenDomain, live: LiveDomain, restored: boolean): Promise<LiveDomain> {
  await resumeGuest(host, live);
  const { BOOTED, RESTORED } = DomainRunningReason;
  live.status = { state: DomainState.RUNNING, reason: restored ? RESTORED : BOOTED };
  if (restored) host.emitLifecycle(domain, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED);
  return live;
}

/** Starts a stored domain: from its managed save where there is one. */
export async function startStored(
  host: XenHost,
  domain: XenDomain,
  options: { readonly paused: boolean; readonly forceBoot?: boolean; readonly signal?: AbortSignal },
): Promise<LiveDomain> {
  if (domain.live) throw busy(domain);
  const { paused, forceBoot = false, signal } = options;
  const definition = domain.stored();
  if (!domain.managedSave || forceBoot) {
    if (domain.managedSave) await host.removeManagedSave(domain);
    return startDomain(host, domain, definition, { paused, signal });
  }
  const from = host.managedSavePath(domain);
  const { definition: saved, running } = await readSaved(from);
  const live = await startDomain(host, domain, saved, { paused: paused || !running, from, signal });
  await removeDurably(from, "XEN");
  domain.managedSave = false;
  return live;
}
