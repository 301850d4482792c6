/** Stopping guests and letting them go on: by the hypervisor, or by the tool stack. */
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

export async function pauseGuest({ roads }: XenHost, { id }: LiveDomain): Promise<void> {
  if (roads.hypervisor) roads.hypervisor.pause(id);
  else await roads.tools.pause(id);
}

export async function resumeGuest({ roads }: XenHost, { id }: LiveDomain): Promise<void> {
  if (roads.hypervisor) roads.hypervisor.unpause(id);
  else await roads.tools.unpause(id);
}
