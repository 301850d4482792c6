/** Opening connections. */

import { resolveUri } from "../driver/client-configuration.ts";
import type { AuthCallback, OpenOptions, ReconnectOptions } from "../driver/module.ts";
import { connect } from "../driver/router.ts";
import { within } from "../driver/within.ts";
import { asLibvirtError } from "../errors.ts";
import { ConnectFlags } from "../protocol/index.ts";
import { Connection } from "./connection/connection.ts";
import { type CallOptions, Link } from "./core/link.ts";
import "./drivers.ts";
import { reportGlobally, resetLastError } from "./errors/model.ts";
import { EventDispatcher } from "./events/dispatcher.ts";

/** How a connection is opened. */
export interface OpenConnectionOptions extends CallOptions {
  /** Only look: whatever would change something is refused with OPERATION_DENIED. */
  readonly readOnly?: boolean | undefined;
  /** Who answers when the other side asks for names and passwords. */
  readonly auth?: AuthCallback | undefined;
  /**
   * Makes a lost connection to a daemon anew, and registers for its events again. What was under way fails all the same;
   * further calls wait for the connection. True for the usual delays.
   */
  readonly reconnect?: ReconnectOptions | boolean | undefined;
  /** `ConnectFlags`: RO is `readOnly`, NO_ALIASES keeps the URI from being looked up as an alias. */
  readonly flags?: number | undefined;
}

/**
 * Opens a connection to a hypervisor (`virConnectOpen`, since 0.0.3).
 *
 *     await using conn = await open("qemu:///embed?root=/tmp/vms");
 *
 * @param uri which one; without it, LIBVIRT_DEFAULT_URI, `uri_default` of libvirt.conf, else `qemu:///system` for root and
 *   `qemu:///session` for everybody else. It may be an alias of libvirt.conf's `uri_aliases`.
 * @throws {LibvirtError} NO_CONNECT when no driver takes the URI, INTERNAL_ERROR when it cannot be read
 */
export async function open(uri?: string | null, options: OpenConnectionOptions = {}): Promise<Connection> {
  resetLastError();
  try {
    return await openConnection(uri ?? "", options);
  } catch (error) {
    throw reportGlobally(asLibvirtError(error));
  }
}

/** Opens a connection that only looks (`virConnectOpenReadOnly`, since 0.0.3); see {@link open}. */
export function openReadOnly(uri?: string | null, options: OpenConnectionOptions = {}): Promise<Connection> {
  return open(uri, { ...options, readOnly: true });
}

/** Opens a connection, answering questions for names and passwords (`virConnectOpenAuth`, since 0.4.0); see {@link open}. */
export function openAuth(
  uri: string | null | undefined,
  auth: AuthCallback,
  flags = 0,
  options: OpenConnectionOptions = {},
): Promise<Connection> {
  return open(uri, { ...options, auth, flags });
}

async function openConnection(uri: string, options: OpenConnectionOptions): Promise<Connection> {
  const { auth, flags = 0, readOnly = (flags & ConnectFlags.RO) !== 0 } = options;
  const reconnect = options.reconnect === true ? {} : options.reconnect || undefined;
  const opening = { flags, ...(auth && { auth }), ...(reconnect && { reconnect }) } satisfies OpenOptions;
  const text = await resolveUri(uri, { aliases: (flags & ConnectFlags.NO_ALIASES) === 0 });
  const events = new EventDispatcher();
  const router = await within(
    "virConnectOpen",
    options,
    (signal) =>
      connect(text, { ...opening, readOnly, sink: events.sink, onGap: events.gap, ...(signal && { signal }) }),
    (late) => late.close(),
  );
  return new Connection(new Link(router, events));
}
