/**
 * A connection's event registrations: their numbers, which stay the same for the consumer when the connection is made
 * anew, and what to register again.
 */

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

function fieldsOf({ shape }: AnyProcedure["args"]): readonly string[] {
  return shape.kind === "struct" ? Object.keys(shape.fields) : [];
}

/** Whether a procedure answers with the number of a registration. */
function registers(procedure: AnyProcedure): boolean {
  return fieldsOf(procedure.result).join() === "callbackID";
}

/** Whether a procedure ends a registration by its number. */
function deregisters(procedure: AnyProcedure): boolean {
  return fieldsOf(procedure.args).join() === "callbackID";
}

function named(fits: (procedure: AnyProcedure) => boolean): ReadonlySet<ProcedureName> {
  const names = Object.keys(procedures) as ProcedureName[];
  return new Set(names.filter((name) => fits(procedures[name])));
}

/** The procedures that register for events. */
export const registering = named(registers);
/** The procedures that end registrations. */
export const deregistering = named(deregisters);

interface Registration {
  readonly name: ProcedureName;
  readonly args: ArgsOf<ProcedureName>;
  /** The number that the consumer knows. */
  readonly id: number;
  /** The number that the daemon knows. */
  serverId: number;
}

/** The registrations of one kind of object: a daemon counts those of each kind for itself. */
class Book {
  readonly byId = new Map<number, Registration>();
  readonly byServerId = new Map<number, Registration>();
  /** The highest number that the consumer was ever told. */
  highest = -1;
  /** What is added to the numbers that the daemon gives now. */
  base = 0;
}

/** Registers again, and gives the daemon's number. */
export type Register = (name: ProcedureName, args: ArgsOf<ProcedureName>) => Promise<number>;

export class Registrations {
  readonly #books = new Map<Family, Book>();

  /** Remembers a registration and gives the number for the consumer. */
  add(name: ProcedureName, args: ArgsOf<ProcedureName>, serverId: number): number {
    const book = this.#book(procedures[name].family);
    const registration = { name, args, id: book.base + serverId, serverId };
    book.byId.set(registration.id, registration);
    book.byServerId.set(serverId, registration);
    book.highest = Math.max(book.highest, registration.id);
    return registration.id;
  }

  /** Forgets a registration and gives the daemon's number. */
  remove(name: ProcedureName, id: number): number {
    const book = this.#book(procedures[name].family);
    const registration = book.byId.get(id);
    if (!registration) return id;
    book.byId.delete(id);
    book.byServerId.delete(registration.serverId);
    return registration.serverId;
  }

  /** An event with the number that the consumer knows, which may not have been told yet. */
  translate(name: EventName, message: unknown): unknown {
    const { family, hasCallbackID }: AnyEvent = events[name];
    const book = hasCallbackID ? this.#books.get(family) : undefined;
    if (!book) return message;
    const { callbackID } = message as { readonly callbackID: number };
    const id = book.byServerId.get(callbackID)?.id ?? book.base + callbackID;
    return id === callbackID ? message : { ...(message as object), callbackID: id };
  }

  /** Makes all registrations on a new connection. What cannot be registered any more is forgotten. */
  async restore(register: Register): Promise<void> {
    for (const book of this.#books.values()) {
      book.byServerId.clear();
      book.base = book.highest + 1;
    }
    const all = [...this.#books.values()].flatMap((book) => [...book.byId.values()].map((held) => ({ book, held })));
    const outcomes = await Promise.allSettled(
      all.map(async ({ book, held }) => {
        held.serverId = await register(held.name, held.args);
        book.byServerId.set(held.serverId, held);
      }),
    );
    for (const [index, { status }] of outcomes.entries()) {
      const entry = all[index];
      if (status === "rejected" && entry) entry.book.byId.delete(entry.held.id);
    }
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
