/**
 * The client's configuration file, libvirt.conf: names for URIs, the URI that is opened when none is given, how remote
 * daemons are reached.
 */
import { join } from "node:path";
import { LibvirtError } from "../errors.ts";
import { readBounded } from "../host/files.ts";
import { type ConfigurationEntry, parseConfiguration, settingsOf } from "../model/configuration.ts";
import { defaultUri } from "./uri.ts";

/** The largest file that is read, in bytes. */
const maxSize = 1024 * 1024;

/** Where the file is: the system's for root, the user's own for everybody else. */
function configurationPath(env: NodeJS.ProcessEnv, isRoot: boolean): string | null {
  if (isRoot) return "/etc/libvirt/libvirt.conf";
  const folder = env.XDG_CONFIG_HOME || (env.HOME && join(env.HOME, ".config"));
  return folder ? join(folder, "libvirt", "libvirt.conf") : null;
}

export interface ResolveOptions {
  /** Whether the URI may be an alias. */
  readonly aliases?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly isRoot?: boolean;
}

/**
 * The URI that is meant: an alias's own, or, for none, LIBVIRT_DEFAULT_URI, `uri_default`, the built-in default.
 * @throws {LibvirtError} CONF_SYNTAX when the configuration file cannot be read
 */
export async function resolveUri(uri: string, options: ResolveOptions = {}): Promise<string> {
  const { aliases = true, env = process.env, isRoot = process.geteuid?.() === 0 } = options;
  const named = uri === "" ? (env.LIBVIRT_DEFAULT_URI ?? "") : uri;
  // What has a scheme is no alias: the file need not even be looked at.
  if (named !== "" && (!aliases || /^[A-Za-z][A-Za-z0-9.+-]*:/.test(named))) return named;
  const path = configurationPath(env, isRoot);
  const settings = path === null ? new Map<string, ConfigurationEntry>() : await readSettings(path);
  if (named === "") return textOf(settings, "uri_default", path) ?? defaultUri({}, isRoot);
  return aliasesOf(settings, path).get(named) ?? named;
}

/** How daemons are reached where the URI does not say so. */
export interface RemoteSettings {
  /** `remote_mode`: whose socket is looked for. */
  readonly mode: string | undefined;
  /** `remote_proxy`: which program carries the connection on the far side of ssh. */
  readonly proxy: string | undefined;
  /** `tls_priority`: which protocol versions and ciphers are used, in GnuTLS's words. */
  readonly tlsPriority: string | undefined;
}

/** libvirt.conf's settings for remote connections. @throws {LibvirtError} CONF_SYNTAX when the file cannot be read */
export async function readRemoteSettings(options: Omit<ResolveOptions, "aliases"> = {}): Promise<RemoteSettings> {
  const { env = process.env, isRoot = process.geteuid?.() === 0 } = options;
  const path = configurationPath(env, isRoot);
  const settings = path === null ? new Map<string, ConfigurationEntry>() : await readSettings(path);
  return {
    mode: textOf(settings, "remote_mode", path),
    proxy: textOf(settings, "remote_proxy", path),
    tlsPriority: textOf(settings, "tls_priority", path),
  };
}

async function readSettings(path: string): Promise<ReadonlyMap<string, ConfigurationEntry>> {
  const text = await readBounded(path, maxSize, "CONF");
  return text === null ? new Map() : settingsOf(parseConfiguration(text, path));
}

function textOf(
  settings: ReadonlyMap<string, ConfigurationEntry>,
  name: string,
  path: string | null,
): string | undefined {
  const value = settings.get(name)?.value;
  if (value === undefined || typeof value === "string") return value;
  throw new LibvirtError("CONF_SYNTAX", "CONF", `${path}: expected a string for '${name}' parameter`);
}

function aliasesOf(
  settings: ReadonlyMap<string, ConfigurationEntry>,
  path: string | null,
): ReadonlyMap<string, string> {
  const value = settings.get("uri_aliases")?.value ?? [];
  const list = Array.isArray(value) ? value : [value];
  return new Map(
    list.map((entry) => {
      const match = typeof entry === "string" ? /^([A-Za-z0-9_-]+)=(.+)$/.exec(entry) : null;
      if (!match) {
        const detail = `${path}: malformed 'uri_aliases' config entry '${String(entry)}', expected 'alias=uri://host/path'`;
        throw new LibvirtError("CONF_SYNTAX", "CONF", detail);
      }
      return [match[1] ?? "", match[2] ?? ""] as const;
    }),
  );
}
