/** Which authenticator the configuration asks for. */
import { LibvirtError } from "../../errors.ts";
import type { Logger } from "../log/log.ts";
import type { SettingValues } from "../settings/table.ts";
import type { Authenticator, SocketKind } from "./authenticator.ts";
import { openDoor } from "./open-door.ts";

/** @param sockets the kinds of socket that clients can come in through */
export async function openAuthenticator(
  settings: SettingValues,
  sockets: ReadonlySet<SocketKind>,
  _log: Logger,
): Promise<Authenticator> {
  const asked = [
    ["auth_unix_rw", "unix"],
    ["auth_unix_ro", "unix-ro"],
    ["auth_tcp", "tcp"],
    ["auth_tls", "tls"],
  ] as const;
  for (const [name, kind] of asked) {
    const way = settings[name] ?? "none";
    if (way === "none" || !sockets.has(kind)) continue;
    throw new LibvirtError("CONFIG_UNSUPPORTED", "RPC", `'${name}': authentication by ${way} is not there`);
  }
  return openDoor;
}
