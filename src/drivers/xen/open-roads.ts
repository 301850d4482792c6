/** Opening the roads to Xen that there are. */
import { formatUuid } from "../../driver/object-list.ts";
import { Hypervisor } from "./hypervisor/index.ts";
import { Roads } from "./roads.ts";
import { openStore } from "./store/index.ts";
import { type IdsOf, openToolstack } from "./toolstack/index.ts";

/**
 * @param configs a folder for what the tool stack is given
 * @throws {LibvirtError} where the host does not run Xen, or this is not its first domain
 */
export async function openRoads(configs: string): Promise<Roads> {
  const store = await openStore();
  const hypervisor = await Hypervisor.open();
  return new Roads(hypervisor, store, await openToolstack(configs, idsBy(hypervisor)));
}

/** The hypervisor finds domains far faster than a program that is run for it. */
function idsBy(hypervisor: Hypervisor | string): IdsOf | undefined {
  if (typeof hypervisor === "string") return undefined;
  return (wanted) => hypervisor.domains().flatMap(({ id, uuid }) => (formatUuid(uuid) === wanted ? [id] : []));
}
