/** The agent in a running guest. */
import { LibvirtError } from "../../../errors.ts";
import type { GuestAgent } from "../monitor/agent.ts";
import type { QemuDomain } from "./domain.ts";

/** The agent of a running domain, or the error that says why there is none. */
export function agentOf(domain: QemuDomain): Promise<GuestAgent> {
  const { agent } = domain.running();
  if (agent) return agent.agent();
  throw new LibvirtError("ARGUMENT_UNSUPPORTED", "QEMU", "QEMU guest agent is not configured");
}
