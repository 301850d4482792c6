/** Secrets, kept in memory. libvirt's own test driver has none; here programs can be tried that use them. */
import type { EventHub } from "../../driver/events.ts";
import { formatUuid } from "../../driver/object-list.ts";
import type { KeptSecret, SecretKeeper } from "../../driver/secrets.ts";

export class TestSecrets implements SecretKeeper {
  readonly hub: EventHub;
  readonly secrets = new Map<string, KeptSecret>();

  constructor(hub: EventHub) {
    this.hub = hub;
  }

  async keep(secret: KeptSecret): Promise<void> {
    this.secrets.set(formatUuid(secret.uuid), secret);
  }

  async forget({ uuid }: KeptSecret): Promise<void> {
    this.secrets.delete(formatUuid(uuid));
  }

  // Nothing waits here, so changes cannot meet.
  change<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
}
