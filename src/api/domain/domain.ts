/** Domains: virtual machines and containers. */

import { openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { DomainEvent } from "../events/types.ts";
import { DomainHypervisor } from "./qemu.ts";

/**
 * A virtual machine or container (`virDomain`). It has a definition, or runs, or both.
 *
 * Its methods stand in the classes that it extends, by subject: life cycle, definition, saving, memory, processors,
 * tuning, devices, disks, jobs, guest, snapshots, migration.
 */
export class Domain extends DomainHypervisor {
  /**
   * The domain's events, as they happen from now on (`virConnectDomainEventRegisterAny` with a domain).
   *
   *     for await (const event of domain.events()) console.log(event.type);
   */
  events(options: ObjectEventOptions = {}): EventStream<DomainEvent> {
    return openEvents<DomainEvent>(this.link, { ...options, kinds: ["domain"], object: this.wire });
  }
}
