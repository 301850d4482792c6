/** What one server of the daemon serves: libvirt's API, or control over the daemon. */
import type { AnyProcedure, Program } from "../../protocol/index.ts";
import type { Client } from "./client.ts";

/** How much clients may ask for. All of it may change while the server runs. */
export interface Limits {
  /** Clients at a time. */
  maxClients: number;
  /** Clients at a time that have not authenticated; further ones wait. */
  maxAnonymous: number;
  /** Connections that wait; further ones are dropped. */
  maxQueued: number;
  /** Calls of one client at a time. */
  maxRequests: number;
  /** Seconds between signs of life, -1 for none, and how many may be missed. */
  keepalive: { readonly interval: number; readonly count: number };
}

export interface Service {
  /** The server's name for virt-admin. */
  readonly name: string;
  readonly programs: readonly Program[];
  /** Answers the procedures of the admin program. */
  readonly answer?: (procedure: AnyProcedure, args: unknown, client: Client) => unknown;
}
