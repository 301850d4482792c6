/** How the arguments and the result of a C function meet the fields of its procedure: by name, then by order. */
import type { Declared, DeclaredFunction } from "../../src/protocol/c/header.ts";
import type { AnyProcedure } from "../../src/protocol/index.ts";
import type { Type } from "../../src/protocol/xdr/index.ts";
import { fills, isInteger, isObject, isStructure, returned, takes } from "./fit.ts";
import { fixedWiring } from "./special.ts";

/** What an argument of C is for. */
export interface WiredArgument extends Declared {
  readonly direction: "in" | "out" | "inout";
  /** The field of the procedure's arguments it fills; null for one that C alone needs, like the length of an array. */
  readonly sends: string | null;
  /** The field of the procedure's result it takes; `*` for all of them, as fields of a structure. */
  readonly takes: string | null;
  /** What C alone needs it for. */
  readonly role: "value" | "length" | "stream" | "callback" | "opaque" | "descriptors";
}

/** A function with its procedure. */
export interface Wiring {
  readonly arguments: readonly WiredArgument[];
  /** The field of the result that the function returns; null when it says whether it worked, or how many there are. */
  readonly returns: string | null;
  /** What stands in fields of the procedure's arguments that no argument of C fills. */
  readonly constants: Readonly<Record<string, number>>;
}

/** Fields of arguments that ask for what C asks for by pointers that are not null. */
const asking = new Set(["needResults", "needMap", "needOnline"]);
/** Fields of results that count what stands in another field. */
const counting = new Set(["ret", "nparams", "nerrors", "num", "noutputs", "nfilters"]);
/** Functions that hand arrays in; others are handed them. */
const giving = /Set|Save|Restore|BlockCopy|Alloc|Baseline|ListGetStats|FSFreeze|FSThaw|FreePages|SendKey/;

type Known = Map<string, Partial<WiredArgument>>;
type Field = readonly [name: string, type: Type];

const plain = (name: string): string => name.replace(/_/g, "").toLowerCase();
/** Whether C and the wire mean the same by their names: `need_results`, `needResults`. */
const same = (a: string, b: string): boolean => plain(a) === plain(b);

/** How a function is done by a procedure. @throws {Error} that names the function and the field that nothing meets */
export function wire(declared: DeclaredFunction, procedure: AnyProcedure): Wiring {
  const fixed = fixedWiring[declared.name] ?? {};
  const known: Known = new Map();
  for (const { name, type } of declared.arguments) {
    if (type === "virStreamPtr") known.set(name, { role: "stream" });
    if (/(Callback|Func)$/.test(type)) known.set(name, { role: "callback" });
    if (name === "opaque") known.set(name, { role: "opaque", direction: "in" });
  }
  for (const [name, facts] of Object.entries(fixed.arguments ?? {})) known.set(name, facts);
  const constants: Record<string, number> = { ...fixed.constants };
  send(declared, procedure, known, constants);
  const returns = receive(declared, procedure, known, fixed.returns);
  const wired = declared.arguments.map((argument, at) => finish(declared, argument, known, declared.arguments[at - 1]));
  return { arguments: wired, returns, constants };
}

/** The fields of a structure that nothing is known to meet. */
function openFields({ shape }: Type, met: ReadonlySet<string | null | undefined>): Field[] {
  if (shape.kind !== "struct" || met.has("*")) return [];
  return Object.entries(shape.fields).filter(([field]) => !met.has(field));
}

/** Finds an argument for each field that is sent. */
function send(
  declared: DeclaredFunction,
  { name: procedure, args }: AnyProcedure,
  known: Known,
  constants: Record<string, number>,
): void {
  const usable = ({ name, type }: Declared, [field, shape]: Field): boolean => {
    if (known.has(name) || !fills(type, shape)) return false;
    return shape.shape.kind !== "array" || giving.test(declared.name) || same(name, field);
  };
  const met = new Set([...[...known.values()].map(({ sends }) => sends), ...Object.keys(constants)]);
  const unnamed = openFields(args, met).filter((field) => {
    const named = declared.arguments.find((one) => same(one.name, field[0]) && usable(one, field));
    if (named) known.set(named.name, { direction: "in", sends: field[0] });
    return !named;
  });
  for (const field of unnamed) {
    const [name] = field;
    // How many there is room for stands where C then says how many there are.
    const room = declared.arguments.find((one) => !known.has(one.name) && one.type === "int *" && same(one.name, name));
    const next = declared.arguments.find((one) => usable(one, field));
    if (asking.has(name)) constants[name] = 1;
    else if (room) known.set(room.name, { direction: "inout", sends: name, role: "length" });
    else if (next) known.set(next.name, { direction: "in", sends: name });
    else throw new Error(`${declared.name}: nothing fills ${name} of ${procedure}`);
  }
}

/** Finds an argument for each field that comes back; gives the one that the function returns. */
function receive(
  declared: DeclaredFunction,
  { name: procedure, result }: AnyProcedure,
  known: Known,
  fixed: string | null | undefined,
): string | null {
  const free = (): Declared[] => declared.arguments.filter(({ name }) => !known.has(name));
  const open = openFields(result, new Set([fixed, ...[...known.values()].map((facts) => facts.takes)]));
  const structure = free().find(({ type }) => isStructure(type));
  if (structure && open.length > 1 && open.every(([, { shape }]) => shape.kind !== "array")) {
    known.set(structure.name, { direction: "out", takes: "*" });
    return null;
  }
  const unnamed = open.filter(([field, shape]) => {
    const named = free().find(({ name, type }) => same(name, field) && takes(type, shape));
    if (named) known.set(named.name, { direction: "out", takes: field });
    return !named;
  });
  const isCounted = [...known.values()].some(({ role, direction }) => role === "length" && direction === "inout");
  let returns = fixed;
  for (const [field, shape] of unnamed) {
    if (counting.has(field) && isCounted) continue;
    const next = free().find(({ type }) => takes(type, shape));
    if (returns === undefined && returned(declared.returns, shape)) returns = field;
    else if (next) known.set(next.name, { direction: "out", takes: field });
    else if (!counting.has(field)) throw new Error(`${declared.name}: nothing takes ${field} of ${procedure}`);
  }
  return returns ?? null;
}

/** What is known of an argument, and what follows for one that no field stands for. */
function finish(
  declared: DeclaredFunction,
  argument: Declared,
  known: Known,
  before: Declared | undefined,
): WiredArgument {
  const { name, type } = argument;
  const isLength = before !== undefined && /\*|Ptr$/.test(before.type) && isInteger(type);
  const facts = known.get(name) ?? (isLength || /^n[a-z]+s$/.test(name) ? { role: "length" as const } : undefined);
  if (facts === undefined && !isObject(type)) throw new Error(`${declared.name}: nobody knows what ${name} is for`);
  return {
    ...argument,
    direction: facts?.direction ?? (/ \*$/.test(type) && !/^const /.test(type) ? "out" : "in"),
    sends: facts?.sends ?? null,
    takes: facts?.takes ?? null,
    role: facts?.role ?? "value",
  };
}
