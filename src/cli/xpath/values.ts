/** XPath's conversions and comparisons. */
import { type Node, stringOf, type Value } from "./nodes.ts";

export function isNodes(value: Value): value is readonly Node[] {
  return Array.isArray(value);
}

export function toText(value: Value): string {
  if (!isNodes(value)) return String(value);
  const [first] = value;
  return first === undefined ? "" : stringOf(first);
}

export function toNumber(value: Value): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = toText(value).trim();
  return typeof value === "number" ? value : /^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/.test(text) ? Number(text) : Number.NaN;
}

export function toBoolean(value: Value): boolean {
  if (isNodes(value)) return value.length > 0;
  return typeof value === "number" ? value !== 0 && !Number.isNaN(value) : value !== "" && value !== false;
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A comparison with a node set holds when it holds for one of its nodes. */
export function compare(operator: Comparison, left: Value, right: Value): boolean {
  if (isNodes(left)) return left.some((node) => compare(operator, stringOf(node), right));
  if (isNodes(right)) return right.some((node) => compare(operator, left, stringOf(node)));
  if (operator === "=" || operator === "!=") return sameAtom(left, right) === (operator === "=");
  const [a, b] = [toNumber(left), toNumber(right)];
  return operator === "<" ? a < b : operator === "<=" ? a <= b : operator === ">" ? a > b : a >= b;
}

function sameAtom(left: Value, right: Value): boolean {
  if (typeof left === "boolean" || typeof right === "boolean") return toBoolean(left) === toBoolean(right);
  if (typeof left === "number" || typeof right === "number") return toNumber(left) === toNumber(right);
  return left === right;
}
