/** The state of one root: its domains, their definitions on disk, what is known of the emulators, who wants events. */
import { DomainHost, type DomainHostParts, noPeers, openDomainStore } from "../../driver/domain/kept/host.ts";
import type { Caller } from "../../driver/session.ts";
import { renameDurably } from "../../host/durable.ts";
import { exists, letPass, makeFolder } from "../../host/files.ts";
import { lockPart } from "../../host/lock.ts";
import { StatusFolder } from "../../host/status-folder.ts";
import { CapabilitiesCache } from "./capabilities/cache.ts";
import { findEmulator } from "./capabilities/emulators.ts";
import { QemuDomain } from "./domain/domain.ts";
import { LentFiles } from "./domain/lent-files.ts";
import type { LiveDomain } from "./domain/live.ts";
import { statusOf } from "./domain/status.ts";
import { variablesFile } from "./firmware/variables-file.ts";
import { Ownership } from "./run/files/files.ts";
import { UncontrolledGuests } from "./run/uncontrolled.ts";
import { type QemuSettings, readSettings } from "./settings/index.ts";
import { type Layout, layoutOf } from "./state/layout.ts";
import { domainStatus, type Status } from "./state/status.ts";

interface Parts extends DomainHostParts {
  readonly layout: Layout;
  readonly settings: QemuSettings;
  readonly statuses: StatusFolder<Status>;
}

export class QemuHost extends DomainHost<QemuDomain> {
  readonly layout: Layout;
  readonly settings: QemuSettings;
  readonly statuses: StatusFolder<Status>;
  readonly ownership = new Ownership();
  readonly lentFiles = new LentFiles();
  readonly uncontrolled = new UncontrolledGuests();
  readonly capabilities: CapabilitiesCache;
  readonly #emulators = new Map<string, string>();
  #lastId = 0;

  private constructor(parts: Parts) {
    super(parts);
    this.layout = parts.layout;
    this.settings = parts.settings;
    this.statuses = parts.statuses;
    const { identity } = parts.settings;
    this.capabilities = new CapabilitiesCache(parts.layout.capabilities, identity ? { identity } : {});
  }

  /** Opens a root, made where it is missing, for this process alone: RESOURCE_BUSY says who else has it. */
  static async open(root: string, peers: Caller = noPeers): Promise<QemuHost> {
    const layout = layoutOf(root);
    await makeFolder(root, 0o711, "QEMU");
    const lock = await lockPart(root, "hypervisor", { domain: "QEMU" });
    try {
      const settings = await readSettings(root);
      // QEMU passes through these to its own folders, whoever it runs as; what must not be seen is in folders of its own.
      await makeFolder(layout.base, 0o711, "QEMU");
      if (settings.identity) await letPass(root);
      const host = new QemuHost({
        from: "QEMU",
        layout,
        lock,
        settings,
        store: await openDomainStore(layout, "QEMU"),
        statuses: await StatusFolder.open(layout.status, domainStatus),
        peers,
      });
      await Promise.all([layout.runs, layout.channels, layout.nvram].map((path) => makeFolder(path, 0o711, "QEMU")));
      await makeFolder(layout.logs, 0o700, "QEMU");
      await host.load();
      return host;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  override newDomain(name: string, uuid: Uint8Array): QemuDomain {
    return new QemuDomain(name, uuid);
  }

  /** The id of the next domain that starts; never given twice while the root is open. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Ids of domains that were taken over running are not given again. */
  idTaken(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  /** Path of the emulator for guests that name none; undefined when none is installed for the architecture. */
  async emulatorFor(arch: string): Promise<string | undefined> {
    const known = this.#emulators.get(arch);
    if (known !== undefined) return known;
    const path = await findEmulator(arch);
    if (path === null) return undefined;
    this.#emulators.set(arch, path);
    return path;
  }

  protected override async renameFiles(domain: QemuDomain, name: string): Promise<void> {
    const variables = this.variablesPath(domain);
    // A file that the definition names stays where it is.
    if (variables === undefined || domain.stored().os.nvram?.value !== undefined || !(await exists(variables))) return;
    await renameDurably(variables, variablesFile(this.layout.nvram, name), "QEMU");
  }

  /** The file of a stored domain's firmware variables, which an automatic choice of firmware does not name. */
  variablesPath({ name, persistent }: QemuDomain): string | undefined {
    const os = persistent?.os;
    if (os?.nvram?.value !== undefined) return os.nvram.value;
    const automatic = os?.firmware === "efi" && os.nvram?.storage === undefined;
    return automatic ? variablesFile(this.layout.nvram, name) : undefined;
  }

  /** Removes the managed save that a guest came from, if it is still there; the guest itself may have died meanwhile. */
  async removeSpentSave(domain: QemuDomain, live: LiveDomain): Promise<void> {
    if (!live.savedSpent) return;
    await this.removeManagedSave(domain);
    live.savedSpent = false;
    this.noteStatus(domain);
  }

  /** Without waiting until it is on the disk. */
  override noteStatus(domain: QemuDomain): void {
    if (!domain.live) return;
    this.statuses.write(statusOf(domain, domain.live)).catch((error) => {
      process.emitWarning(`status of domain '${domain.name}': ${String(error)}`, "TsvirtWarning");
    });
  }

  override async close(): Promise<void> {
    for (const { live } of this.domains) live?.detach();
    await this.statuses.settled();
    await super.close();
  }
}
