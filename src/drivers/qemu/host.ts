/** The state of one root: its domains, their definitions on disk, what is known of the emulators, who wants events. */
import { EventHub } from "../../driver/events.ts";
import { ObjectList, parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../host/document-folder.ts";
import { makeFolder } from "../../host/files.ts";
import { type Lock, lockFolder } from "../../host/lock.ts";
import { type Domain as Definition, domainDocument } from "../../model/domain/index.ts";
import { CapabilitiesCache } from "./capabilities/cache.ts";
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
      for (const document of await definitions.readAll()) host.#load(document);
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

  /** Makes a definition the domain's stored one, on the disk first. */
  async store(domain: QemuDomain, definition: Definition): Promise<void> {
    await this.#definitions.save(domain.name, domainDocument.format(definition, { inactive: true, secure: true }));
    domain.persistent = definition;
  }

  /** Forgets the domain's stored definition, on the disk first. */
  async unstore(domain: QemuDomain): Promise<void> {
    await this.#definitions.remove(domain.name);
    domain.persistent = null;
    domain.autostart = false;
  }

  async setAutostart(domain: QemuDomain, on: boolean): Promise<void> {
    await this.#definitions.setAutostart(domain.name, on);
    domain.autostart = on;
  }

  /** Gives the root back; domains that run go on running. */
  close(): Promise<void> {
    return this.#lock.release();
  }

  #load({ name, text, autostart }: StoredDocument): void {
    try {
      const definition = domainDocument.parse(text, { inactive: true });
      const uuid = parseUuid(definition.uuid ?? "");
      if (definition.name !== name || uuid === null) {
        throw new LibvirtError("XML_ERROR", "QEMU", `the file of domain '${name}' holds '${definition.name}'`);
      }
      const domain = new QemuDomain(name, uuid);
      domain.persistent = definition as Definition;
      domain.autostart = autostart;
      this.domains.add(domain);
    } catch (error) {
      this.unreadable.push({ name, error });
    }
  }
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
