/** The parameters of remote URIs: which ones this side takes, and what is passed on to the other side. */

import type { ConnectionUri } from "../../driver/uri.ts";
import { LibvirtError } from "../../errors.ts";

/** Parameters that hold a text. */
const texts = [
  "name",
  "command",
  "socket",
  "netcat",
  "keyfile",
  "pkipath",
  "known_hosts",
  "known_hosts_verify",
  "sshauth",
  "tls_priority",
  "mode",
  "proxy",
  "authfile",
  "auth",
] as const;

/** Parameters that are on when they hold another number than 0. */
const switches = ["no_verify", "no_tty", "no_sanity"] as const;

/** What a remote URI says in its parameters. */
export type RemoteParameters = { readonly [Name in (typeof texts)[number]]?: string } & {
  readonly [Name in (typeof switches)[number]]: boolean;
};

/** Reads the parameters that are meant for this side. @throws {LibvirtError} INVALID_ARG for what is no number */
export function remoteParameters({ params }: ConnectionUri): RemoteParameters {
  const given = texts.flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const switched = switches.map((name) => [name, isOn(name, params.get(name))] as const);
  return Object.fromEntries([...given, ...switched]) as unknown as RemoteParameters;
}

function isOn(name: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (/^[+-]?\d+$/.test(value)) return Number(value) !== 0;
  throw new LibvirtError("INVALID_ARG", "REMOTE", `Failed to parse value of URI component ${name}`);
}

const mine: ReadonlySet<string> = new Set([...texts, ...switches]);

/**
 * What the daemon is asked to open: the URI without its transport, user, host and the parameters of this side, or the
 * parameter `name`. Empty for the driver `remote`, which leaves the choice to the daemon.
 */
export function nameForDaemon(uri: ConnectionUri): string {
  const named = uri.params.get("name");
  if (named !== undefined) return named;
  if (uri.driver === "remote") return "";
  const query = [...uri.params].filter(([name]) => !mine.has(name));
  const written = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join("&");
  const path = uri.path.split("/").map(escaped).join("/");
  return `${uri.driver}://${path}${written === "" ? "" : `?${written}`}`;
}

/** Percent-escapes all but the unreserved characters, as libvirt does. */
function escaped(text: string): string {
  const code = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, code);
}
