/** The state of one root: its domains, their definitions on disk, what is known of the emulators, who wants events. */
import { join } from "node:path";
import { EventHub } from "../../driver/events.ts";
import { formatUuid, ObjectList, parseUuid } from "../../driver/object-list.ts";
import { Reservations } from "../../driver/reservations.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../host/document-folder.ts";
import { exists, makeFolder, removeDurably } from "../../host/files.ts";
import { type Lock, lockFolder } from "../../host/lock.ts";
import { type Domain as Definition, domainDocument } from "../../model/domain/index.ts";
import type { DomainEventType } from "../../protocol/index.ts";
import { CapabilitiesCache } from "./capabilities/cache.ts";
import { findEmulator } from "./capabilities/emulators.ts";
import { QemuDomain } from "./domain/domain.ts";
import { type Layout, layoutOf } from "./state/layout.ts";

/** A stored definition that cannot be read any more: it stays on the disk, untouched, for a person to mend. */
export interface UnreadableDefinition {
  readonly name: string;
  readonly error: unknown;
}

export class QemuHost {
  readonly layout: Layout;
  readonly hub = new EventHub();
  readonly domains = new ObjectList<QemuDomain>();
  readonly capabilities: CapabilitiesCache;
  readonly unreadable: UnreadableDefinition[] = [];
  readonly #definitions: DocumentFolder;
  readonly #lock: Lock;
  readonly #reserved = new Reservations();
  readonly #emulators = new Map<string, string>();
  #lastId = 0;

  private constructor(layout: Layout, lock: Lock, definitions: DocumentFolder) {
    this.layout = layout;
    this.#lock = lock;
    this.#definitions = definitions;
    this.capabilities = new CapabilitiesCache(layout.capabilities);
  }

  /** Opens a root, made where it is missing, for this process alone: RESOURCE_BUSY says who else has it. */
  static async open(root: string): Promise<QemuHost> {
    const layout = layoutOf(root);
    await makeFolder(root, 0o711, "QEMU");
    const lock = await lockFolder(root, { domain: "QEMU" });
    try {
      const definitions = await DocumentFolder.open(layout.definitions, "QEMU");
      const host = new QemuHost(layout, lock, definitions);
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
    await this.#definitions.rename(domain.name, name, formatStored(definition));
    this.domains.rename(domain, () => domain.rename(name));
    domain.persistent = definition;
  }

  /** Where the managed save of a domain is, whether there is one or not. */
  managedSavePath({ name }: QemuDomain): string {
    return join(this.layout.saves, `${name}.save`);
  }

  async removeManagedSave(domain: QemuDomain): Promise<void> {
    await removeDurably(this.managedSavePath(domain), "QEMU");
    domain.managedSave = false;
  }

  async setAutostart(domain: QemuDomain, on: boolean): Promise<void> {
    await this.#definitions.setAutostart(domain.name, on);
    domain.autostart = on;
  }

  /** Gives the root back; domains that run go on running. */
  close(): Promise<void> {
    return this.#lock.release();
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

function formatStored(definition: Definition): string {
  return domainDocument.format(definition, { inactive: true, secure: true });
}

interface Shared {
  readonly host: Promise<QemuHost>;
  users: number;
  /** Set while the last user leaves: who comes then waits and opens anew. */
  closing?: Promise<void>;
}

const hosts = new Map<string, Shared>();

/** A root as one connection uses it. */
export interface SharedHost {
  readonly host: QemuHost;
  /** Ends this use; the last one closes the root. */
  release(): Promise<void>;
}

/** Opens a root, or joins those in this process who have it open. */
export async function shareHost(root: string): Promise<SharedHost> {
  await hosts.get(root)?.closing;
  const shared = hosts.get(root) ?? { host: QemuHost.open(root), users: 0 };
  hosts.set(root, shared);
  shared.users++;
  try {
    const host = await shared.host;
    return { host, release: () => leave(root, shared, host) };
  } catch (error) {
    if (hosts.get(root) === shared) hosts.delete(root);
    throw error;
  }
}

async function leave(root: string, shared: Shared, host: QemuHost): Promise<void> {
  if (--shared.users > 0) return;
  shared.closing = host.close().finally(() => hosts.delete(root));
  await shared.closing;
}
