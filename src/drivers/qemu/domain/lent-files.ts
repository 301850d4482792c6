/** Open files that clients lend to domains: a disk's source names them by their group, and its path means nothing then. */
import { closeSync } from "node:fs";
import type { Session } from "../../../driver/session.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Native } from "../../../host/native/index.ts";

/** How many groups one connection may lend. */
const maxGroups = 256;

interface Group {
  readonly lender: Session;
  readonly native: Native;
  readonly descriptors: readonly number[];
}

/** Files of the groups that a start uses, its own as long as it needs them. */
export interface BorrowedFiles {
  /** By the names of their groups. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  release(): void;
}

export class LentFiles {
  /** By the domain's UUID, then by their names. */
  readonly #groups = new Map<string, Map<string, Group>>();
  readonly #lenders = new WeakSet<Session>();

  /** Keeps files for a domain as long as the connection is open; they replace those of the same name. */
  lend(lender: Session, native: Native, uuid: string, name: string, given: readonly number[]): void {
    const groups = this.#groups.get(uuid) ?? new Map<string, Group>();
    const former = groups.get(name);
    if (former?.lender !== lender && this.#countOf(lender) >= maxGroups) {
      throw new LibvirtError(
        "OPERATION_INVALID",
        "QEMU",
        `a connection may associate ${maxGroups} groups of file descriptors`,
      );
    }
    const descriptors = duplicates(native, given);
    if (former) closeAll(former.descriptors);
    this.#groups.set(uuid, groups.set(name, { lender, native, descriptors }));
    if (this.#lenders.has(lender)) return;
    this.#lenders.add(lender);
    lender.onClose(() => this.#takeBack(lender));
  }

  /** @throws {LibvirtError} INVALID_ARG when nobody has lent one of the groups */
  borrow(uuid: string, names: Iterable<string>): BorrowedFiles {
    const groups = new Map<string, readonly number[]>();
    const release = (): void => closeAll([...groups.values()].flat());
    try {
      for (const name of new Set(names)) {
        const lent = this.#groups.get(uuid)?.get(name);
        if (lent === undefined) throw notLent(name);
        groups.set(name, duplicates(lent.native, lent.descriptors));
      }
    } catch (error) {
      release();
      throw error;
    }
    return { groups, release };
  }

  #countOf(lender: Session): number {
    return [...this.#groups.values()].flatMap((groups) =>
      [...groups.values()].filter((group) => group.lender === lender),
    ).length;
  }

  #takeBack(lender: Session): void {
    for (const [uuid, groups] of this.#groups) {
      for (const [name, group] of groups) {
        if (group.lender !== lender) continue;
        groups.delete(name);
        closeAll(group.descriptors);
      }
      if (groups.size === 0) this.#groups.delete(uuid);
    }
  }
}

export function notLent(name: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", `file descriptor group '${name}' was not associated with the domain`);
}

function duplicates(native: Native, descriptors: readonly number[]): number[] {
  const own: number[] = [];
  try {
    for (const descriptor of descriptors) own.push(native.duplicate(descriptor));
  } catch (error) {
    closeAll(own);
    throw error;
  }
  return own;
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
