/** auth.conf: names and passwords for hosts, so that nobody need be asked. */
import { homedir } from "node:os";
import { join } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { exists, readBounded } from "../../host/files.ts";

/** The largest file that is read, in bytes. */
const maxSize = 1024 * 1024;

/** What a file knows about a host, by name: `authname`, `username`, `password`, `realm`. */
export type FileCredentials = ReadonlyMap<string, string>;

type Groups = ReadonlyMap<string, FileCredentials>;

/** The file that is used: LIBVIRT_AUTH_FILE, the URI's own, the user's, the machine's; null when there is none. */
export async function findAuthFile(named: string | null, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const given = env.LIBVIRT_AUTH_FILE || named;
  if (given) return given;
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  for (const path of [join(config, "libvirt", "auth.conf"), "/etc/libvirt/auth.conf"]) {
    if (await exists(path)) return path;
  }
  return null;
}

/** What a file knows for a service on a host, or for the service on any. @throws {LibvirtError} CONF_SYNTAX */
export async function readAuthFile(path: string, service: string, host: string): Promise<FileCredentials> {
  const text = await readBounded(path, maxSize, "CONF");
  return text === null ? new Map() : lookUp(parseGroups(text, path), service, host, path);
}

function lookUp(groups: Groups, service: string, host: string, path: string): FileCredentials {
  const group = groups.get(`auth-${service}-${host}`) ?? groups.get(`auth-${service}-default`);
  if (!group) return new Map();
  const name = group.get("credentials");
  const credentials = name === undefined ? undefined : groups.get(`credentials-${name}`);
  if (credentials) return credentials;
  const detail =
    name === undefined
      ? `${path}: missing item 'credentials' in group for service '${service}' and host '${host}'`
      : `${path}: missing group 'credentials-${name}' referenced for service '${service}' and host '${host}'`;
  throw new LibvirtError("CONF_SYNTAX", "AUTH", detail);
}

/** Reads a file of `[group]` and `key=value` lines; `#` and `;` begin comments. */
export function parseGroups(text: string, path: string): Groups {
  const groups = new Map<string, Map<string, string>>();
  let group: Map<string, string> | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const content = line.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    const [, heading] = /^\[([^\]]+)\]$/.exec(content) ?? [];
    const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(content) ?? [];
    if (heading !== undefined) {
      group = groups.get(heading) ?? new Map();
      groups.set(heading, group);
    } else if (group && key !== undefined && value !== undefined) {
      group.set(key, value);
    } else {
      throw new LibvirtError("CONF_SYNTAX", "CONF", `${path}:${index + 1}: expected [group] or key=value`);
    }
  }
  return groups;
}
