/** The state of one root: its domains, their definitions on disk, the roads to Xen, who wants events. */
import { DomainHost, type DomainHostParts, noPeers, openDomainStore } from "../../driver/domain/kept/host.ts";
import { formatUuid } from "../../driver/object-list.ts";
import type { Caller } from "../../driver/session.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder } from "../../host/document-folder.ts";
import { makeFolder } from "../../host/files.ts";
import { lockPart } from "../../host/lock.ts";
import { type Domain as Definition, domainDocument } from "../../model/domain/index.ts";
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

interface Parts extends DomainHostParts {
  readonly layout: Layout;
  readonly roads: Roads;
  readonly statuses: DocumentFolder;
}

export class XenHost extends DomainHost<XenDomain> {
  readonly layout: Layout;
  readonly roads: Roads;
  readonly #statuses: DocumentFolder;
  readonly #startingNow = new Set<string>();
  #looks: Looks = { look: async () => {}, stop: async () => {} };

  private constructor(parts: Parts) {
    super(parts);
    this.layout = parts.layout;
    this.roads = parts.roads;
    this.#statuses = parts.statuses;
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
        from: "XEN",
        layout,
        lock,
        roads,
        store: await openDomainStore(layout, "XEN"),
        statuses: await DocumentFolder.open(layout.status, "XEN"),
        peers,
      });
      await host.load();
      return host;
    } catch (error) {
      await roads?.close();
      await lock.release();
      throw error;
    }
  }

  override newDomain(name: string, uuid: Uint8Array): XenDomain {
    return new XenDomain(name, uuid);
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

  override store(domain: XenDomain, definition: Definition): Promise<void> {
    if (!domain.isHost) return super.store(domain, definition);
    const detail = "this is the host itself (Domain-0): it has no definition";
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
  }

  override look(): Promise<void> {
    return this.#looks.look();
  }

  /** Of a domain that this driver started: the others have their own keepers. */
  override async noteStatus(domain: XenDomain): Promise<void> {
    const { live } = domain;
    if (!live?.isOurs) return;
    await this.#statuses.save(
      domain.name,
      domainDocument.format({ ...live.definition, id: live.id }, { secure: true }),
    );
    await this.noteRun(domain);
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

  override async close(): Promise<void> {
    await this.#looks.stop();
    await this.roads.close();
    await super.close();
  }
}
