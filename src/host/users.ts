/** Users and groups by name, from /etc/passwd and /etc/group. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { readBounded } from "./files.ts";

/** The largest of both files that is read, in bytes. */
const maxBytes = 8 * 1024 * 1024;

/** Whom a process runs as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** The number of the named user and of its own group; null when there is no such user. */
export async function lookupUser(name: string, domain: ErrorDomainName): Promise<Identity | null> {
  const fields = findLine((await readBounded("/etc/passwd", maxBytes, domain)) ?? "", name);
  return fields === null ? null : { uid: number(fields[2]), gid: number(fields[3]) };
}

/** The number of the named group; null when there is no such group. */
export async function lookupGroup(name: string, domain: ErrorDomainName): Promise<number | null> {
  const fields = findLine((await readBounded("/etc/group", maxBytes, domain)) ?? "", name);
  return fields === null ? null : number(fields[2]);
}

/** The names of the host's users and groups by their numbers; the first name of each counts. */
export interface AccountNames {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** Reads all names at once, for who asks often. */
export async function accountNames(domain: ErrorDomainName): Promise<AccountNames> {
  const [users, groups] = await Promise.all(["/etc/passwd", "/etc/group"].map((file) => namesIn(file, domain)));
  return { users: users ?? new Map(), groups: groups ?? new Map() };
}

async function namesIn(file: string, domain: ErrorDomainName): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const line of ((await readBounded(file, maxBytes, domain)) ?? "").split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (name !== "" && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** The users who belong to a group beside their own one, by name; none when there is no such group. */
export async function groupMembers(name: string, domain: ErrorDomainName): Promise<readonly string[]> {
  const fields = findLine((await readBounded("/etc/group", maxBytes, domain)) ?? "", name);
  return (fields?.[3] ?? "").split(",").filter((user) => user !== "");
}

/**
 * Whom a setting means: a name, or a number with a plus sign before it, as libvirt writes them.
 * @throws LibvirtError INVALID_ARG when there is no such user or group.
 */
export async function identityOf(user: string, group: string, domain: ErrorDomainName): Promise<Identity> {
  const uid = numeric(user) ?? (await lookupUser(user, domain))?.uid;
  if (uid === undefined) throw new LibvirtError("INVALID_ARG", domain, `Failed to parse user '${user}': no such user`);
  const gid = numeric(group) ?? (await lookupGroup(group, domain)) ?? undefined;
  if (gid === undefined)
    throw new LibvirtError("INVALID_ARG", domain, `Failed to parse group '${group}': no such group`);
  return { uid, gid };
}

/** The fields of the line that begins with the name. */
function findLine(text: string, name: string): readonly string[] | null {
  for (const line of text.split("\n")) {
    const fields = line.split(":");
    if (fields[0] === name && fields.length >= 3) return fields;
  }
  return null;
}

/** A number as an identity's; a line that holds none must never become 0, which is root. */
function number(text: string | undefined): number {
  const value = /^\d{1,10}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!(value <= 0xffff_ffff)) throw new LibvirtError("INTERNAL_ERROR", "NONE", `'${text}' is no user or group number`);
  return value;
}

function numeric(text: string): number | undefined {
  return /^\+?\d{1,10}$/.test(text) ? number(text.replace("+", "")) : undefined;
}
