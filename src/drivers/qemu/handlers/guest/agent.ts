/** Asking the agents of guests, each with as much patience as its domain was given. */
import { LibvirtError } from "../../../../errors.ts";
import { DomainAgentResponseTimeout, type Domain as DomainRef } from "../../../../protocol/index.ts";
import { agentOf } from "../../domain/agent.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import type { CallOptions } from "../../monitor/answer.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Shape } from "../../monitor/shape.ts";

/** Seconds that a domain's agent may take for each command, where somebody has said so. */
const patience = new WeakMap<QemuDomain, number>();

/** How long commands to the domain's agent may take: seconds, or a value of DomainAgentResponseTimeout. */
export function setAgentPatience(domain: QemuDomain, seconds: number): void {
  if (seconds < DomainAgentResponseTimeout.BLOCK) {
    throw new LibvirtError("INVALID_ARG", "QEMU", `guest agent timeout '${seconds}' is less than the minimum '-2'`);
  }
  if (seconds === DomainAgentResponseTimeout.DEFAULT) patience.delete(domain);
  else patience.set(domain, seconds);
}

/** The limit of a call, in ms; none when the agent is waited for however long it takes. */
export function timeoutOf(seconds: number | undefined): Pick<CallOptions, "timeout"> {
  return seconds === undefined || seconds < 0 ? {} : { timeout: seconds * 1000 };
}

/** Runs a command of the guest's agent; a paused guest cannot answer. */
export async function askAgent<T>(
  domain: QemuDomain,
  command: string,
  shape: Shape<T>,
  args?: JsonObject,
  options: CallOptions = {},
): Promise<T> {
  const agent = await agentOf(domain);
  return agent.ask(command, shape, args, { ...timeoutOf(patience.get(domain)), ...options });
}

/** The domain a client means, and what it asks its agent. */
export function agentFor(host: QemuHost, dom: DomainRef) {
  const domain = host.finder.find(dom);
  domain.running();
  return <T>(command: string, shape: Shape<T>, args?: JsonObject, options?: CallOptions) =>
    askAgent(domain, command, shape, args, options);
}
