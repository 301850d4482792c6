/** The networks of one state root: their definitions on the disk, what runs of them, who wants events. */
import { EventHub } from "../../driver/events.ts";
import { JobQueue } from "../../driver/jobs.ts";
import { networkRef, newNetwork, type VirtualNetwork } from "../../driver/network/network.ts";
import { formatUuid, ObjectList, parseUuid } from "../../driver/object-list.ts";
import { Reservations } from "../../driver/reservations.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder, type StoredDocument } from "../../host/document-folder.ts";
import { letPass, makeFolder } from "../../host/files.ts";
import type { ProcessId } from "../../host/proc.ts";
import { bootId, StartMarks } from "../../host/start-marks.ts";
import { StatusFolder } from "../../host/status-folder.ts";
import { formatNetwork, type Network, parseNetwork } from "../../model/network/index.ts";
import type { NetworkEventLifecycleType } from "../../protocol/index.ts";
import { removeFiles } from "./dnsmasq.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { networkStatus, type Run, type Status } from "./status.ts";

const domain = "NETWORK";

/** A network with what runs of it. */
export interface HostNetwork extends VirtualNetwork {
  readonly jobs: JobQueue;
  /** Null while it does not run. */
  run: Run | null;
  /** The dnsmasq that was told to end last. */
  lastDnsmasq: ProcessId | null;
}

interface Parts {
  readonly layout: Layout;
  readonly definitions: DocumentFolder;
  readonly statuses: StatusFolder<Status>;
  readonly starts: StartMarks;
  readonly boot: string;
}

export class NetworkHost {
  readonly layout: Layout;
  readonly statuses: StatusFolder<Status>;
  readonly boot: string;
  readonly hub = new EventHub();
  readonly networks = new ObjectList<HostNetwork>();
  readonly #definitions: DocumentFolder;
  readonly #starts: StartMarks;
  readonly #reserved = new Reservations();

  private constructor({ layout, definitions, statuses, starts, boot }: Parts) {
    this.layout = layout;
    this.statuses = statuses;
    this.boot = boot;
    this.#definitions = definitions;
    this.#starts = starts;
  }

  /** Opens the networks of a root that this process has the lock of. */
  static async open(root: string): Promise<NetworkHost> {
    const layout = layoutOf(root);
    // dnsmasq reads its hosts when it has given its rights up.
    if (process.geteuid?.() === 0) await letPass(root);
    await makeFolder(layout.base, 0o711, domain);
    await makeFolder(layout.dnsmasq, 0o711, domain);
    const host = new NetworkHost({
      layout,
      definitions: await DocumentFolder.open(layout.definitions, domain),
      statuses: await StatusFolder.open(layout.status, networkStatus),
      starts: await StartMarks.open(layout.starts, domain),
      boot: await bootId(),
    });
    for (const document of await host.#definitions.readAll()) host.#load(document);
    return host;
  }

  /** Runs a change of which networks there are, while no other one is about. */
  alone<T>(work: () => T | Promise<T>): Promise<T> {
    // Names of bridges are chosen among those of all networks, so that one change at a time is what there is.
    return this.#reserved.run(["networks"], work);
  }

  /** Adds a network that is not known yet. */
  add(definition: Network, uuid: Uint8Array): HostNetwork {
    const network = Object.assign(newNetwork(definition, uuid), {
      jobs: new JobQueue(domain),
      run: null,
      lastDnsmasq: null,
    });
    this.networks.add(network);
    return network;
  }

  /** Makes a definition the network's stored one, on the disk first. */
  async store(network: HostNetwork, definition: Network): Promise<void> {
    await this.#definitions.save(network.name, formatStored(definition));
    network.config = definition;
    network.persistent = true;
  }

  /** Forgets the network's stored definition, on the disk first. */
  async unstore(network: HostNetwork): Promise<void> {
    await this.#definitions.remove(network.name);
    network.persistent = false;
    network.autostart = false;
  }

  async setAutostart(network: HostNetwork, on: boolean): Promise<void> {
    await this.#definitions.setAutostart(network.name, on);
    network.autostart = on;
  }

  /** Whether the network has run since the host came up: then it does not start by itself any more. */
  hasRun({ uuid }: HostNetwork): boolean {
    return this.#starts.has(formatUuid(uuid));
  }

  /** Keeps in mind that the network has run. */
  noteRun({ uuid }: HostNetwork): Promise<void> {
    return this.#starts.add(formatUuid(uuid));
  }

  /** A network that is neither stored nor runs is gone, with all that was kept about it. */
  async forget(network: HostNetwork): Promise<void> {
    if (this.networks.byUuid(network.uuid) === network) this.networks.remove(network);
    await this.#starts.remove(formatUuid(network.uuid));
    await removeFiles(this.layout, network.name, true);
  }

  /** Keeps what is known of a running network for whoever takes it over. */
  async noteStatus({ live, run, ports }: HostNetwork): Promise<void> {
    if (!live || !run) return;
    await this.statuses.write({ boot: this.boot, ...run, definition: live, ports: [...ports.values()] });
  }

  emit(network: HostNetwork, event: NetworkEventLifecycleType): void {
    this.hub.emit("networkEventLifecycle", { net: networkRef(network), event, detail: 0 });
  }

  /** Lets go of the root; networks that run go on running. */
  close(): Promise<void> {
    return this.statuses.settled();
  }

  /** A definition that cannot be read stays on the disk, for a person to mend. */
  #load({ name: file, text, autostart }: StoredDocument): void {
    try {
      const definition = parseNetwork(text, { inactive: true });
      const uuid = parseUuid(definition.uuid ?? "");
      if (uuid === null || definition.name !== file || this.networks.byUuid(uuid)) {
        throw new LibvirtError("XML_ERROR", domain, "its name or UUID is not its own");
      }
      Object.assign(this.add(definition, uuid), { persistent: true, autostart });
    } catch (error) {
      process.emitWarning(`definition of network '${file}' is left alone: ${String(error)}`, "TsvirtWarning");
    }
  }
}

function formatStored(definition: Network): string {
  return formatNetwork(definition, { inactive: true });
}
