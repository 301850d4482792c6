/** The state of one root: its domains, their definitions on disk, the roads to Xen, who wants events. */
import { join } from "node:path";
import { DomainFinder } from "../../driver/domain/kept.ts";
import { errorDomains } from "../../driver/error-domains.ts";
import { EventHub } from "../../driver/events.ts";
import { formatUuid, ObjectList, parseUuid } from "../../driver/object-list.ts";
import { Reservations } from "../../driver/reservations.ts";
import type { Caller } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../host/document-folder.ts";
import { removeDurably } from "../../host/durable.ts";
import { exists, makeFolder } from "../../host/files.ts";
import { type Lock, lockPart } from "../../host/lock.ts";
import { StartMarks } from "../../host/start-marks.ts";
import { type Domain as Definition, domainDocument } from "../../model/domain/index.ts";
import { type DomainEventType, procedures } from "../../protocol/index.ts";
import { XenDomain } from "./domain/domain.ts";
import { openRoads } from "./open-roads.ts";
import type { Roads } from "./roads.ts";
import { type Layout, layoutOf } from "./state/layout.ts";

/** Follows the domains of a root, whoever makes and ends them. */
export interface Looks {
  /** Takes in how they are now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  readonly layout: Layout;
  readonly lock: Lock;
  readonly roads: Roads;
  readonly definitions: DocumentFolder;
  readonly statuses: DocumentFolder;
  readonly starts: StartMarks;
  readonly peers: Caller;
}

export class XenHost {
  readonly layout: Layout;
  readonly roads: Roads;
  /** Calls the drivers for networks, storage and secrets of the same root; NO_SUPPORT where there are none. */
  readonly peers: Caller;
  readonly hub = new EventHub();
  readonly domains = new ObjectList<XenDomain>();
  readonly finder = new DomainFinder(this.domains, "XEN");
  readonly #definitions: DocumentFolder;
  readonly #statuses: DocumentFolder;
  readonly #lock: Lock;
  readonly #reserved = new Reservations();
  readonly #starts: StartMarks;
  readonly #startingNow = new Set<string>();
  #looks: Looks = { look: async () => {}, stop: async () => {} };

  private constructor(parts: Parts) {
    this.layout = parts.layout;
    this.roads = parts.roads;
    this.peers = parts.peers;
    this.#lock = parts.lock;
    this.#definitions = parts.definitions;
    this.#statuses = parts.statuses;
    this.#starts = parts.starts;
  }

  /** Opens a root, made where it is missing, for this process alone: RESOURCE_BUSY says who else has it. */
  static async open(root: string, peers: Caller = noPeers): Promise<XenHost> {
    const layout = layoutOf(root);
    await makeFolder(root, 0o711, "XEN");
    const lock = await lockPart(root, "xen", { domain: "XEN" });
    let roads: Roads | undefined;
    try {
      await makeFolder(layout.base, 0o711, "XEN");
      await makeFolder(layout.configs, 0o700, "XEN");
      roads = await openRoads(layout.configs);
      const host = new XenHost({
        layout,
        lock,
        roads,
        definitions: await DocumentFolder.open(layout.definitions, "XEN"),
        statuses: await DocumentFolder.open(layout.status, "XEN"),
        starts: await StartMarks.open(layout.starts, "XEN"),
        peers,
      });
      await host.#loadAll();
      return host;
    } catch (error) {
      await roads?.close();
      await lock.release();
      throw error;
    }
  }

  /** Runs a change of which domains there are, while no other one is about the same names and UUIDs. */
  reserve<T>(names: readonly string[], uuid: Uint8Array, work: () => T | Promise<T>): Promise<T> {
    return this.#reserved.run([...names.map((name) => `name ${name}`), `uuid ${formatUuid(uuid)}`], work);
  }

  /** Makes a domain appear that is not to be taken for somebody else's meanwhile. */
  async starting<T>(uuid: Uint8Array, work: () => Promise<T>): Promise<T> {
    const key = formatUuid(uuid);
    this.#startingNow.add(key);
    try {
      return await work();
    } finally {
      this.#startingNow.delete(key);
    }
  }

  isStarting(uuid: Uint8Array): boolean {
    return this.#startingNow.has(formatUuid(uuid));
  }

  /** Gives the root what follows its domains; it ends with it. */
  followedBy(looks: Looks): void {
    this.#looks = looks;
  }

  /** Takes in how domains are now, whoever changed them. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  /** Tells those who listen what became of a domain. */
  emitLifecycle(domain: XenDomain, event: DomainEventType, detail: number): void {
    this.hub.emit("domainEventCallbackLifecycle", { dom: domain.ref, event, detail });
  }

