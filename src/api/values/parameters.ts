/** Typed parameters as plain objects: `{ cpu_shares: 1024n, vcpu_quota: -1n }`. */
import { LibvirtError } from "../../errors.ts";
import {
  parameterTypes,
  type TypedParameter,
  TypedParameterType,
  type TypedParameterValue,
} from "../../protocol/index.ts";
import { signed, unsigned } from "./integer.ts";

/** The value of a parameter: number for 32-bit integers and fractions, bigint for 64-bit integers. */
export type ParameterValue = number | bigint | boolean | string;

/** Named values as a method returns them. Of a name that comes more than once, the last value. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Named values as a method takes them. A list gives the parameter once for each of its strings; undefined, not. */
export type ParametersInput = Readonly<Record<string, ParameterValue | readonly string[] | undefined>>;

/** Plain values of typed parameters. */
export function fromParameters(parameters: readonly TypedParameter[]): Record<string, ParameterValue> {
  return Object.fromEntries(parameters.map(({ field, value }) => [field, value.value]));
}

/** Typed parameters of plain values. @throws {LibvirtError} INVALID_ARG for a value that its type cannot hold */
export function toParameters(values: ParametersInput): TypedParameter[] {
  return Object.entries(values).flatMap(([field, given]) => {
    if (given === undefined) return [];
    const list = Array.isArray(given) ? (given as readonly string[]) : [given as ParameterValue];
    return list.map((value) => ({ field, value: typed(field, value) }));
  });
}

function typed(field: string, value: ParameterValue): TypedParameterValue {
  const type = parameterTypes.get(field) ?? suggested(value);
  const wrong = () => new LibvirtError("INVALID_ARG", "NONE", `parameter '${field}' cannot be ${String(value)}`);
  switch (type) {
    case TypedParameterType.STRING:
      return { type, value: String(value) };
    case TypedParameterType.BOOLEAN:
      return { type, value: Boolean(value) };
  }
  if (typeof value === "string" || typeof value === "boolean") throw wrong();
  switch (type) {
    case TypedParameterType.LLONG:
      return { type, value: signed(value) };
    case TypedParameterType.ULLONG:
      return { type, value: unsigned(value) };
    case TypedParameterType.DOUBLE:
      return { type, value: Number(value) };
  }
  const number = Number(value);
  const [min, max] = type === TypedParameterType.INT ? [-0x8000_0000, 0x7fff_ffff] : [0, 0xffff_ffff];
  if (!Number.isInteger(number) || number < min || number > max) throw wrong();
  return { type, value: number };
}

function suggested(value: ParameterValue): TypedParameterType {
  switch (typeof value) {
    case "string":
      return TypedParameterType.STRING;
    case "boolean":
      return TypedParameterType.BOOLEAN;
    case "bigint":
      return value < 0n ? TypedParameterType.LLONG : TypedParameterType.ULLONG;
  }
  if (!Number.isInteger(value)) return TypedParameterType.DOUBLE;
  return value < 0 ? TypedParameterType.INT : TypedParameterType.UINT;
}
