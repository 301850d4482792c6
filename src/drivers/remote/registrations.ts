/**
 * A connection's event registrations. A daemon takes each one once; whoever else wants the same events shares it. The
 * numbers that consumers know are this side's own, and stay the same when the connection is made anew.
 */
import { LibvirtError } from "../../errors.ts";
import type { AnyEvent } from "../../protocol/event.ts";
import {
  type ArgsOf,
  type EventName,
  events,
  type Family,
  type ProcedureName,
  procedures,
} from "../../protocol/index.ts";
import type { AnyProcedure } from "../../protocol/procedure.ts";

function fieldsOf({ shape }: AnyProcedure["args"]): string {
  return shape.kind === "struct" ? Object.keys(shape.fields).join() : "";
}

function named(fits: (procedure: AnyProcedure) => boolean): ReadonlySet<ProcedureName> {
  const names = Object.keys(procedures) as ProcedureName[];
  return new Set(names.filter((name) => fits(procedures[name])));
}

/** The procedures that register for events: they answer with the number of the registration. */
export const registering = named(({ result }) => fieldsOf(result) === "callbackID");
/** The procedures that end registrations: they take that number. */
export const deregistering = named(({ args }) => fieldsOf(args) === "callbackID");

/** The procedure that ends what another one registers. */
export function endOf(name: ProcedureName): ProcedureName {
  return name.replace("Register", "Deregister") as ProcedureName;
}

/** Calls a registering procedure, and gives the daemon's number. */
export type Register = (name: ProcedureName, args: ArgsOf<ProcedureName>) => Promise<number>;
/** Calls the procedure that ends a registration. */
export type Deregister = (name: ProcedureName, serverId: number) => Promise<void>;

/** One registration at the daemon. */
interface Share {
  readonly name: ProcedureName;
  readonly args: ArgsOf<ProcedureName>;
  readonly consumers: Set<number>;
  serverId: number | null;
  /** Whether the daemon has ever taken it: one that it has not may still wait for a connection. */
  taken: boolean;
  /** Settles when the daemon has answered. */
  ready: Promise<void>;
  /** Settles when the daemon has forgotten it. */
  ending: Promise<void> | null;
}

interface Early {
  readonly name: EventName;
  readonly message: Numbered;
}

interface Numbered {
  readonly callbackID: number;
}

/** The registrations of one kind of object: a daemon counts those of each kind for itself. */
class Book {
  readonly byServerId = new Map<number, Share>();
  readonly byConsumer = new Map<number, Share>();
  /** How many answers are awaited, after which the daemon's number for a registration is known. */
  pending = 0;
  /** Events that came before the answer with their number. */
  early: Early[] = [];
}

export class Registrations {
  readonly #emit: (name: EventName, message: unknown) => void;
  readonly #books = new Map<Family, Book>();
  readonly #shares = new Map<string, Share>();
  #nextId = 0;

  /** @param emit takes the events, with the numbers that consumers know. */
  constructor(emit: (name: EventName, message: unknown) => void) {
    this.#emit = emit;
  }

  /** Adds a consumer; the daemon is told when there is no other with the same wishes. Gives the consumer's number. */
  async add(name: ProcedureName, args: ArgsOf<ProcedureName>, register: Register): Promise<number> {
    const key = keyOf(name, args);
    let share = this.#shares.get(key);
    while (share?.ending) {
      await share.ending.catch(() => {});
      share = this.#shares.get(key);
    }
    share ??= this.#begin(key, name, args, register);
    const id = this.#nextId++;
    share.consumers.add(id);
    await share.ready;
    this.#book(procedures[name].family).byConsumer.set(id, share);
    return id;
  }

  /** Takes a consumer away; the daemon is told when it was the last. @throws {LibvirtError} INVALID_ARG */
  async remove(name: ProcedureName, id: number, deregister: Deregister): Promise<void> {
    const book = this.#book(procedures[name].family);
    const share = book.byConsumer.get(id);
    if (!share) throw new LibvirtError("INVALID_ARG", "NONE", `event callback id ${id} not registered`);
    book.byConsumer.delete(id);
    share.consumers.delete(id);
    if (share.consumers.size > 0) return;
    const { serverId } = share;
    if (serverId !== null) book.byServerId.delete(serverId);
    share.ending = serverId === null ? Promise.resolve() : deregister(name, serverId);
    try {
      await share.ending;
    } finally {
      this.#shares.delete(keyOf(share.name, share.args));
    }
  }

  /** Delivers an event of the daemon to its consumers. */
  deliver(name: EventName, message: unknown): void {
    const { family, hasCallbackID }: AnyEvent = events[name];
    if (!hasCallbackID) {
      this.#emit(name, message);
      return;
    }
    const book = this.#book(family);
    const numbered = message as Numbered;
    const share = book.byServerId.get(numbered.callbackID);
    if (share) this.#deliverTo(share, name, numbered);
    else if (book.pending > 0) book.early.push({ name, message: numbered });
  }

  /** Makes all registrations on a new connection. What cannot be registered any more is left out. */
  async restore(register: Register): Promise<void> {
    for (const book of this.#books.values()) book.byServerId.clear();
    await Promise.all(
      [...this.#shares.values()].map(async (share) => {
        if (!share.taken) return;
        share.serverId = null;
        share.ready = this.#ask(share, register);
        await share.ready.catch(() => {});
      }),
    );
  }

  #begin(key: string, name: ProcedureName, args: ArgsOf<ProcedureName>, register: Register): Share {
    const share: Share = {
      name,
      args,
      consumers: new Set(),
      serverId: null,
      taken: false,
      ready: Promise.resolve(),
      ending: null,
    };
    this.#shares.set(key, share);
    share.ready = this.#ask(share, register).catch((error: unknown) => {
      this.#shares.delete(key);
      throw error;
    });
    return share;
  }

  async #ask(share: Share, register: Register): Promise<void> {
    const book = this.#book(procedures[share.name].family);
    book.pending++;
    try {
      const serverId = await register(share.name, share.args);
      share.serverId = serverId;
      share.taken = true;
      book.byServerId.set(serverId, share);
      for (const { name, message } of book.early) {
        if (message.callbackID === serverId) this.#deliverTo(share, name, message);
      }
      book.early = book.early.filter(({ message }) => message.callbackID !== serverId);
    } finally {
      book.pending--;
      if (book.pending === 0) book.early = [];
    }
  }

  #deliverTo(share: Share, name: EventName, message: Numbered): void {
    for (const callbackID of share.consumers) this.#emit(name, { ...message, callbackID });
  }

  #book(family: Family): Book {
    let book = this.#books.get(family);
    if (!book) {
      book = new Book();
      this.#books.set(family, book);
    }
    return book;
  }
}

/** What a daemon takes for the same registration: its domain's id, for one, may have changed. */
function keyOf(name: ProcedureName, args: ArgsOf<ProcedureName>): string {
  const plain = (field: string, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
    return field === "id" ? undefined : value;
  };
  return `${name} ${JSON.stringify(args, plain)}`;
}
