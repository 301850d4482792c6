/** The state of one root: its domains, their definitions on disk, what is known of the emulators, who wants events. */
import { join } from "node:path";
import { DomainFinder } from "../../driver/domain/kept.ts";
import { errorDomains } from "../../driver/error-domains.ts";
import { EventHub } from "../../driver/events.ts";
import { formatUuid, ObjectList, parseUuid } from "../../driver/object-list.ts";
import { Reservations } from "../../driver/reservations.ts";
import type { Caller } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../host/document-folder.ts";
import { removeDurably, renameDurably } from "../../host/durable.ts";
import { exists, letPass, makeFolder } from "../../host/files.ts";
import { type Lock, lockPart } from "../../host/lock.ts";
import { StartMarks } from "../../host/start-marks.ts";
import { type Domain as Definition, domainDocument } from "../../model/domain/index.ts";
import { type DomainEventType, procedures } from "../../protocol/index.ts";
import { CapabilitiesCache } from "./capabilities/cache.ts";
import { findEmulator } from "./capabilities/emulators.ts";
import { QemuDomain } from "./domain/domain.ts";
import type { LiveDomain } from "./domain/live.ts";
import { statusOf } from "./domain/status.ts";
import { variablesFile } from "./firmware/variables-file.ts";
import { Ownership } from "./run/files.ts";
import { UncontrolledGuests } from "./run/uncontrolled.ts";
import { type QemuSettings, readSettings } from "./settings/index.ts";
import { type Layout, layoutOf } from "./state/layout.ts";
import { StatusFolder } from "./state/status.ts";

/** A stored definition that cannot be read any more: it stays on the disk, untouched, for a person to mend. */
export interface UnreadableDefinition {
  readonly name: string;
  readonly error: unknown;
}

interface Parts {
  readonly layout: Layout;
  readonly lock: Lock;
  readonly settings: QemuSettings;
  readonly definitions: DocumentFolder;
  readonly statuses: StatusFolder;
  readonly starts: StartMarks;
  readonly peers: Caller;
}

export class QemuHost {
  readonly layout: Layout;
  readonly settings: QemuSettings;
  readonly statuses: StatusFolder;
  /** Calls the drivers for networks, storage and secrets of the same root; NO_SUPPORT where there are none. */
  readonly peers: Caller;
  readonly ownership = new Ownership();
  readonly uncontrolled = new UncontrolledGuests();
  readonly hub = new EventHub();
  readonly domains = new ObjectList<QemuDomain>();
  readonly finder = new DomainFinder(this.domains, "QEMU");
  readonly capabilities: CapabilitiesCache;
  readonly unreadable: UnreadableDefinition[] = [];
  readonly #definitions: DocumentFolder;
  readonly #lock: Lock;
  readonly #reserved = new Reservations();
  readonly #emulators = new Map<string, string>();
  readonly #starts: StartMarks;
  #lastId = 0;

