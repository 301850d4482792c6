/** Kind of the value of a typed parameter. */
export const TypedParameterType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
  STRING: 7,
} as const;
export type TypedParameterType = (typeof TypedParameterType)[keyof typeof TypedParameterType];

/** Flag of the functions that return typed parameters: the caller understands strings among them. */
export const TypedParameterFlags = {
  STRING_OKAY: 4,
} as const;
export type TypedParameterFlags = (typeof TypedParameterFlags)[keyof typeof TypedParameterFlags];

/** Bytes of a typed parameter's name in C, with its closing NUL. */
export const TYPED_PARAM_FIELD_LENGTH = 80;
