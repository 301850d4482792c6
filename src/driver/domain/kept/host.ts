/** The domains of one root, with their definitions on the disk and those who want to hear of them. */
import { join } from "node:path";
import { type ErrorDomainName, LibvirtError } from "../../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../../host/document-folder.ts";
import { removeDurably } from "../../../host/durable.ts";
import { exists, makeFolder } from "../../../host/files.ts";
import type { Lock } from "../../../host/lock.ts";
import { StartMarks } from "../../../host/start-marks.ts";
import { type Domain as Definition, domainDocument } from "../../../model/domain/index.ts";
import { type DomainEventType, type ProcedureName, procedures } from "../../../protocol/index.ts";
import { errorDomains } from "../../error-domains.ts";
import { EventHub } from "../../events.ts";
import { formatUuid, type NamedObject, ObjectList, parseUuid } from "../../object-list.ts";
import { Reservations } from "../../reservations.ts";
import type { Caller } from "../../session.ts";
import type { KeptDomain } from "./domain.ts";
import { DomainFinder } from "./finder.ts";

/** Where the domains of a root are kept. */
export interface DomainPaths {
  /** Definitions of persistent domains, and which of them start by themselves. */
  readonly definitions: string;
  /** Managed save images. */
  readonly saves: string;
  /** Which domains have run since the host came up. */
  readonly starts: string;
}

/** What keeps the domains of a root. */
export interface DomainStore {
  readonly definitions: DocumentFolder;
  readonly starts: StartMarks;
  /** The folder of managed saves. */
  readonly saves: string;
}

/** Opens the folders that domains are kept in, made where they are missing. */
export async function openDomainStore(paths: DomainPaths, from: ErrorDomainName): Promise<DomainStore> {
  const definitions = await DocumentFolder.open(paths.definitions, from);
  return { definitions, starts: await StartMarks.open(paths.starts, from), saves: paths.saves };
}

export interface DomainHostParts {
  /** The driver, as its errors name it. */
  readonly from: ErrorDomainName;
  /** Keeps other processes from the root; released with it. */
  readonly lock: Lock;
  readonly store: DomainStore;
  /** The drivers for networks, storage and secrets of the same root. */
  readonly peers: Caller;
}

/** A driver's host extends this by what it needs to run its guests. */
export abstract class DomainHost<D extends KeptDomain> {
  readonly from: ErrorDomainName;
  /** Calls the drivers for networks, storage and secrets of the same root; NO_SUPPORT where there are none. */
  readonly peers: Caller;
  readonly hub = new EventHub();
  readonly domains = new ObjectList<D>();
  readonly finder: DomainFinder<D>;
  readonly #lock: Lock;
  readonly #store: DomainStore;
  readonly #reserved = new Reservations();

  protected constructor({ from, lock, store, peers }: DomainHostParts) {
    this.from = from;
    this.peers = peers;
    this.#lock = lock;
    this.#store = store;
    this.finder = new DomainFinder(this.domains, { from, look: () => this.look() });
  }

  /** A domain that is not known yet, which is off and has no definition. */
  abstract newDomain(name: string, uuid: Uint8Array): D;

  /** Keeps what is known of a running domain for whoever opens the root next. */
  abstract noteStatus(domain: D): void | Promise<void>;

  /** Takes in how domains are now, where others than this driver change them too. */
  look(): Promise<void> | undefined {
    return undefined;
  }

  /** What a domain has beside its definition that goes by its name, before it is renamed. */
  protected async renameFiles(_domain: D, _name: string): Promise<void> {}

  /** Runs a change of which domains there are, while no other one is about the same names and UUIDs. */
  reserve<R>(names: readonly string[], uuid: Uint8Array, work: () => R | Promise<R>): Promise<R> {
    return this.#reserved.run([...names.map((name) => `name ${name}`), `uuid ${formatUuid(uuid)}`], work);
  }

  /**
   * Changes the domain that a definition is about, a new one if there is none yet, when it is its turn. Meanwhile nobody
   * makes another one of that name or UUID.
   */
  async adopt<R>(
    { name, uuid }: NamedObject,
    procedure: ProcedureName,
    work: (domain: D) => R | Promise<R>,
    signal?: AbortSignal,
  ): Promise<R> {
    await this.look();
    return this.reserve([name], uuid, () => {
      const known = this.domains.counterpart({ name, uuid }, { what: "domain", domain: this.from });
      const domain = known ?? this.newDomain(name, uuid);
      return domain.jobs.run(procedure, () => work(domain), signal);
    });
  }

