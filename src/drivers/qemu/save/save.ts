/** Putting guests away in files, and fetching them back. */
import { open } from "node:fs/promises";
import { LibvirtError } from "../../../errors.ts";
import { type Domain as Definition, formatDomain } from "../../../model/domain/index.ts";
import {
  DomainEventResumedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainJobOperation,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { migrateIncoming, migrateSetCapabilities } from "../monitor/commands/migration.ts";
import { cont, stop } from "../monitor/commands/run-state.ts";
import { end } from "../run/power.ts";
import type { Origin } from "../run/start.ts";
import { formatPreamble, headerLength } from "./image.ts";
import type { OpenImage } from "./image-file.ts";
import { migrationEnd, sendToGuest, wakeBriefly, writeState } from "./stream.ts";
import { sendState, stateSink, usableFormat } from "./way.ts";
import { writeForGuest } from "./written.ts";

export interface SaveOptions {
  /** The document to keep in place of the guest's own. */
  readonly xml?: string | undefined;
  /** Whether it runs when it is fetched back; as it is now by default. */
  readonly running?: boolean | undefined;
  /** The host's cache is left alone. */
  readonly bypassCache?: boolean;
  readonly signal?: AbortSignal;
}

/** Writes a guest to a file and ends it. After a failure it is as it was, and so is the file. */
export async function saveGuest(host: QemuHost, domain: QemuDomain, path: string, options: SaveOptions): Promise<void> {
  const live = domain.running();
  refuseTransientDisks(live.definition);
  const xml = options.xml === undefined ? printed(live.definition) : await changed(host, live.definition, options.xml);
  const running = options.running ?? live.status.state === DomainState.RUNNING;
  const format = await usableFormat(host.settings.values.save_image_format, "save");
  const way = { format, bypassCache: options.bypassCache === true };
  await whilePaused(live, DomainPausedReason.SAVE, () =>
    writeForGuest(host, domain, path, async (temporary) => {
      const file = await open(temporary, "wx", 0o600);
      try {
        const { identity } = host.settings;
        const sink = stateSink({ file, temporary, path }, formatPreamble(xml, running, format), way);
        await writeState(live, DomainJobOperation.SAVE, sink, { identity, signal: options.signal });
        await file.sync();
      } finally {
        await file.close();
      }
    }),
  );
  await end(live, { reason: DomainShutoffReason.SAVED, detail: DomainEventStoppedDetailType.SAVED });
}

/** What such a disk holds is thrown away when the guest ends, so it could not go on. */
function refuseTransientDisks({ devices }: Definition): void {
  if (devices.disks.every(({ transient }) => transient === undefined)) return;
  throw new LibvirtError("OPERATION_INVALID", "QEMU", "migration with transient disk is not supported");
}

/** Pauses a guest for some work on it; it goes on only when the work fails. */
async function whilePaused(live: LiveDomain, reason: DomainPausedReason, work: () => Promise<void>): Promise<void> {
  const resume = await pause(live, reason);
  try {
    await work();
  } catch (error) {
    await resume(DomainRunningReason.SAVE_CANCELED).catch(() => {});
    throw error;
  }
}

/** Pauses a guest that runs; what is returned lets it go on if it ran. */
export async function pause(
  live: LiveDomain,
  reason: DomainPausedReason,
): Promise<(reason: DomainRunningReason) => Promise<void>> {
  if (live.status.state !== DomainState.RUNNING) return () => wakeBriefly(live);
  live.intents.pause = { reason, detail: DomainEventSuspendedDetailType.PAUSED };
  await stop(live.monitor);
  return async (resumed) => {
    live.intents.resume = { reason: resumed, detail: DomainEventResumedDetailType.UNPAUSED };
    await cont(live.monitor);
  };
}

/** A running guest's document as a save file keeps it. */
function printed(definition: Definition): string {
  return formatDomain(definition, { inactive: true, secure: true, migratable: true });
}

/** A document that takes the place of the saved one: what the guest sees must be the same. */
export async function changed(host: QemuHost, saved: Definition, xml: string): Promise<string> {
  const { definition } = await readDefinition(host, xml, { saved: true });
  const differs = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours === theirs) return;
    const detail = `Target domain ${what} ${theirs} does not match source ${ours}`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", "DOMAIN", detail);
  };
  differs("uuid", saved.uuid, definition.uuid);
  differs("name", `'${saved.name}'`, `'${definition.name}'`);
  differs("virt type", saved.type, definition.type);
  differs("max memory", saved.memory.value, definition.memory.value);
  differs("vCPU count", saved.vcpu.value, definition.vcpu.value);
  differs("machine type", saved.os.type.machine, definition.os.type.machine);
  differs("disk device count", saved.devices.disks.length, definition.devices.disks.length);
  differs("net card count", saved.devices.interfaces.length, definition.devices.interfaces.length);
  return printed(definition);
}

/** Where a guest comes from that was saved: QEMU reads the file itself where nothing has to be done with it on the way. */
export function originOf(host: QemuHost, image: OpenImage, bypassCache: boolean): Origin {
  const { fd, path, format } = image;
  const asItIs = format === "raw" && !bypassCache;
  const state = { path, start: headerLength + image.length, way: { format, bypassCache } };
  const failed = (cause: unknown): never => {
    const detail = `cannot restore the guest from '${path}': ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new LibvirtError("OPERATION_FAILED", "QEMU", detail, { cause });
  };
  return {
    ...(asItIs && { fd }),
    async load(live, inherited) {
      const { monitor } = live;
      await migrateSetCapabilities(monitor, { events: true });
      const done = migrationEnd(monitor);
      done.catch(() => {});
      if (asItIs) {
        await migrateIncoming(monitor, `fd:${inherited}`);
      } else {
        await sendToGuest(live, host.settings.identity, (socket) => sendState(state, fd, socket)).catch(failed);
      }
      await done.catch(failed);
    },
  };
}