  /** Makes a definition the domain's stored one, on the disk first. */
  async store(domain: XenDomain, definition: Definition): Promise<void> {
    await this.#definitions.save(domain.name, formatStored(definition));
    domain.persistent = definition;
  }

  /** Forgets the domain's stored definition, on the disk first. */
  async unstore(domain: XenDomain): Promise<void> {
    await this.#definitions.remove(domain.name);
    domain.persistent = null;
    domain.autostart = false;
  }

  /** Gives a domain that is off another name, on the disk first. */
  async rename(domain: XenDomain, name: string): Promise<void> {
    const definition = { ...domain.stored(), name };
    await this.#definitions.rename(domain.name, name, formatStored(definition));
    this.domains.rename(domain, () => domain.rename(name));
    domain.persistent = definition;
  }

  async setAutostart(domain: XenDomain, on: boolean): Promise<void> {
    await this.#definitions.setAutostart(domain.name, on);
    domain.autostart = on;
  }

  /** Where the managed save of a domain is, whether there is one or not. */
  managedSavePath({ name }: XenDomain): string {
    return join(this.layout.saves, `${name}.save`);
  }

  async removeManagedSave(domain: XenDomain): Promise<void> {
    await removeDurably(this.managedSavePath(domain), "XEN");
    domain.managedSave = false;
  }

  /** Whether the domain has run since the host came up: then it does not start by itself any more. */
  hasRun({ uuid }: XenDomain): boolean {
    return this.#starts.has(formatUuid(uuid));
  }

  /** Keeps what is known of a domain that this driver started, for whoever opens the root next. */
  async noteRunning(domain: XenDomain): Promise<void> {
    const { live } = domain;
    if (!live?.isOurs) return;
    await this.#statuses.save(
      domain.name,
      domainDocument.format({ ...live.definition, id: live.id }, { secure: true }),
    );
    await this.#starts.add(formatUuid(domain.uuid));
  }

  /** Forgets that the domain ran. */
  noteEnded(domain: XenDomain): Promise<void> {
    return this.#statuses.remove(domain.name);
  }

  /** The domains that this driver started, as they ran when that was noted last, by their numbers. */
  async noted(): Promise<ReadonlyMap<number, Definition>> {
    const found = new Map<number, Definition>();
    for (const { name, text } of await this.#statuses.readAll()) {
      try {
        const definition = domainDocument.parse(text) as Definition;
        if (definition.id !== undefined) found.set(definition.id, definition);
      } catch (error) {
        process.emitWarning(`status of domain '${name}': ${String(error)}`, "TsvirtWarning");
      }
    }
    return found;
  }

  /** A domain that is neither stored nor runs is gone, with all that was kept about it. */
  async forget(domain: XenDomain): Promise<void> {
    if (this.domains.byUuid(domain.uuid) === domain) this.domains.remove(domain);
    await this.#starts.remove(formatUuid(domain.uuid));
  }

  /** Gives the root back; domains that run go on running. */
  async close(): Promise<void> {
    await this.#looks.stop();
    await this.roads.close();
    await this.#lock.release();
  }

  async #loadAll(): Promise<void> {
    const documents = await this.#definitions.readAll();
    const names = new Set(documents.map(({ name }) => name));
    for (const document of documents) {
      try {
        await this.#load(document, names);
      } catch (error) {
        // It stays on the disk, untouched, for a person to mend.
        process.emitWarning(`definition of domain '${document.name}': ${String(error)}`, "TsvirtWarning");
      }
    }
  }

  async #load({ name: file, text, autostart }: StoredDocument, files: ReadonlySet<string>): Promise<void> {
    const definition = domainDocument.parse(text, { inactive: true }) as Definition;
    const { name } = definition;
    const uuid = parseUuid(definition.uuid ?? "");
    if (uuid === null) throw new LibvirtError("XML_ERROR", "XEN", `the file of domain '${file}' holds no UUID`);
    if (name !== file) {
      // A crash in the middle of a rename; a file that somebody copied is another matter.
      if (files.has(name)) throw new LibvirtError("XML_ERROR", "XEN", `the file of domain '${file}' holds '${name}'`);
      await this.#definitions.finishRename(file, name);
    }
    const same = this.domains.byUuid(uuid);
    if (same) throw new LibvirtError("XML_ERROR", "XEN", `'${file}' has the UUID of domain '${same.name}'`);
    const domain = new XenDomain(name, uuid);
    domain.persistent = definition;
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
