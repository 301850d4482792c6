/** Filters at work on ports: `nwfilter-binding/PORT.xml` below the state root, and rules on the host. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder } from "../../host/document-folder.ts";
import {
  type FindFilter,
  type FirewallPlan,
  filtersOf,
  planFirewall,
  unresolvedVariables,
  valuesOf,
} from "../../model/nwfilter/firewall/index.ts";
import { type FilterBinding, formatFilterBinding, parseFilterBinding } from "../../model/nwfilter/index.ts";
import { clearRules, setRules } from "./firewall.ts";
import { checkPort } from "./restore.ts";

const domain = "NWFILTER";

export class Bindings {
  readonly #documents: DocumentFolder;
  readonly #find: FindFilter;
  readonly #bound = new Map<string, FilterBinding>();

  private constructor(documents: DocumentFolder, find: FindFilter) {
    this.#documents = documents;
    this.#find = find;
  }

  /** Opens the bindings of a root, and puts them to work again; those whose port has gone are forgotten. */
  static async open(root: string, find: FindFilter): Promise<Bindings> {
    const bindings = new Bindings(await DocumentFolder.open(join(root, "nwfilter-binding"), domain), find);
    for (const { name, text } of await bindings.#documents.readAll()) {
      try {
        await bindings.#resume(name, parseFilterBinding(text));
      } catch (error) {
        process.emitWarning(`network filter of '${name}': ${String(error)}`, "TsvirtWarning");
      }
    }
    return bindings;
  }

  async #resume(port: string, binding: FilterBinding): Promise<void> {
    checkPort(port);
    if (!existsSync(`/sys/class/net/${port}`)) {
      await clearRules(port).catch(() => {});
      return this.#documents.remove(port);
    }
    this.#bound.set(port, binding);
    await setRules(port, this.#plan(binding), this.#plan(binding));
  }

  get all(): readonly FilterBinding[] {
    return [...this.#bound.values()];
  }

  /** @throws LibvirtError NO_NWFILTER_BINDING */
  byPort(port: string): FilterBinding {
    const binding = this.#bound.get(port);
    if (binding) return binding;
    throw new LibvirtError("NO_NWFILTER_BINDING", domain, `no nwfilter binding for port dev '${port}'`);
  }

  /** The ports at which a filter is at work, by itself or by one that refers to it. */
  portsWith(filter: string): string[] {
    const uses = ({ filterref }: FilterBinding) => filtersOf(filterref.filter, this.#find).has(filter);
    return [...this.#bound].filter(([, binding]) => uses(binding)).map(([port]) => port);
  }

  /** Puts a filter to work on a port. */
  async create(given: FilterBinding): Promise<FilterBinding> {
    const port = given.portdev.name;
    checkPort(port);
    if (this.#bound.has(port)) throw new LibvirtError("OPERATION_FAILED", domain, `binding '${port}' already exists`);
    const binding = withMac(given);
    const plan = this.#plan(binding);
    // A crash in between leaves rules that the next start makes again, not ones that nobody knows of.
    await this.#documents.save(port, formatFilterBinding(binding));
    try {
      await setRules(port, plan);
    } catch (error) {
      await this.#documents.remove(port);
      throw error;
    }
    this.#bound.set(port, binding);
    return binding;
  }

  async delete(port: string): Promise<void> {
    this.byPort(port);
    await clearRules(port);
    await this.#documents.remove(port);
    this.#bound.delete(port);
  }

  /**
   * Does what changes a filter, and has it at work on the ports that use it; when that fails nothing has changed.
   * @param undo takes the change back
   */
  async changed(ports: readonly string[], change: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
    const before = new Map(ports.map((port) => [port, this.#plan(this.byPort(port))]));
    await change();
    const done: string[] = [];
    try {
      for (const [port, plan] of before) {
        await setRules(port, this.#plan(this.byPort(port)), plan);
        done.push(port);
      }
    } catch (error) {
      await undo();
      for (const port of done) await setRules(port, before.get(port) as FirewallPlan).catch(() => {});
      throw error;
    }
  }

  #plan({ filterref }: FilterBinding): FirewallPlan {
    const filter = this.#find(filterref.filter);
    if (!filter) throw new LibvirtError("INTERNAL_ERROR", domain, `referenced filter '${filterref.filter}' is missing`);
    const variables = valuesOf(filterref.parameters);
    // libvirt watches the guest until it knows; nobody does so here.
    if (unresolvedVariables(filter, this.#find, variables).includes("IP")) {
      const text = `filter '${filter.name}' needs the address of the guest, which is not found out here: say it, <parameter name='IP' value='...'/>`;
      throw new LibvirtError("OPERATION_UNSUPPORTED", domain, text);
    }
    return planFirewall(filter, this.#find, variables);
  }
}

/** What every filter may ask for: the address of the card. */
function withMac(binding: FilterBinding): FilterBinding {
  const { filterref, mac } = binding;
  const parameters = filterref.parameters.filter(({ name }) => name !== "MAC");
  const named = [...parameters, { name: "MAC", value: mac.address }];
  const key = ({ name = "" }: (typeof named)[number]): string => name;
  named.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return { ...binding, filterref: { ...filterref, parameters: named } };
}
