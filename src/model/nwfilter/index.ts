/** Network filters: reading, completing, checking, printing. */
export * from "./filter.ts";
export { protocols } from "./protocols.ts";
export { type FilterValue, parseVariable, type VariableUse } from "./values.ts";
