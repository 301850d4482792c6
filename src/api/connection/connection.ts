/** Connections to a hypervisor. */
import type { Link } from "../core/link.ts";
import { ConnectionEvents } from "./events.ts";

/**
 * A connection to a hypervisor (`virConnect`), made by `open`.
 *
 * Its methods stand in the classes that it extends, by subject: the connection itself, host, domains, networks and
 * interfaces, storage, devices with secrets and filters, events.
 */
export class Connection extends ConnectionEvents {
  /** @internal */
  constructor(link: Link) {
    super(link);
    link.connection = this;
  }
}