  /** Tells those who listen what became of a domain. */
  emitLifecycle(domain: D, event: DomainEventType, detail: number): void {
    this.hub.emit("domainEventCallbackLifecycle", { dom: domain.ref, event, detail });
  }

  /** Makes a definition the domain's stored one, on the disk first. */
  async store(domain: D, definition: Definition): Promise<void> {
    await this.#store.definitions.save(domain.name, formatStored(definition));
    domain.persistent = definition;
  }

  /** Forgets the domain's stored definition, on the disk first. */
  async unstore(domain: D): Promise<void> {
    await this.#store.definitions.remove(domain.name);
    domain.persistent = null;
    domain.autostart = false;
  }

  /** Gives a domain that is off another name, on the disk first. */
  async rename(domain: D, name: string): Promise<void> {
    const definition = { ...domain.stored(), name };
    await this.#store.definitions.rename(domain.name, name, formatStored(definition));
    await this.renameFiles(domain, name);
    this.domains.rename(domain, () => domain.rename(name));
    domain.persistent = definition;
  }

  async setAutostart(domain: D, on: boolean): Promise<void> {
    await this.#store.definitions.setAutostart(domain.name, on);
    domain.autostart = on;
  }

  /** Where the managed save of a domain is, whether there is one or not. */
  managedSavePath({ name }: D): string {
    return join(this.#store.saves, `${name}.save`);
  }

  /** Where the managed save of a domain can be written. */
  async placeForManagedSave(domain: D): Promise<string> {
    await makeFolder(this.#store.saves, 0o700, this.from);
    return this.managedSavePath(domain);
  }

  async removeManagedSave(domain: D): Promise<void> {
    await removeDurably(this.managedSavePath(domain), this.from);
    domain.managedSave = false;
  }

  /** Whether the domain has run since the host came up: then it does not start by itself any more. */
  hasRun({ uuid }: D): boolean {
    return this.#store.starts.has(formatUuid(uuid));
  }

  /** Keeps in mind that the domain has run. */
  async noteRun({ uuid }: D): Promise<void> {
    await this.#store.starts.add(formatUuid(uuid));
  }

  /** A domain that is neither stored nor runs is gone, with all that was kept about it. */
  async forget(domain: D): Promise<void> {
    if (this.domains.byUuid(domain.uuid) === domain) this.domains.remove(domain);
    await this.#store.starts.remove(formatUuid(domain.uuid));
  }

  /** Gives the root back; domains that run go on running. */
  async close(): Promise<void> {
    await this.#lock.release();
  }

  /** Takes in the definitions that are on the disk. */
  protected async load(): Promise<void> {
    const documents = await this.#store.definitions.readAll();
    const names = new Set(documents.map(({ name }) => name));
    for (const document of documents) {
      try {
        await this.#loadOne(document, names);
      } catch (error) {
        // It stays on the disk, untouched, for a person to mend, and keeps nobody from the others.
        process.emitWarning(`definition of domain '${document.name}': ${String(error)}`, "TsvirtWarning");
      }
    }
  }

  async #loadOne({ name: file, text, autostart }: StoredDocument, files: ReadonlySet<string>): Promise<void> {
    const wrong = (detail: string) => new LibvirtError("XML_ERROR", this.from, detail);
    const definition = domainDocument.parse(text, { inactive: true }) as Definition;
    const { name } = definition;
    const uuid = parseUuid(definition.uuid ?? "");
    if (uuid === null) throw wrong(`the file of domain '${file}' holds no UUID`);
    if (name !== file) {
      // A crash in the middle of a rename; a file that somebody copied is another matter.
      if (files.has(name)) throw wrong(`the file of domain '${file}' holds '${name}'`);
      await this.#store.definitions.finishRename(file, name);
    }
    const same = this.domains.byUuid(uuid);
    if (same) throw wrong(`'${file}' has the UUID of domain '${same.name}'`);
    const domain = this.newDomain(name, uuid);
    domain.persistent = definition;
    domain.autostart = autostart;
    domain.managedSave = await exists(this.managedSavePath(domain));
    this.domains.add(domain);
  }
}

/** For roots that have no drivers beside the hypervisor's. */
export const noPeers: Caller = (name) => {
  const { family, cFunction } = procedures[name];
  throw new LibvirtError("NO_SUPPORT", errorDomains[family], cFunction);
};

function formatStored(definition: Definition): string {
  return domainDocument.format(definition, { inactive: true, secure: true });
}
