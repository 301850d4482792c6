/** Reading and writing the Xen Store, within a transaction or without one: requests by name, over any way to ask. */
import { constants } from "node:os";
import { LibvirtError } from "../../../errors.ts";
import { StoreError } from "./connection.ts";
import { checkPath, MessageType, maxPayload, words, wordsOf } from "./wire.ts";

/** Who may do what to a node: `n0` is owned by domain 0 and nobody else's, `r3` lets domain 3 read, `w`, `b` for both. */
export type Permission = `${"n" | "r" | "w" | "b"}${number}`;

/**
 * What can be asked. What cannot be a path, a value or a permission fails with INVALID_ARG and is not sent; what the
 * daemon refuses with OPERATION_FAILED, whose int1 is the system's number for the reason (ENOSPC for a quota, EACCES, ...).
 */
export interface StoreAccess {
  /** The value at a path; null when there is none. */
  read(path: string): Promise<string | null>;
  write(path: string, value: string): Promise<void>;
  /** Makes a node without a value, unless it is there. */
  make(path: string): Promise<void>;
  /** Removes a node and all below it; one that is not there is fine. */
  remove(path: string): Promise<void>;
  /** The names below a path; none when there is no such path. */
  list(path: string): Promise<string[]>;
  permissions(path: string): Promise<Permission[]>;
  /** The first permission names the owner. */
  setPermissions(path: string, permissions: readonly Permission[]): Promise<void>;
}

/** Sends a request, and gives what is answered. */
export type Ask = (type: MessageType, payload: Buffer) => Promise<Buffer>;

export function storeAccess(ask: Ask): StoreAccess {
  /** What is sent is made within, so that what cannot be sent rejects too. */
  const tell = async (what: string, type: MessageType, payload: () => Buffer): Promise<void> => {
    await doing(what, () => ask(type, payload()));
  };
  return {
    read: (path) =>
      orWithout(null, `read '${path}'`, async () => (await ask(MessageType.READ, place(path))).toString("utf8")),
    write: (path, value) =>
      tell(`write '${path}'`, MessageType.WRITE, () => withinLimit(path, place(path), valueBytes(path, value))),
    make: (path) => tell(`make '${path}'`, MessageType.MKDIR, () => place(path)),
    remove: (path) =>
      orWithout(undefined, `remove '${path}'`, async () => void (await ask(MessageType.RM, place(path)))),
    list: (path) => orWithout([], `list '${path}'`, () => listAll(path, ask)),
    async permissions(path) {
      const all = await doing(`tell permissions of '${path}'`, () => ask(MessageType.GET_PERMS, place(path)));
      return wordsOf(all).filter(isPermission);
    },
    setPermissions: (path, permissions) =>
      tell(`set permissions of '${path}'`, MessageType.SET_PERMS, () => {
        const wrong = permissions.find((one) => !isPermission(one));
        if (wrong !== undefined || permissions.length === 0)
          throw invalid(`'${wrong ?? ""}' is not a permission of the Xen Store`);
        return withinLimit(path, place(path), words(...permissions));
      }),
  };
}

const isPermission = (word: string): word is Permission => /^[nrwb]\d{1,5}$/.test(word);

const invalid = (detail: string): LibvirtError => new LibvirtError("INVALID_ARG", "XENSTORE", detail);

/** A path as a request holds it. @throws {LibvirtError} INVALID_ARG for what cannot be one */
export function place(path: string): Buffer {
  const wrong = checkPath(path);
  if (wrong !== null) throw invalid(`'${path.slice(0, 100)}' cannot be a path of the Xen Store: ${wrong}`);
  return words(path);
}

/** Guests written in C end a value at its first NUL: a text with one would say different things to different readers. */
function valueBytes(path: string, value: string): Buffer {
  if (value.includes("\0")) throw invalid(`the value for '${path}' holds a NUL`);
  return Buffer.from(value);
}

function withinLimit(path: string, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  if (payload.length > maxPayload)
    throw invalid(`what is to be said of '${path}' is ${payload.length} bytes long: the Xen Store takes ${maxPayload}`);
  return payload;
}

/** How often a long list is begun anew that changes while it is read. */
const maxBeginnings = 50;
/** Most bytes of names below one path: far more than a daemon's quota for nodes lets there be. */
const maxNames = 16 * 1024 * 1024;

/** Names below a path; long lists come in parts, and anew when they change meanwhile. */
async function listAll(path: string, ask: Ask): Promise<string[]> {
  try {
    return wordsOf(await ask(MessageType.DIRECTORY, place(path)));
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "E2BIG") throw error;
  }
  for (let beginning = 1; beginning <= maxBeginnings; beginning++) {
    const names = await listInParts(path, ask);
    if (names !== null) return names;
  }
  throw new StoreError("EAGAIN");
}

/** Null when the list has changed between two parts. */
async function listInParts(path: string, ask: Ask): Promise<string[] | null> {
  const parts: Buffer[] = [];
  let offset = 0;
  let first: string | undefined;
  while (offset < maxNames) {
    const answer = await ask(MessageType.DIRECTORY_PART, Buffer.concat([place(path), words(String(offset))]));
    const end = answer.indexOf(0);
    if (end <= 0) throw new StoreError("EIO");
    const generation = answer.toString("latin1", 0, end);
    first ??= generation;
    if (generation !== first) return null;
    const part = answer.subarray(end + 1);
    // The last part ends with an empty name.
    const isLast = part.length < 2 || (part.at(-1) === 0 && part.at(-2) === 0);
    parts.push(isLast ? part.subarray(0, Math.max(0, part.length - 1)) : part);
    if (isLast) return wordsOf(Buffer.concat(parts));
    offset += part.length;
  }
  throw new StoreError("EIO");
}

async function doing<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(what, error);
  }
}

/** The same, where what is not there is an answer. */
async function orWithout<T>(nothing: T, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError && error.code === "ENOENT") return nothing;
    throw failed(what, error);
  }
}

/** An error of the daemon's as libvirt's; others stay. */
export function failed(what: string, error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const number = (constants.errno as Readonly<Record<string, number | undefined>>)[error.code];
  return new LibvirtError("OPERATION_FAILED", "XENSTORE", `the Xen Store does not ${what}: ${error.code}`, {
    cause: error,
    ...(number === undefined ? {} : { int1: number }),
  });
}
