/** The objects of one kind that a driver holds, found by name and by UUID. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";

export interface NamedObject {
  readonly name: string;
  readonly uuid: Uint8Array;
}

/** A UUID as people write it: `6695eb01-f6a4-8304-79aa-97f2502e193f`. */
export function formatUuid(uuid: Uint8Array): string {
  return Buffer.from(uuid)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A UUID's 16 bytes, from any way of writing it that libvirt takes; null when it is none. */
export function parseUuid(text: string): Uint8Array | null {
  const digits = text.trim().replaceAll("-", "");
  return /^[0-9a-f]{32}$/i.test(digits) ? new Uint8Array(Buffer.from(digits, "hex")) : null;
}

/** The 16 bytes of a completed definition's UUID. @param domain whose error it is when it is none: INTERNAL_ERROR */
export function uuidOf({ uuid }: { readonly uuid: string }, domain: ErrorDomainName): Uint8Array {
  const bytes = parseUuid(uuid);
  if (bytes) return bytes;
  throw new LibvirtError("INTERNAL_ERROR", domain, `'${uuid}' is no UUID`);
}

function keyOf(uuid: Uint8Array): string {
  return Buffer.from(uuid).toString("hex");
}

/** What a definition may meet: see {@link ObjectList.counterpart}. */
export interface Uniqueness {
  /** The kind of object in messages: `domain`. */
  readonly what: string;
  readonly domain: ErrorDomainName;
}

/** Objects in the order in which they came. Names and UUIDs are unique. */
export class ObjectList<T extends NamedObject> implements Iterable<T> {
  readonly #byName = new Map<string, T>();
  readonly #byUuid = new Map<string, T>();

  get size(): number {
    return this.#byUuid.size;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#byUuid.values();
  }

  byName(name: string): T | undefined {
    return this.#byName.get(name);
  }

  byUuid(uuid: Uint8Array): T | undefined {
    return this.#byUuid.get(keyOf(uuid));
  }

  add(object: T): void {
    this.#byName.set(object.name, object);
    this.#byUuid.set(keyOf(object.uuid), object);
  }

  remove(object: T): void {
    this.#byName.delete(object.name);
    this.#byUuid.delete(keyOf(object.uuid));
  }

  /** Lets `change` give the object another name. */
  rename(object: T, change: () => void): void {
    this.#byName.delete(object.name);
    change();
    this.#byName.set(object.name, object);
  }

  /**
   * The object that a definition with this name and UUID is about, or undefined when it is a new one. A definition that
   * takes the name of one object and the UUID of another, or only one of both, is refused.
   */
  counterpart({ name, uuid }: NamedObject, { what, domain }: Uniqueness): T | undefined {
    const same = this.byUuid(uuid);
    if (same) {
      if (same.name === name) return same;
      const detail = `${what} '${same.name}' is already defined with uuid ${formatUuid(uuid)}`;
      throw new LibvirtError("OPERATION_FAILED", domain, detail);
    }
    const taken = this.byName(name);
    if (!taken) return undefined;
    const detail = `${what} '${name}' already exists with uuid ${formatUuid(taken.uuid)}`;
    throw new LibvirtError("OPERATION_FAILED", domain, detail);
  }
}
