/** Starting a guest: from its definition to a process that runs it, or to nothing at all. */
import { chown, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { formatUuid } from "../../../driver/object-list.ts";
import { LibvirtError, systemError } from "../../../errors.ts";
import { makeFolder } from "../../../host/files.ts";
import type { ProcessId } from "../../../host/proc.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  ConnectDomainEventDiskChangeReason,
  DomainEventResumedDetailType,
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { BorrowedFiles } from "../domain/lent-files.ts";
import type { LiveDomain } from "../domain/live.ts";
import { statusOf } from "../domain/status.ts";
import type { QemuHost } from "../host.ts";
import type { LaunchPlan } from "../launch/plan.ts";
import { cont } from "../monitor/commands/run-state.ts";
import type { Status } from "../state/status.ts";
import { refuseUnavailable } from "../unavailable/index.ts";
import { keepsOwners } from "../unavailable/labels.ts";
import { validateQemu } from "../validate/index.ts";
import { attach } from "./attach.ts";
import { makeOutputFiles, neededFiles, refuseUnreachable } from "./files/files.ts";
import { makeNvram } from "./files/nvram.ts";
import { makeOwnFolder, usesChannelFolder } from "./files/own-folder.ts";
import { refuseUnusableKvm } from "./host/accelerator.ts";
import { findHostFacts } from "./host/facts.ts";
import { findPorts, type GivenPorts } from "./host/graphics-ports.ts";
import { completeChains, type MissingImage } from "./images/chains.ts";
import { borrowFor } from "./images/lent-disks.ts";
import { makeOverlays, planOverlays } from "./images/overlays.ts";
import { findVolumes } from "./images/volumes.ts";
import { bindFilters } from "./network/filters.ts";
import { takePorts } from "./network/ports.ts";
import { makeTaps, tapOf } from "./network/taps.ts";
import { type PlanOptions, planRun, prepareRun, validationFor } from "./plan.ts";
import { endQemu, launchQemu, type QemuProcess } from "./process.ts";
import { clearRun } from "./put-away.ts";
import { setUp } from "./set-up.ts";
import { startTpm } from "./tpm/tpm.ts";

/** Where a guest comes from that is not booted. */
export interface Origin {
  /** Descriptor that its memory is read from, inherited after those that are planned; not where it comes otherwise. */
  readonly fd?: number;
  /** Reads the memory into the guest, which waits. */
  load(live: LiveDomain, fd: number): Promise<void>;
  /** It is the domain's managed save, which is worth nothing once the guest has run. */
  readonly managed?: boolean;
}

export interface StartOptions {
  /** Its processors wait for a resume. */
  readonly paused: boolean;
  readonly origin?: Origin;
  /** The firmware's variables are made anew from their template. */
  readonly resetNvram?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Starts a guest and tells of it.
 * @param definition is this run's own: aliases, addresses and ports are filled in.
 */
export async function startGuest(
  host: QemuHost,
  domain: QemuDomain,
  definition: Definition,
  capabilities: QemuCapabilities,
  options: StartOptions,
): Promise<LiveDomain> {
  await host.uncontrolled.refuseStart(formatUuid(domain.uuid), domain.name);
  const run = new Run(host, domain, definition, capabilities, options);
  try {
    const live = await run.start();
    run.tell(live);
    return live;
  } catch (error) {
    await run.undo();
    throw error;
  } finally {
    run.giveBack();
  }
}

class Run {
  readonly #host: QemuHost;
  readonly #domain: QemuDomain;
  readonly #definition: Definition;
  readonly #capabilities: QemuCapabilities;
  readonly #options: StartOptions;
  readonly #id: number;
  readonly #folder: string;
  readonly #channelFolder: string;
  #status: Status;
  #ports: GivenPorts | null = null;
  #lent: BorrowedFiles | null = null;
  #madeTaps = false;
  #missing: readonly MissingImage[] = [];
  #live: LiveDomain | null = null;

  constructor(
    host: QemuHost,
    domain: QemuDomain,
    definition: Definition,
    capabilities: QemuCapabilities,
    options: StartOptions,
  ) {
    this.#host = host;
    this.#domain = domain;
    this.#definition = definition;
    this.#capabilities = capabilities;
    this.#options = options;
    this.#id = host.nextId();
    this.#folder = host.layout.domainFolder(this.#id, domain.name);
    this.#channelFolder = host.layout.channelFolder(this.#id, domain.name);
    this.#status = {
      id: this.#id,
      name: domain.name,
      uuid: formatUuid(domain.uuid),
      started: false,
      rebooting: false,
      process: null,
      emulator: definition.devices.emulator ?? "",
      folder: this.#folder,
      owners: [],
      savedSpent: false,
      writing: null,
      plugging: [],
      commanded: [],
      definition,
      state: DomainState.PAUSED,
      reason: DomainPausedReason.STARTING_UP,
    };
  }

  async start(): Promise<LiveDomain> {
    await refuseUnusableKvm(this.#definition, this.#capabilities);
    await findVolumes(this.#host.peers, this.#definition);
    // The emulator may be another one than when the domain was defined.
    const found = await findHostFacts(this.#host, this.#definition);
    validateQemu(this.#definition, validationFor(this.#capabilities, found));
    refuseUnavailable(this.#definition, { isRoot: process.geteuid?.() === 0 });
    this.#missing = await completeChains(this.#definition);
    const hasOverlays = await planOverlays(this.#definition);
    await this.#makeFolder(this.#folder);
    await refuseUnreachable(this.#folder, this.#host.settings.identity);
    const { origin } = this.#options;
    this.#ports = await findPorts(this.#definition, this.#host.settings.values);
    this.#lent = borrowFor(this.#host.lentFiles, this.#status.uuid, this.#definition);
    const options: PlanOptions = {
      capabilities: this.#capabilities,
      folder: this.#folder,
      channelFolder: this.#channelFolder,
      ports: this.#ports,
      lent: this.#lent.groups,
      found,
      tapOf,
      ...(origin && { incoming: "defer" }),
    };
    if (hasOverlays) await this.#makeOverlays();
    await prepareRun(this.#host, this.#definition, options);
    await takePorts(this.#host.peers, this.#definition);
    await makeTaps(this.#definition, this.#host.settings.identity);
    this.#madeTaps = true;
    await bindFilters(this.#host.peers, this.#definition);
    const plan = planRun(this.#host, this.#definition, options);
    await Promise.all([this.#makeFolders(plan), this.#writeFiles(plan), this.#prepareImages()]);
    await startTpm(this.#host, this.#definition, this.#folder);
    const qemu = await this.#launch(plan);
    const live = this.#attach(qemu);
    this.#ports.release();
    await setUp(live, found.settings);
    // What is planned comes first, from number 3 on.
    await origin?.load(live, 3 + plan.descriptors.length);
    if (origin) this.#tellStarted(DomainEventStartedDetailType.RESTORED);
    await this.#go(live);
    live.started = true;
    live.savedSpent = origin?.managed === true;
    await this.#host.statuses.write(statusOf(this.#domain, live));
    // Not before: a start that was cut short is undone, and then the domain has not run.
    await this.#host.noteRun(this.#domain);
    return live;
  }

  /** Tells those who listen that the guest is there, in libvirt's order: a booted guest runs before it is told. */
  tell(live: LiveDomain): void {
    for (const { disk, path } of this.#missing) this.#tellMissing(disk.alias ?? disk.target.dev, path);
    if (!this.#options.origin) this.#tellStarted(DomainEventStartedDetailType.BOOTED);
    if (live.status.state !== DomainState.PAUSED) return;
    const detail = this.#options.origin
      ? DomainEventSuspendedDetailType.RESTORED
      : DomainEventSuspendedDetailType.PAUSED;
    this.#host.emitLifecycle(this.#domain, DomainEventType.SUSPENDED, detail);
  }

  /** Gives back what only the start needed. */
  giveBack(): void {
    this.#lent?.release();
  }

  /** Takes back all that the start has done. */
  async undo(): Promise<void> {
    this.#ports?.release();
    const live = this.#live;
    if (live) {
      live.started = false;
      live.ending ??= { reason: DomainShutoffReason.FAILED, detail: DomainEventStoppedDetailType.FAILED };
      await endQemu(live.process, live.exited).catch(() => {});
      await live.gone;
    } else {
      await clearRun(this.#host, this.#status, this.#madeTaps);
      this.#domain.end(DomainShutoffReason.FAILED);
    }
  }

  #makeFolder(path: string): Promise<void> {
    return makeOwnFolder(path, this.#host.settings.identity);
  }

  async #makeFolders({ folders }: LaunchPlan): Promise<void> {
    for (const folder of folders) {
      // Others' guests have theirs beside it.
      await makeFolder(dirname(folder), 0o711, "QEMU");
      await this.#makeFolder(folder);
      await refuseUnreachable(folder, this.#host.settings.identity);
    }
    if (usesChannelFolder(this.#definition, this.#channelFolder)) await this.#makeFolder(this.#channelFolder);
  }

  async #writeFiles({ files }: LaunchPlan): Promise<void> {
    const { identity } = this.#host.settings;
    for (const { path, mode, content } of files) {
      try {
        await writeFile(path, content, { mode, flag: "wx" });
        if (identity) await chown(path, identity.uid, identity.gid);
      } catch (error) {
        throw systemError("QEMU", `cannot write '${path}'`, error);
      }
    }
  }

  /** What is made is on the disk before: whoever finds a start cut short removes it. */
  async #makeOverlays(): Promise<void> {
    await this.#host.statuses.writeDurably(this.#status);
    await makeOverlays(this.#definition);
  }

  /** Gives QEMU the images that it cannot use as they are; whose they were is on the disk before. */
  async #prepareImages(): Promise<void> {
    const { ownership, settings, statuses } = this.#host;
    const { identity, dynamicOwnership } = settings;
    await makeOutputFiles(this.#definition);
    await makeNvram(this.#definition, this.#options.resetNvram === true);
    const files = neededFiles(this.#definition);
    const change = dynamicOwnership && !keepsOwners(this.#definition);
    await ownership.alone(files, async () => {
      const owners = await ownership.survey(files, identity, change);
      if (owners.length === 0 || identity === null) return;
      await statuses.writeDurably({ ...this.#status, owners });
      this.#status = { ...this.#status, owners };
      await ownership.take(owners, files, identity);
    });
  }

  async #launch(plan: LaunchPlan): Promise<QemuProcess> {
    const { origin, signal } = this.#options;
    return launchQemu(plan, {
      folder: this.#folder,
      log: join(this.#host.layout.logs, `${this.#domain.name}.log`),
      identity: this.#host.settings.identity,
      descriptors: origin?.fd === undefined ? [] : [origin.fd],
      label: this.#domain.name,
      ...(signal && { signal }),
      onSpawn: (process: ProcessId) => {
        this.#status = { ...this.#status, process };
        return this.#host.statuses.write(this.#status);
      },
    });
  }

  #attach(qemu: QemuProcess): LiveDomain {
    const { id, emulator, folder, owners, state, reason } = this.#status;
    this.#live = attach(this.#host, this.#domain, qemu, {
      ...{ id, emulator, folder, owners },
      definition: this.#definition,
      capabilities: this.#capabilities,
      status: { state, reason },
      started: false,
      rebooting: false,
      savedSpent: false,
      commanded: new Set(),
    });
    // A transient domain is there from now on: whoever hears of it finds it.
    this.#host.domains.add(this.#domain);
    return this.#live;
  }

  async #go(live: LiveDomain): Promise<void> {
    const { origin, paused } = this.#options;
    if (paused) {
      // libvirt has no reason of its own for a guest that was restored and waits.
      const reason = origin ? DomainPausedReason.MIGRATION : DomainPausedReason.USER;
      live.status = { state: DomainState.PAUSED, reason };
      return;
    }
    const { UNPAUSED, FROM_SNAPSHOT } = DomainEventResumedDetailType;
    live.intents.resume = origin
      ? { reason: DomainRunningReason.RESTORED, detail: FROM_SNAPSHOT }
      : { reason: DomainRunningReason.BOOTED, detail: UNPAUSED };
    await cont(live.monitor);
    if (live.status.state === DomainState.PAUSED) {
      throw new LibvirtError("OPERATION_FAILED", "QEMU", `QEMU did not let domain '${this.#domain.name}' run`);
    }
  }

  #tellStarted(detail: DomainEventStartedDetailType): void {
    this.#host.emitLifecycle(this.#domain, DomainEventType.STARTED, detail);
  }

  #tellMissing(devAlias: string, oldSrcPath: string): void {
    this.#host.hub.emit("domainEventCallbackDiskChange", {
      dom: this.#domain.ref,
      oldSrcPath,
      newSrcPath: null,
      devAlias,
      reason: ConnectDomainEventDiskChangeReason.CHANGE_MISSING_ON_START,
    });
  }
}
