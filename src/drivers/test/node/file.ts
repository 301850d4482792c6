/** Nodes described by a file: `test:///path/to/node.xml`. Its parts stand in it, or in files of their own. */
import { dirname, resolve } from "node:path";
import type { OpenOptions } from "../../../driver/module.ts";
import { LibvirtError } from "../../../errors.ts";
import { readBounded } from "../../../host/files.ts";
import { DomainPausedReason, DomainRunningReason, DomainState } from "../../../protocol/index.ts";
import {
  attr,
  child,
  content,
  type Document,
  document,
  flag,
  formatMarkup,
  leaf,
  many,
  text,
  toMarkup,
  uint,
  ulong,
  type XmlElement,
} from "../../../xml/index.ts";
import { defineDomain } from "../domain/define.ts";
import { setState, start } from "../domain/state.ts";
import { defineNetwork } from "../network/networks.ts";
import { TestNode } from "../state.ts";
import { definePool, type TestPool } from "../storage/pools.ts";
import { createVolume } from "../storage/volumes.ts";
import { authenticate } from "./auth.ts";
import { addNodeDevice } from "./devices.ts";
import { defineInterface } from "./interfaces.ts";
import { defaultSettings, type NodeSettings } from "./settings.ts";

/** The largest file that is read, in bytes. */
const maxFileSize = 4 * 1024 * 1024;

const testNamespace = { test: "http://libvirt.org/schemas/domain/test/1.0" };

const nodeSettings = {
  cpu: child({
    mhz: leaf(uint()),
    model: leaf(text),
    /** Processors that are on line. */
    active: leaf(uint()),
    nodes: leaf(uint()),
    sockets: leaf(uint()),
    cores: leaf(uint()),
    threads: leaf(uint()),
  }),
  /** KiB. */
  memory: leaf(ulong),
  /** Who may open the node; everybody when nobody is named. */
  auth: child({ users: many({ name: content(text), password: attr(text) }).named("user") }),
};
const nodeDocument = document("node", nodeSettings, {}, { from: "TEST", embedded: testNamespace });
type NodeValues = typeof nodeDocument extends Document<infer T> ? T : never;

/** How a domain of the file is found, beyond its definition. */
const domainStart = document(
  "domain",
  {
    transient: flag().named("test:transient"),
    managedSave: flag().named("test:hasmanagedsave"),
    runState: leaf(uint(DomainState.PMSUSPENDED)).named("test:runstate"),
  },
  {},
  { from: "TEST", embedded: testNamespace },
);

/** Reads a node's file, and makes the node that it describes. */
export async function loadNode(path: string, options: OpenOptions): Promise<TestNode> {
  const source = await readBounded(path, maxFileSize, "TEST");
  if (source === null) throw new LibvirtError("XML_ERROR", "TEST", `failed to parse xml document '${path}'`);
  const root = nodeDocument.tree(source);
  const { value } = nodeDocument.readTree(root);
  await authenticate(value.auth?.users ?? [], options);
  const node = new TestNode(settingsOf(value), []);
  const loader = new Loader(node, dirname(path));
  for (const element of root.elements()) await loader.add(element);
  return node;
}

function settingsOf({ cpu, memory }: NodeValues): NodeSettings {
  const { nodes = 1, sockets = 1, cores = 1, threads = 1 } = cpu ?? {};
  return {
    model: cpu?.model ?? defaultSettings.model,
    memory: memory ?? defaultSettings.memory,
    cpus: cpu?.active ?? nodes * sockets * cores * threads,
    mhz: cpu?.mhz ?? defaultSettings.mhz,
    nodes,
    sockets,
    cores,
    threads,
  };
}

/** An element of the file, or of the file that it names. */
interface Part {
  readonly element: XmlElement;
  readonly xml: string;
}

class Loader {
  readonly #node: TestNode;
  readonly #folder: string;

  constructor(node: TestNode, folder: string) {
    this.#node = node;
    this.#folder = folder;
  }

  /** Adds what an element of `<node>` describes; elements that are none of this are settings. */
  async add(element: XmlElement): Promise<void> {
    switch (element.name) {
      case "domain":
        return this.#addDomain(await this.#part(element));
      case "network": {
        const network = defineNetwork(this.#node, (await this.#part(element)).xml);
        network.live = network.config;
        return;
      }
      case "interface":
        defineInterface(this.#node, (await this.#part(element)).xml).active = true;
        return;
      case "device":
        addNodeDevice(this.#node, (await this.#part(element)).xml);
        return;
      case "pool":
        return this.#addPool(element);
    }
  }

  async #part(element: XmlElement): Promise<Part> {
    const name = element.attribute("file");
    if (name === undefined) return { element, xml: formatMarkup(toMarkup(element)) };
    const path = resolve(this.#folder, name);
    const xml = await readBounded(path, maxFileSize, "TEST");
    if (xml === null) throw new LibvirtError("XML_ERROR", "TEST", `failed to parse xml document '${path}'`);
    return { element: domainStart.tree(xml), xml };
  }

  #addDomain({ element, xml }: Part): void {
    const { transient, managedSave, runState } = domainStart.readTree(element).value;
    const state = (runState ?? DomainState.RUNNING) as DomainState;
    const domain = defineDomain(this.#node, xml);
    domain.persistent = !transient;
    if (managedSave) domain.managedSave = { definition: domain.config, paused: false };
    if (state === DomainState.SHUTOFF) return;
    if (managedSave || (state !== DomainState.RUNNING && state !== DomainState.PAUSED)) throw impossible(domain.name);
    start(this.#node, domain, DomainRunningReason.UNKNOWN);
    if (state === DomainState.PAUSED) setState(domain, state, DomainPausedReason.UNKNOWN);
  }

  async #addPool(element: XmlElement): Promise<void> {
    const pool = definePool(this.#node, (await this.#part(element)).xml);
    pool.active = true;
    for (const volume of element.elements()) if (volume.name === "volume") await this.#addVolume(pool, volume);
  }

  async #addVolume(pool: TestPool, element: XmlElement): Promise<void> {
    createVolume(this.#node, pool, (await this.#part(element)).xml);
  }
}

function impossible(name: string): LibvirtError {
  return new LibvirtError("XML_ERROR", "TEST", `domain '${name}' cannot be found in the state that its file says`);
}
