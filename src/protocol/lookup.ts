/** Procedures and events by the numbers and names that peers use. */
import type { AnyEvent } from "./event.ts";
import type { AnyProcedure } from "./procedure.ts";
import { type Program, programs } from "./programs.ts";
import { events, procedures } from "./table.ts";

interface Numbered {
  readonly program: Program;
  readonly number: number;
}

/** Entries by the number of their program, then by their own. */
function byNumber<E extends Numbered>(entries: readonly E[]): ReadonlyMap<number, ReadonlyMap<number, E>> {
  const index = new Map<number, Map<number, E>>();
  for (const entry of entries) {
    const program = index.get(entry.program.number) ?? new Map<number, E>();
    index.set(entry.program.number, program.set(entry.number, entry));
  }
  return index;
}

const procedureIndex = byNumber<AnyProcedure>(Object.values(procedures));
const eventIndex = byNumber<AnyEvent>(Object.values(events));

/** The program with this number, as it stands in message headers. */
export function programByNumber(number: number): Program | undefined {
  return programs.find((program) => program.number === number);
}

/** The procedure that a message header means. */
export function procedureByNumber(program: number, number: number): AnyProcedure | undefined {
  return procedureIndex.get(program)?.get(number);
}

/** The event that a message header means. */
export function eventByNumber(program: number, number: number): AnyEvent | undefined {
  return eventIndex.get(program)?.get(number);
}

/** The procedure with this name, which may come from anywhere. */
export function procedureByName(name: string): AnyProcedure | undefined {
  return Object.hasOwn(procedures, name) ? procedures[name as keyof typeof procedures] : undefined;
}
