/** Filters on disk: `nwfilter/NAME.xml` below the state root, as libvirt keeps them. */
import { join } from "node:path";
import { JobQueue } from "../../driver/jobs.ts";
import { ObjectList, parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import { DocumentFolder } from "../../host/document-folder.ts";
import { type Filter, formatFilter, parseFilter } from "../../model/nwfilter/index.ts";

export interface KeptFilter {
  readonly name: string;
  readonly uuid: Uint8Array;
  readonly definition: Filter;
}

export class FilterFolder {
  readonly filters = new ObjectList<KeptFilter>();
  /** One change of the filters at a time. */
  readonly jobs = new JobQueue("NWFILTER");
  readonly #documents: DocumentFolder;

  private constructor(documents: DocumentFolder) {
    this.#documents = documents;
  }

  /** Opens the filters of a root; one that cannot be read is left as it is. */
  static async open(root: string): Promise<FilterFolder> {
    const folder = new FilterFolder(await DocumentFolder.open(join(root, "nwfilter"), "NWFILTER"));
    for (const { name, text } of await folder.#documents.readAll()) {
      try {
        folder.filters.add(load(name, text));
      } catch (error) {
        process.emitWarning(`network filter '${name}': ${String(error)}`, "TsvirtWarning");
      }
    }
    return folder;
  }

  async keep(filter: KeptFilter): Promise<void> {
    await this.#documents.save(filter.name, formatFilter(filter.definition));
    this.filters.add(filter);
  }

  async forget(filter: KeptFilter): Promise<void> {
    await this.#documents.remove(filter.name);
    this.filters.remove(filter);
  }
}

function load(name: string, text: string): KeptFilter {
  const definition = parseFilter(text);
  const uuid = parseUuid(definition.uuid ?? "");
  if (uuid === null || definition.name !== name) {
    throw new LibvirtError("XML_ERROR", "NWFILTER", `the file holds the filter '${definition.name}'`);
  }
  return { name, uuid, definition };
}
