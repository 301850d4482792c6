/** The way to a guest's agent: its channel's socket, connected when the guest opens its end. */
import { LibvirtError } from "../../../errors.ts";
import { connectUnix } from "../../../host/unix.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { GuestAgent } from "../monitor/agent.ts";

/** The name by which the agent finds its channel in the guest. */
const channelName = "org.qemu.guest_agent.0";

export class AgentLink {
  /** The channel's alias, by which QEMU speaks of it. */
  readonly alias: string;
  readonly #path: string;
  readonly #label: string;
  #guestIsThere = false;
  #agent: Promise<GuestAgent> | null = null;

  constructor(alias: string, path: string, label: string) {
    this.alias = alias;
    this.#path = path;
    this.#label = label;
  }

  /** Whether the guest has its end of the channel open. */
  get connected(): boolean {
    return this.#guestIsThere;
  }

  /** The guest has opened its end, or closed it. */
  guestOpened(open: boolean): void {
    this.#guestIsThere = open;
    if (!open) this.close();
  }

  /** The agent, or AGENT_UNRESPONSIVE while the guest has not opened its end. */
  async agent(): Promise<GuestAgent> {
    if (!this.#guestIsThere) {
      throw new LibvirtError("AGENT_UNRESPONSIVE", "QEMU", "QEMU guest agent is not connected");
    }
    this.#agent ??= this.#connect();
    return this.#agent;
  }

  /** Lets go of the channel; it is connected again when it is needed. */
  close(): void {
    const agent = this.#agent;
    this.#agent = null;
    agent?.then(
      (open) => open.close(),
      () => {},
    );
  }

  async #connect(): Promise<GuestAgent> {
    try {
      const agent = new GuestAgent(await connectUnix(this.#path), { label: this.#label });
      void agent.closed.then(() => {
        this.#agent = null;
      });
      return agent;
    } catch (cause) {
      this.#agent = null;
      throw new LibvirtError("AGENT_UNRESPONSIVE", "QEMU", `cannot connect to the guest agent of '${this.#label}'`, {
        cause,
      });
    }
  }
}

/** The agent's channel of a running guest; null when it has none that we can reach. */
export function agentLinkOf({ name, devices }: Definition): AgentLink | null {
  for (const { target, backend, alias } of devices.channels) {
    if (target.type !== "virtio" || target.name !== channelName || backend.type !== "unix") continue;
    const { path, mode } = backend.source ?? {};
    if (alias !== undefined && path !== undefined && mode === "bind") return new AgentLink(alias, path, name);
  }
  return null;
}
