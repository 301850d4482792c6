/** S-expressions, xend's language: words, and lists of them in brackets. */
import { LibvirtError } from "../../../errors.ts";

export type Sexpr = string | readonly Sexpr[];

/** The longest text, in characters; the deepest nesting; the most words and lists. */
const limits = { length: 16 * 1024 * 1024, depth: 64, nodes: 500_000 } as const;

const token = /\s*(?:([()])|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([^\s()"']+))/y;

/**
 * Reads one expression.
 * @throws {LibvirtError} SEXPR_SERIAL with the line where it is wrong
 */
export function parseSexpr(text: string): Sexpr {
  if (text.length > limits.length) throw wrong(text, 0, `it is longer than ${limits.length} characters`);
  const open: Sexpr[][] = [[]];
  let nodes = 0;
  token.lastIndex = 0;
  for (;;) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) {
      if (text.slice(at).trim() !== "") throw wrong(text, at, "a string does not end");
      break;
    }
    if (++nodes > limits.nodes) throw wrong(text, at, `there are more than ${limits.nodes} words`);
    const [, bracket, double, single, plain] = found;
    if (bracket === "(") {
      if (open.length > limits.depth) throw wrong(text, at, "lists are nested too deep");
      open.push([]);
    } else if (bracket === ")") {
      const closed = open.pop() ?? [];
      const outer = open.at(-1);
      if (outer === undefined) throw wrong(text, at, "there is a bracket too many");
      outer.push(closed);
    } else open.at(-1)?.push(plain ?? (double ?? single ?? "").replace(/\\([\s\S])/g, "$1"));
  }
  const [all = []] = open;
  if (open.length > 1) throw wrong(text, text.length, "a bracket is not closed");
  if (all.length !== 1) throw wrong(text, 0, "one expression is expected");
  return all[0] ?? [];
}

function wrong(text: string, at: number, detail: string): LibvirtError {
  const line = text.slice(0, at).split("\n").length;
  return new LibvirtError("SEXPR_SERIAL", "SEXPR", `line ${line}: ${detail}`);
}

/** Prints an expression in one line. */
export function formatSexpr(expression: Sexpr): string {
  if (typeof expression === "string") return word(expression);
  return `(${expression.map(formatSexpr).join(" ")})`;
}

function word(text: string): string {
  if (/^[^\s()"'\\]+$/.test(text)) return text;
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** The lists in a list that begin with a word. */
export function listsOf(expression: Sexpr | undefined, name: string): (readonly Sexpr[])[] {
  if (expression === undefined || typeof expression === "string") return [];
  return expression.filter((one): one is readonly Sexpr[] => typeof one !== "string" && one[0] === name);
}

/** What stands after a word, in the first list that begins with it: `(name value)`. */
export function wordAfter(expression: Sexpr | undefined, name: string): string | undefined {
  const [, value] = listsOf(expression, name)[0] ?? [];
  return typeof value === "string" ? value : undefined;
}
