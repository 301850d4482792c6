/** What the admin program can do to the daemon. */
import type { Log } from "../log/log.ts";
import type { Server } from "../server/server.ts";

/** Numbers that libvirt has threads for. They are kept and shown; there are no threads here. */
export interface Workers {
  min: number;
  max: number;
  priority: number;
}

export interface ControlledServer {
  readonly server: Server;
  readonly workers: Workers;
  /** Reads what TLS is made of again; null for a server without TLS. */
  readonly updateTls: (() => Promise<void>) | null;
}

export interface Control {
  /** By name, in the order in which they are listed. */
  readonly servers: ReadonlyMap<string, ControlledServer>;
  readonly log: Log;
  /** Where the log goes when somebody asks for nothing in particular. */
  readonly defaultOutputs: string;
  /** After how many seconds without clients and guests the daemon ends; 0: it does not. */
  setTimeout(seconds: number): void;
}
