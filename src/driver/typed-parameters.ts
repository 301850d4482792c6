/** Typed parameters: lists of named values as the wire carries them, built from and read into plain objects. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { type TypedParameter, TypedParameterType, type TypedParameterValue } from "../protocol/index.ts";

/** Clients set this flag when they take string parameters (VIR_TYPED_PARAM_STRING_OKAY). */
export const typedParamStrings = 4;

export function intParam(field: string, value: number): TypedParameter {
  return { field, value: { type: TypedParameterType.INT, value } };
}

export function uintParam(field: string, value: number): TypedParameter {
  return { field, value: { type: TypedParameterType.UINT, value } };
}

export function llongParam(field: string, value: bigint): TypedParameter {
  return { field, value: { type: TypedParameterType.LLONG, value } };
}

export function ullongParam(field: string, value: bigint): TypedParameter {
  return { field, value: { type: TypedParameterType.ULLONG, value } };
}

export function boolParam(field: string, value: boolean): TypedParameter {
  return { field, value: { type: TypedParameterType.BOOLEAN, value } };
}

export function stringParam(field: string, value: string): TypedParameter {
  return { field, value: { type: TypedParameterType.STRING, value } };
}

/**
 * The answer to a procedure that first asks how many parameters there are (`nparams` 0) and then for so many of them.
 */
export function countedParams(
  params: readonly TypedParameter[],
  nparams: number,
): { params: TypedParameter[]; nparams: number } {
  if (nparams === 0) return { params: [], nparams: params.length };
  const given = params.slice(0, nparams);
  return { params: given, nparams: given.length };
}

/** The name of a type in messages, as libvirt calls it. */
const typeNames = ["unknown", "int", "uint", "llong", "ullong", "double", "boolean", "string"];

/** Which parameters a procedure takes, and their types. */
export type ParameterTypes = Readonly<Record<string, TypedParameterType>>;

/**
 * Reads parameters that a client gave by what the procedure takes: an unknown name is ARGUMENT_UNSUPPORTED, a wrong type
 * or a name given twice INVALID_ARG.
 */
export function takeParams(
  params: readonly TypedParameter[],
  types: ParameterTypes,
  domain: ErrorDomainName,
): ReadonlyMap<string, TypedParameterValue["value"]> {
  const taken = new Map<string, TypedParameterValue["value"]>();
  for (const { field, value } of params) {
    const type = Object.hasOwn(types, field) ? types[field] : undefined;
    if (type === undefined)
      throw new LibvirtError("ARGUMENT_UNSUPPORTED", domain, `parameter '${field}' not supported`);
    if (value.type !== type) {
      const detail = `invalid type '${typeNames[value.type]}' for parameter '${field}', expected '${typeNames[type]}'`;
      throw new LibvirtError("INVALID_ARG", domain, detail);
    }
    if (taken.has(field)) {
      throw new LibvirtError("INVALID_ARG", domain, `parameter '${field}' occurs multiple times`);
    }
    taken.set(field, value.value);
  }
  return taken;
}
