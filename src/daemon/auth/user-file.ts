/**
 * The file of users for SASL. One line each: the name, then for each mechanism what a server needs of the password.
 *
 *     fred SCRAM-SHA-256$32768:SALT$STORED:SERVER DIGEST-MD5$REALM$HASH
 *
 * Keys and salts are base64. The password is not in it; but whoever has a DIGEST-MD5 hash can log in with it.
 */
import { dirname, resolve } from "node:path";
import { LibvirtError } from "../../errors.ts";
import { writeDurably } from "../../host/durable.ts";
import { readBounded } from "../../host/files.ts";
import {
  fromBase64,
  maxIterations,
  minIterations,
  passwordHash,
  passwordMatches,
  type SaslUsers,
  type ScramName,
  type ScramVerifier,
  saslprep,
  scramVerifier,
} from "../../rpc/sasl/index.ts";

/** The realm of DIGEST-MD5 on this side. */
export const realm = "tsvirt";

/** Rounds for new passwords. libvirt's clients (Cyrus SASL) take at most 65,536. */
const newIterations = 32_768;

/** The largest file that is read, in bytes. */
const maxBytes = 8 * 1024 * 1024;

/** The mechanisms that something is stored for; PLAIN is checked with what SCRAM has. */
export const storedMechanisms = ["SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5"] as const;
export type StoredMechanism = (typeof storedMechanisms)[number];

export interface UserEntry {
  readonly scram: Readonly<Partial<Record<ScramName, ScramVerifier>>>;
  /** The DIGEST-MD5 hash and its realm. */
  readonly digest: { readonly realm: string; readonly hash: Uint8Array } | null;
}

export type UserTable = ReadonlyMap<string, UserEntry>;

/** The file of users beside a configuration file. */
export function defaultUserFile(config: string): string {
  return resolve(dirname(config), "tsvirtd.passwd");
}

/** Reads the text of a file. @throws LibvirtError CONF_SYNTAX, with file and line */
export function parseUsers(text: string, file: string): UserTable {
  const users = new Map<string, UserEntry>();
  for (const [index, line] of text.split("\n").entries()) {
    const [name, ...parts] = line.trim().split(/\s+/);
    if (!name || name.startsWith("#")) continue;
    try {
      if (users.has(name)) throw new Error(`the user '${name}' stands here twice`);
      users.set(name, parts.map(readPart).reduce(merge, { scram: {}, digest: null }));
    } catch (cause) {
      throw new LibvirtError("CONF_SYNTAX", "CONF", `${file}:${index + 1}: ${(cause as Error).message}`, { cause });
    }
  }
  return users;
}

function merge(one: UserEntry, other: UserEntry): UserEntry {
  return { scram: { ...one.scram, ...other.scram }, digest: other.digest ?? one.digest };
}

function readPart(part: string): UserEntry {
  const scram = /^(SCRAM-SHA-256|SCRAM-SHA-1)\$(\d{1,7}):([^$:]+)\$([^$:]+):([^$:]+)$/.exec(part);
  if (scram) {
    const [, name = "", rounds, salt = "", stored = "", server = ""] = scram;
    const iterations = Number(rounds);
    if (iterations < minIterations || iterations > maxIterations) throw new Error(`${rounds} rounds of hashing`);
    const storedKey = fromBase64(stored, "stored key");
    const serverKey = fromBase64(server, "server key");
    const length = name === "SCRAM-SHA-256" ? 32 : 20;
    if (storedKey.length !== length || serverKey.length !== length)
      throw new Error(`${name} has keys of ${length} bytes`);
    return { scram: { [name]: { salt: fromBase64(salt, "salt"), iterations, storedKey, serverKey } }, digest: null };
  }
  const digest = /^DIGEST-MD5\$([^$]+)\$([0-9a-f]{32})$/.exec(part);
  if (!digest) throw new Error(`'${part.slice(0, 20)}' is not what a mechanism stores`);
  return { scram: {}, digest: { realm: digest[1] ?? "", hash: Buffer.from(digest[2] ?? "", "hex") } };
}

export function formatUsers(users: UserTable): string {
  return [...users].map(([name, entry]) => `${[name, ...formatEntry(entry)].join(" ")}\n`).join("");
}

function formatEntry({ scram, digest }: UserEntry): string[] {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const parts = Object.entries(scram).map(
    ([name, { salt, iterations, storedKey, serverKey }]) =>
      `${name}$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`,
  );
  if (digest !== null) parts.push(`DIGEST-MD5$${digest.realm}$${Buffer.from(digest.hash).toString("hex")}`);
  return parts;
}

/** The users of a file; none when there is no file. */
export async function readUsers(file: string): Promise<UserTable> {
  return parseUsers((await readBounded(file, maxBytes, "CONF")) ?? "", file);
}

/** Writes the file whole or not at all, for its owner's eyes only. */
export async function writeUsers(file: string, users: UserTable): Promise<void> {
  await writeDurably(file, formatUsers(users), { mode: 0o600, domain: "CONF" });
}

/**
 * What is kept of a password.
 * @throws SaslError when name or password hold what they may not
 */
export async function newEntry(
  user: string,
  password: string,
  mechanisms: readonly StoredMechanism[],
): Promise<UserEntry> {
  let entry: UserEntry = { scram: {}, digest: null };
  for (const name of mechanisms) {
    if (name === "DIGEST-MD5")
      entry = merge(entry, { scram: {}, digest: { realm, hash: passwordHash(user, realm, password) } });
    else entry = merge(entry, { scram: { [name]: await scramVerifier(name, password, newIterations) }, digest: null });
  }
  return entry;
}

/** The name as it is stored and looked up. @throws LibvirtError INVALID_ARG */
export function userName(text: string): string {
  const name = saslprep(text, "user name");
  if (/\s/.test(name) || name.startsWith("#")) {
    throw new LibvirtError("INVALID_ARG", "CONF", `'${name}': a user name has no spaces and does not begin with '#'`);
  }
  return name;
}

/** The users of a file, as SASL asks for them: the file is read for each who logs in, so that changes hold at once. */
export function usersOf(file: string): SaslUsers {
  const find = async (name: string) => (await readUsers(file)).get(name) ?? null;
  return {
    scram: async (user, mechanism) => (await find(user))?.scram[mechanism] ?? null,
    async digest(user, at) {
      const stored = (await find(user))?.digest ?? null;
      return stored?.realm === at ? stored.hash : null;
    },
    async password(user, password) {
      const entry = await find(user);
      for (const name of ["SCRAM-SHA-256", "SCRAM-SHA-1"] as const) {
        const verifier = entry?.scram[name];
        if (verifier) return passwordMatches(name, verifier, password);
      }
      return false;
    },
  };
}
