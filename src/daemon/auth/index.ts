/** The authenticator that the configuration asks for. */
import { LibvirtError } from "../../errors.ts";
import { systemBusPath } from "../../host/dbus/bus.ts";
import { loadNative, type NativePart } from "../../host/native/index.ts";
import { accountNames } from "../../host/users.ts";
import type { Logger } from "../log/log.ts";
import type { SettingValues } from "../settings/table.ts";
import type { Authenticator, SocketKind } from "./authenticator.ts";
import { Gate } from "./gate.ts";
import { Polkit } from "./polkit.ts";
import { mechanismsOf } from "./sasl.ts";

export interface AuthenticatorOptions {
  readonly settings: SettingValues;
  /** The kinds of socket that clients can come in through. */
  readonly sockets: ReadonlySet<SocketKind>;
  /** The file of users, unless the configuration names one. */
  readonly userFile: string;
  readonly log: Logger;
}

/** @throws LibvirtError CONFIG_UNSUPPORTED when the configuration asks for what cannot be had here */
export async function openAuthenticator(options: AuthenticatorOptions): Promise<Authenticator> {
  const { settings, log } = options;
  const part = await loadNative();
  const { polkit, lack } = await polkitFor(options, part);
  const lacks = [nativeLack(part), lack, saslLack(options)].filter((line) => line !== null);
  const userFile = settings.sasl_passwd_file ?? options.userFile;
  const names = await accountNames("RPC");
  return new Gate({ settings, native: part.native, polkit, userFile, lacks, names, log });
}

function nativeLack(part: NativePart): string | null {
  if (part.native !== null) return null;
  return (
    "clients of the unix sockets are not known by name, and no open files are passed: the optional native part is " +
    `not there: ${part.reason}`
  );
}

/** polkit where it is asked for, and where it is there for root's daemon and nothing else is asked for. */
async function polkitFor({ settings, sockets }: AuthenticatorOptions, part: NativePart) {
  const none = { polkit: null, lack: null };
  const asked = [
    ["auth_unix_rw", "unix"],
    ["auth_unix_ro", "unix-ro"],
  ] as const;
  const wanted = asked.filter(([name, kind]) => settings[name] === "polkit" && sockets.has(kind));
  const isOpen = asked.some(([name, kind]) => settings[name] === undefined && sockets.has(kind));
  const forAccess = settings.access_drivers.includes("polkit");
  if (wanted.length === 0 && !forAccess && (!isOpen || process.geteuid?.() !== 0)) return none;
  const path = systemBusPath();
  const mustBe = wanted[0]?.[0] ?? (forAccess ? "access_drivers" : null);
  if (part.native === null || path === null) {
    if (mustBe === null) return none;
    const reason = part.native === null ? part.reason : "DBUS_SYSTEM_BUS_ADDRESS names no unix socket";
    throw new LibvirtError("CONFIG_UNSUPPORTED", "RPC", `'${mustBe}': polkit cannot be asked about clients: ${reason}`);
  }
  const polkit = new Polkit(path);
  if (await polkit.isThere()) return { polkit, lack: null };
  if (mustBe !== null)
    return { polkit, lack: `'${mustBe}': polkit does not answer; its clients are refused until it does` };
  await polkit.close();
  return none;
}

function saslLack({ settings, sockets }: AuthenticatorOptions): string | null {
  if (settings.auth_tcp !== "sasl" || !sockets.has("tcp")) return null;
  if (mechanismsOf(settings.sasl_mechanisms).includes("DIGEST-MD5")) return null;
  return (
    "nobody can log in by TCP: of the SASL mechanisms only DIGEST-MD5 encrypts, and 'sasl_mechanisms' does not name " +
    "it (docs/security.md)"
  );
}