  private constructor(parts: Parts) {
    this.layout = parts.layout;
    this.settings = parts.settings;
    this.peers = parts.peers;
    this.statuses = parts.statuses;
    this.#lock = parts.lock;
    this.#definitions = parts.definitions;
    this.#starts = parts.starts;
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
        layout,
        lock,
        settings,
        definitions: await DocumentFolder.open(layout.definitions, "QEMU"),
        statuses: await StatusFolder.open(layout.status),
        starts: await StartMarks.open(layout.starts, "QEMU"),
        peers,
      });
      await Promise.all([layout.runs, layout.channels, layout.nvram].map((path) => makeFolder(path, 0o711, "QEMU")));
      await makeFolder(layout.logs, 0o700, "QEMU");
      await host.#loadAll();
      return host;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The id of the next domain that starts; never given twice while the root is open. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Ids of domains that were taken over running are not given again. */
  idTaken(id: number): void {
    this.#lastId = Math.max(this.#lastId, id);
  }

  /** Runs a change of which domains there are, while no other one is about the same names and UUIDs. */
  reserve<T>(names: readonly string[], uuid: Uint8Array, work: () => T | Promise<T>): Promise<T> {
    return this.#reserved.run([...names.map((name) => `name ${name}`), `uuid ${formatUuid(uuid)}`], work);
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

  /** Tells those who listen what became of a domain. */
  emitLifecycle(domain: QemuDomain, event: DomainEventType, detail: number): void {
    this.hub.emit("domainEventCallbackLifecycle", { dom: domain.ref, event, detail });
  }

  /** Makes a definition the domain's stored one, on the disk first. */
  async store(domain: QemuDomain, definition: Definition): Promise<void> {
    await this.#definitions.save(domain.name, formatStored(definition));
    domain.persistent = definition;
  }

  /** Forgets the domain's stored definition, on the disk first. */
  async unstore(domain: QemuDomain): Promise<void> {
    await this.#definitions.remove(domain.name);
    domain.persistent = null;
    domain.autostart = false;
  }

  /** Gives a domain that is off another name, on the disk first. */
  async rename(domain: QemuDomain, name: string): Promise<void> {
    const definition = { ...domain.stored(), name };
    const variables = this.variablesPath(domain);
    await this.#definitions.rename(domain.name, name, formatStored(definition));
    // A file that the definition names stays where it is.
    if (variables !== undefined && definition.os.nvram?.value === undefined && (await exists(variables))) {
      await renameDurably(variables, variablesFile(this.layout.nvram, name), "QEMU");
    }
    this.domains.rename(domain, () => domain.rename(name));
    domain.persistent = definition;
  }

  /** The file of a stored domain's firmware variables, which an automatic choice of firmware does not name. */
  variablesPath({ name, persistent }: QemuDomain): string | undefined {
    const os = persistent?.os;
    if (os?.nvram?.value !== undefined) return os.nvram.value;
    const automatic = os?.firmware === "efi" && os.nvram?.storage === undefined;
    return automatic ? variablesFile(this.layout.nvram, name) : undefined;
  }

  /** Where the managed save of a domain is, whether there is one or not. */
  managedSavePath({ name }: QemuDomain): string {
    return join(this.layout.saves, `${name}.save`);
  }

  async removeManagedSave(domain: QemuDomain): Promise<void> {
    await removeDurably(this.managedSavePath(domain), "QEMU");
    domain.managedSave = false;
  }

  /** Removes the managed save that a guest came from, if it is still there; the guest itself may have died meanwhile. */
  async removeSpentSave(domain: QemuDomain, live: LiveDomain): Promise<void> {
    if (!live.savedSpent) return;
    await this.removeManagedSave(domain);
    live.savedSpent = false;
    this.noteStatus(domain);
  }

  async setAutostart(domain: QemuDomain, on: boolean): Promise<void> {
    await this.#definitions.setAutostart(domain.name, on);
    domain.autostart = on;
  }

  /** Whether the domain has run since the host came up: then it does not start by itself any more. */
  hasRun({ uuid }: QemuDomain): boolean {
    return this.#starts.has(formatUuid(uuid));
  }

  /** Keeps in mind that the domain has run. */
  async noteRun({ uuid }: QemuDomain): Promise<void> {
    await this.#starts.add(formatUuid(uuid));
  }

  /** A domain that is neither stored nor runs is gone, with all that was kept about it. */
  async forget(domain: QemuDomain): Promise<void> {
    if (this.domains.byUuid(domain.uuid) === domain) this.domains.remove(domain);
    await this.#starts.remove(formatUuid(domain.uuid));
  }

  /** Keeps what is known of a running domain for whoever takes it over, without waiting for that. */
  noteStatus(domain: QemuDomain): void {
    if (!domain.live) return;
    this.statuses.write(statusOf(domain, domain.live)).catch((error) => {
      process.emitWarning(`status of domain '${domain.name}': ${String(error)}`, "TsvirtWarning");
    });
  }

  /** Gives the root back; domains that run go on running. */
  async close(): Promise<void> {
    for (const { live } of this.domains) live?.detach();
    await this.statuses.settled();
    await this.#lock.release();
  }

  async #loadAll(): Promise<void> {
    const documents = await this.#definitions.readAll();
    const names = new Set(documents.map(({ name }) => name));
    for (const document of documents) {
      try {
        await this.#load(document, names);
      } catch (error) {
        this.unreadable.push({ name: document.name, error });
      }
    }
  }

  async #load({ name: file, text, autostart }: StoredDocument, files: ReadonlySet<string>): Promise<void> {
    const definition = domainDocument.parse(text, { inactive: true });
    const { name } = definition;
    const uuid = parseUuid(definition.uuid ?? "");
    if (uuid === null) throw new LibvirtError("XML_ERROR", "QEMU", `the file of domain '${file}' holds no UUID`);
    if (name !== file) {
      // A crash in the middle of a rename; a file that somebody copied is another matter.
      if (files.has(name)) {
        throw new LibvirtError("XML_ERROR", "QEMU", `the file of domain '${file}' holds '${name}'`);
      }
      await this.#definitions.finishRename(file, name);
    }
    const same = this.domains.byUuid(uuid);
    if (same) throw new LibvirtError("XML_ERROR", "QEMU", `'${file}' has the UUID of domain '${same.name}'`);
    const domain = new QemuDomain(name, uuid);
    domain.persistent = definition as Definition;
    domain.autostart = autostart;
    domain.managedSave = await exists(this.managedSavePath(domain));
    this.domains.add(domain);
  }
}

const noPeers: Caller = (name) => {
  const { family, cFunction } = procedures[name];
  throw new LibvirtError("NO_SUPPORT", errorDomains[family], cFunction);
};

function formatStored(definition: Definition): string {
  return domainDocument.format(definition, { inactive: true, secure: true });
}
