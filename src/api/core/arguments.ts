/**
 * Arguments by the API's description, before a driver sees them: what the wire could not carry is refused here, so that a
 * program behaves alike in process and over a socket.
 */
import { errorDomains } from "../../driver/error-domains.ts";
import type { LibvirtError } from "../../errors.ts";
import {
  type AnyProcedure,
  type ArgsOf,
  type ProcedureName,
  procedures,
  type TypedParameter,
  typedParameter,
} from "../../protocol/index.ts";
import type { Type } from "../../protocol/xdr/index.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";
import { type Integer, signed, unsigned } from "../values/integer.ts";
import { type ParametersInput, toParameters } from "../values/parameters.ts";
import { type Broken, brokenRule } from "./limits.ts";

/**
 * What methods pass on: numbers where the wire has 64-bit integers, plain objects where it has typed parameters; the rest
 * as on the wire.
 */
export type Arguments<Name extends ProcedureName> = {
  readonly [Field in keyof ArgsOf<Name>]: Loose<ArgsOf<Name>[Field]>;
};

type Loose<Value> = Value extends bigint
  ? Integer
  : Value extends readonly bigint[]
    ? readonly Integer[]
    : Value extends readonly TypedParameter[]
      ? ParametersInput | Value
      : Value;

/** What an argument must be and is not. */
class Fault {
  readonly must: string;

  constructor(must: string) {
    this.must = must;
  }
}

/** Makes an argument what the wire carries. @throws {Fault} @throws {LibvirtError} */
type Taker = (value: unknown) => unknown;

function given<T>(value: unknown, isRight: (value: unknown) => value is T, what: string): T {
  if (isRight(value)) return value;
  throw new Fault(value === null || value === undefined ? "not be NULL" : `be ${what}`);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function whole(min: number, max: number): Taker {
  return (value) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new Fault(`be a whole number from ${min} to ${max}`);
  };
}

function text(max: number): Taker {
  return (value) => {
    const string = given(value, isText, "a string");
    if (string.includes("\0")) throw new Fault("not hold a zero byte");
    if (string.length > max / 4 && Buffer.byteLength(string) > max) throw new Fault(`not exceed ${max} bytes`);
    return string;
  };
}

function bytes(max: number): Taker {
  return (value) => {
    const array = given(value, isBytes, "a Uint8Array");
    if (array.length > max) throw new Fault(`not exceed ${max} bytes`);
    return array;
  };
}

function list(of: Taker | null, max: number): Taker {
  return (value) => {
    const array = given(value, isList, "an array");
    if (array.length > max) throw new Fault(`not have more than ${max} members`);
    return of ? array.map(of) : array;
  };
}

function parameters(max: number): Taker {
  const take = list(null, max);
  return (value) => take(Array.isArray(value) || !value ? value : toParameters(value as ParametersInput));
}

/** What takes an argument of a type; null where there is nothing that a TypeScript program can get wrong. */
function takerOf(type: Type): Taker | null {
  const { shape } = type;
  switch (shape.kind) {
    case "int":
      return whole(-0x8000_0000, 0x7fff_ffff);
    case "uint":
      return whole(0, 0xffff_ffff);
    case "hyper":
      return (value) => signed(value as Integer);
    case "uhyper":
      return (value) => unsigned(value as Integer);
    case "string":
      return text(shape.max);
    case "opaque":
      return bytes(shape.max);
    case "array":
      return shape.of === typedParameter ? parameters(shape.max) : list(takerOf(shape.of), shape.max);
    case "optional": {
      const inner = takerOf(shape.of);
      return inner && ((value) => (value === null ? null : inner(value)));
    }
    default:
      return null;
  }
}

type Takers = readonly (readonly [field: string, take: Taker])[];

const takers = new Map<ProcedureName, Takers>();

function takersOf(name: ProcedureName): Takers {
  const known = takers.get(name);
  if (known) return known;
  const { shape } = (procedures[name] as AnyProcedure).args;
  const fields = shape.kind === "struct" ? Object.entries(shape.fields) : [];
  const made = fields.flatMap(([field, type]) => {
    const take = takerOf(type);
    return take ? [[field, take] as const] : [];
  });
  takers.set(name, made);
  return made;
}

/** Arguments as the procedure's description has them. @throws {LibvirtError} INVALID_ARG, OVERFLOW */
export function wireArguments<Name extends ProcedureName>(name: Name, args: Arguments<Name>): ArgsOf<Name> {
  const wire: Record<string, unknown> = { ...args };
  for (const [field, take] of takersOf(name)) {
    try {
      wire[field] = take(wire[field]);
    } catch (error) {
      throw error instanceof Fault ? refusal(name, { argument: field, must: error.must }) : error;
    }
  }
  const broken = brokenRule(name, wire as ArgsOf<Name>);
  if (broken) throw refusal(name, broken);
  return wire as ArgsOf<Name>;
}

function refusal(name: ProcedureName, { argument, must, message }: Broken): LibvirtError {
  const { cFunction, family } = procedures[name] as AnyProcedure;
  const domain = errorDomains[family];
  const what = must === "not be empty" ? `string ${argument}` : argument;
  return invalidArgument({ domain, cFunction, argument, message: message ?? `${what} in ${cFunction} must ${must}` });
}
