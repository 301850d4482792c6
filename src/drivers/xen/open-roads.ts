/** Opening the roads to Xen that there are. */
import { Hypervisor } from "./hypervisor/index.ts";
import { Roads } from "./roads.ts";
import { openStore } from "./store/index.ts";
import { openToolstack } from "./toolstack/index.ts";

/**
 * @param configs a folder for what the tool stack is given
 * @throws {LibvirtError} where the host does not run Xen, or this is not its first domain
 */
export async function openRoads(configs: string): Promise<Roads> {
  const store = await openStore();
  return new Roads(await Hypervisor.open(), store, await openToolstack(configs));
}
