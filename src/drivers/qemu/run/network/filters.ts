/** Network filters at work on the host's ends of a guest's cards. */
import type { Caller } from "../../../../driver/session.ts";
import { isLibvirtError } from "../../../../errors.ts";
import type { Domain as Definition, Interface } from "../../../../model/domain/index.ts";
import { formatFilterBinding } from "../../../../model/nwfilter/index.ts";

type Owner = Pick<Definition, "name" | "uuid" | "devices">;

/**
 * Puts the filters of cards to work, all or none; the cards have their devices on the host.
 * @param again some may be at work already: of a guest that ran on while nobody looked after it
 */
export async function bindFilters(peers: Caller, owner: Owner, again = false): Promise<void> {
  const bound: Interface[] = [];
  try {
    for (const card of owner.devices.interfaces) {
      const xml = bindingOf(card, owner);
      if (xml === undefined) continue;
      if (again && (await isBound(peers, card))) continue;
      await peers("nwfilterBindingCreateXml", { xml, flags: 0 });
      bound.push(card);
    }
  } catch (error) {
    await unbindFilters(peers, bound);
    throw error;
  }
}

function bindingOf({ filterref, target, mac }: Interface, { name, uuid }: Owner): string | undefined {
  if (filterref === undefined || target?.dev === undefined || mac === undefined || uuid === undefined) return undefined;
  return formatFilterBinding({
    owner: { name, uuid },
    portdev: { name: target.dev },
    mac: { address: mac.address },
    filterref: structuredClone(filterref) as typeof filterref,
  });
}

async function isBound(peers: Caller, { target }: Interface): Promise<boolean> {
  try {
    await peers("nwfilterBindingLookupByPortDev", { name: target?.dev ?? "" });
    return true;
  } catch (error) {
    if (isLibvirtError(error, "NO_NWFILTER_BINDING")) return false;
    throw error;
  }
}

/** Takes the filters of cards away; what cannot be done is reported and left. */
export async function unbindFilters(peers: Caller, cards: readonly Interface[]): Promise<void> {
  for (const { filterref, target } of cards) {
    if (filterref === undefined || target?.dev === undefined) continue;
    const nwfilter = { portdev: target.dev, filtername: filterref.filter };
    try {
      await peers("nwfilterBindingDelete", { nwfilter });
    } catch (error) {
      if (!isLibvirtError(error, "NO_NWFILTER_BINDING")) process.emitWarning(String(error), "TsvirtWarning");
    }
  }
}

/** Puts another filter to work on a card, or none. When that fails the old one is at work again. */
export async function changeFilter(
  peers: Caller,
  { name, uuid }: Owner,
  card: Interface,
  wanted: Interface["filterref"],
): Promise<void> {
  const old = card.filterref;
  const put = async (filterref: Interface["filterref"]): Promise<void> => {
    if (filterref === undefined) delete card.filterref;
    else card.filterref = filterref;
    const devices = { interfaces: [card] } as unknown as Definition["devices"];
    await bindFilters(peers, { name, uuid, devices });
  };
  await unbindFilters(peers, [card]);
  try {
    await put(wanted);
  } catch (error) {
    await put(old);
    throw error;
  }
}
