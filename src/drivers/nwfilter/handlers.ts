/** What is asked of network filters. */
import { randomBytes } from "node:crypto";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { listed, nwfilterListTwins } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import {
  type FilterBinding,
  formatFilter,
  formatFilterBinding,
  parseFilter,
  parseFilterBinding,
} from "../../model/nwfilter/index.ts";
import {
  type NWFilter,
  type NWFilterBinding,
  NWFilterBindingCreateFlags,
  NWFilterDefineFlags,
} from "../../protocol/index.ts";
import type { Bindings } from "./bindings.ts";
import type { FilterFolder, KeptFilter } from "./folder.ts";

type FilterProcedures =
  | "connectListAllNwfilters"
  | "nwfilterLookupByName"
  | "nwfilterLookupByUuid"
  | "nwfilterGetXmlDesc"
  | "nwfilterDefineXml"
  | "nwfilterDefineXmlFlags"
  | "nwfilterUndefine"
  | "connectListAllNwfilterBindings"
  | "nwfilterBindingLookupByPortDev"
  | "nwfilterBindingGetXmlDesc"
  | "nwfilterBindingCreateXml"
  | "nwfilterBindingDelete";

function filterRef({ name, uuid }: KeptFilter): NWFilter {
  return { name, uuid };
}

function noFilter(how: string): LibvirtError {
  return new LibvirtError("NO_NWFILTER", "NWFILTER", `no nwfilter with matching ${how}`);
}

function find({ filters }: FilterFolder, { uuid }: Pick<NWFilter, "uuid">): KeptFilter {
  const filter = filters.byUuid(uuid);
  if (!filter) throw noFilter(`uuid '${formatUuid(uuid)}'`);
  return filter;
}

/** A filter that leads to itself through others would never end. Those that are not there yet lead nowhere. */
function refuseLoop({ filters }: FilterFolder, { name, definition }: KeptFilter): void {
  const seen = new Set<string>();
  const open = [definition];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const entry of next.entries) {
      if (entry.element !== "filterref" || seen.has(entry.filter)) continue;
      if (entry.filter === name)
        throw new LibvirtError("OPERATION_FAILED", "NWFILTER", "filter would introduce a loop");
      seen.add(entry.filter);
      const referred = filters.byName(entry.filter);
      if (referred) open.push(referred.definition);
    }
  }
}

async function define(folder: FilterFolder, bindings: Bindings, xml: string, flags: number): Promise<KeptFilter> {
  const given = parseFilter(xml, { strict: (flags & NWFilterDefineFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const filter: KeptFilter = { name: given.name, uuid, definition: { ...given, uuid: formatUuid(uuid) } };
  const old = folder.filters.counterpart(filter, { what: "filter", domain: "NWFILTER" });
  refuseLoop(folder, filter);
  await bindings.changed(
    bindings.portsWith(filter.name),
    () => folder.keep(filter),
    () => (old ? folder.keep(old) : folder.forget(filter)),
  );
  return filter;
}

const bindingRef = ({ portdev, filterref }: FilterBinding): NWFilterBinding => ({
  portdev: portdev.name,
  filtername: filterref.filter,
});

async function undefine(folder: FilterFolder, bindings: Bindings, nwfilter: NWFilter): Promise<void> {
  const filter = find(folder, nwfilter);
  if (bindings.portsWith(filter.name).length > 0) {
    throw new LibvirtError("OPERATION_INVALID", "NWFILTER", "nwfilter is in use");
  }
  await folder.forget(filter);
}

export function filterHandlers(folder: FilterFolder, bindings: Bindings) {
  const defined = (xml: string, flags: number) =>
    folder.jobs.run("nwfilterDefineXml", async () => ({
      nwfilter: filterRef(await define(folder, bindings, xml, flags)),
    }));
  const handlers: Handlers<FilterProcedures> = {
    connectListAllNwfilters({ needResults, flags }) {
      checkFlags(flags, 0, "connectListAllNwfilters", "NWFILTER");
      const { items, ret } = listed([...folder.filters].map(filterRef), needResults);
      return { filters: items, ret };
    },
    nwfilterLookupByName({ name }) {
      const filter = folder.filters.byName(name);
      if (!filter) throw noFilter(`name '${name}'`);
      return { nwfilter: filterRef(filter) };
    },
    nwfilterLookupByUuid: ({ uuid }) => ({ nwfilter: filterRef(find(folder, { uuid })) }),
    nwfilterGetXmlDesc({ nwfilter, flags }) {
      checkFlags(flags, 0, "nwfilterGetXmlDesc", "NWFILTER");
      return { xml: formatFilter(find(folder, nwfilter).definition) };
    },
    nwfilterDefineXml: ({ xml }) => defined(xml, 0),
    nwfilterDefineXmlFlags({ xml, flags }) {
      checkFlags(flags, NWFilterDefineFlags.VALIDATE, "nwfilterDefineXmlFlags", "NWFILTER");
      return defined(xml, flags);
    },
    nwfilterUndefine: ({ nwfilter }) => folder.jobs.run("nwfilterUndefine", () => undefine(folder, bindings, nwfilter)),
    connectListAllNwfilterBindings({ needResults, flags }) {
      checkFlags(flags, 0, "connectListAllNwfilterBindings", "NWFILTER");
      const { items, ret } = listed(bindings.all.map(bindingRef), needResults);
      return { bindings: items, ret };
    },
    nwfilterBindingLookupByPortDev: ({ name }) => ({ nwfilter: bindingRef(bindings.byPort(name)) }),
    nwfilterBindingGetXmlDesc({ nwfilter: { portdev }, flags }) {
      checkFlags(flags, 0, "nwfilterBindingGetXmlDesc", "NWFILTER");
      return { xml: formatFilterBinding(bindings.byPort(portdev)) };
    },
    nwfilterBindingCreateXml({ xml, flags }) {
      checkFlags(flags, NWFilterBindingCreateFlags.VALIDATE, "nwfilterBindingCreateXml", "NWFILTER");
      const strict = (flags & NWFilterBindingCreateFlags.VALIDATE) !== 0;
      const given = parseFilterBinding(xml, { strict });
      return folder.jobs.run("nwfilterBindingCreateXml", async () => ({
        nwfilter: bindingRef(await bindings.create(given)),
      }));
    },
    nwfilterBindingDelete: ({ nwfilter: { portdev } }) =>
      folder.jobs.run("nwfilterBindingDelete", () => bindings.delete(portdev)),
  };
  return { ...nwfilterListTwins(handlers.connectListAllNwfilters), ...handlers };
}
