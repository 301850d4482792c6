/** Snapshots and checkpoints of a domain: named moments, each with the one before it, one of them the current one. */
import { DomainSnapshotListFlags } from "../protocol/index.ts";

export interface Moment {
  readonly name: string;
  /** The name of the moment before it; null for a root. */
  parent: string | null;
}

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** Moments in the order in which they came. A parent that is not there (any more) makes a root. */
export class MomentTree<T extends Moment> implements Iterable<T> {
  #moments: ReadonlyMap<string, T> = none;
  /** The moment that the domain's state goes back to; the parent of the next one. */
  current: T | null = null;

  get size(): number {
    return this.#moments.size;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#moments.values();
  }

  get(name: string): T | undefined {
    return this.#moments.get(name);
  }

  /** Adds a moment, or puts it in the place of the one with its name. */
  set(moment: T): void {
    this.#writable.set(moment.name, moment);
  }

  /** Most trees stay empty, and have no map of their own. */
  get #writable(): Map<string, T> {
    if (this.#moments === none) this.#moments = new Map();
    return this.#moments as Map<string, T>;
  }

  parentOf(moment: T): T | undefined {
    return moment.parent === null ? undefined : this.#moments.get(moment.parent);
  }

  /** The moments right after `moment`, or the roots. */
  children(moment: T | null): T[] {
    return [...this].filter((candidate) => (this.parentOf(candidate) ?? null) === moment);
  }

  /** All moments after `moment`, or all there are: parents before their children. */
  descendants(moment: T | null): T[] {
    const found: T[] = [];
    const waiting = this.children(moment).reverse();
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      found.push(next);
      waiting.push(...this.children(next).reverse());
    }
    return found;
  }

  /** Whether making `parent` the parent of the moment called `name` would close a circle. */
  wouldCircle(name: string, parent: string): boolean {
    let step: string | null = parent;
    for (let count = 0; step !== null && count <= this.size; count++) {
      if (step === name) return true;
      step = this.#moments.get(step)?.parent ?? null;
    }
    return false;
  }

  /** Removes a moment; the ones after it become its parent's, which becomes the current one if it was. */
  remove(moment: T): void {
    const parent = this.parentOf(moment);
    for (const child of this.children(moment)) child.parent = parent?.name ?? null;
    this.#writable.delete(moment.name);
    if (this.current === moment) this.current = parent ?? null;
  }

  /**
   * The moments that the list flags ask for, as far as they ask for their place in the tree: all or the roots, or the
   * children or descendants of `from`; leaves or not; parents first.
   */
  list(from: T | null, flags: number): T[] {
    const { DESCENDANTS, TOPOLOGICAL, LEAVES, NO_LEAVES } = DomainSnapshotListFlags;
    // One bit, two meanings: for a whole domain it asks for the roots, for one moment for all that follow it.
    const deep = ((flags & DESCENDANTS) !== 0) === (from !== null);
    const all = from === null && deep && (flags & TOPOLOGICAL) === 0;
    const inPlace = all ? [...this] : deep ? this.descendants(from) : this.children(from);
    const leaves = flags & (LEAVES | NO_LEAVES);
    if (leaves === 0 || leaves === (LEAVES | NO_LEAVES)) return inPlace;
    return inPlace.filter((moment) => (this.children(moment).length === 0) === (leaves === LEAVES));
  }
}
