/** Domains: virtual machines and containers. */

import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { DomainEvent, EventOf, QemuMonitorEvent } from "../events/types.ts";
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
  events(options: ObjectEventOptions = {}): EventStream<DomainEvent | QemuMonitorEvent> {
    return openEvents<DomainEvent | QemuMonitorEvent>(this.link, {
      ...options,
      kinds: ["domain", "qemu"],
      object: this.wire,
    });
  }

  /** Calls a function at each of its events of a type, until the listener or the connection is closed. */
  on<Type extends (DomainEvent | QemuMonitorEvent)["type"]>(
    type: Type,
    listener: (event: EventOf<Type>) => void,
  ): EventListener {
    return listenTo(this.link, { types: [type], kinds: ["domain", "qemu"], object: this.wire }, listener);
  }
}
